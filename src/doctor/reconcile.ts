import { OUR_VARIABLES } from '../claude/variables.ts';
import type { ShellAssignment } from '../claude/layers.ts';
import type { TargetId } from '../targets/types.ts';
import type { BrokenBlock, HandWritten } from './observed.ts';

export interface Reconciled {
  /** What new terminals really have, each with the best known place. */
  readonly startup: readonly ShellAssignment[];
  /** Names that something after the block sets to another value. */
  readonly overruled: readonly HandWritten[];
  /** Set where new terminals lack what the block says. */
  readonly unreached: readonly BrokenBlock[];
}

/**
 * Lays what the real shell answered over what orcc's block says. Pure.
 * @param block what the block assigns, in its order; empty where its key is missing
 * @param asked the watched variables that a new shell has
 * @param hand assignments that the text of the start-up files shows
 */
export function reconcile(
  target: TargetId,
  block: readonly ShellAssignment[],
  asked: ReadonlyMap<string, string>,
  hand: readonly HandWritten[],
): Reconciled {
  const said = new Map(block.map((each) => [each.name, each]));
  const byHand = (name: string): HandWritten | undefined =>
    hand.findLast((each) => each.name === name && each.wins) ?? hand.findLast((each) => each.name === name);
  const startup = [...asked].map(([name, value]): ShellAssignment => {
    const ours = said.get(name);
    if (ours?.value === value) return ours;
    const found = byHand(name);
    return { name, value, shell: target, file: found?.file ?? target, ...(found?.line === undefined ? {} : { line: found.line }) };
  });
  const missing = block.filter(({ name, value }) => value !== null && value !== '' && !asked.has(name));
  const changed = block.filter(({ name, value }) => OUR_VARIABLES.includes(name) && asked.has(name) && asked.get(name) !== value);
  const path = block[0]?.file;
  return {
    startup,
    overruled: changed.flatMap(({ name }): HandWritten[] =>
      byHand(name)?.wins === true ? [] : [{ name, file: target, wins: true, adoptable: false }],
    ),
    unreached:
      missing.length === 0 || path === undefined
        ? []
        : [
            {
              target,
              path,
              reason: `is not reached: a new ${target} lacks ${missing.length === block.length ? 'all its variables' : missing.map(({ name }) => name).join(', ')}`,
              mend: 'none',
            },
          ],
  };
}
