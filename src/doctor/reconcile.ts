import { OUR_VARIABLES } from '../claude/variables.ts';
import type { ShellAssignment } from '../claude/layers.ts';
import type { TargetId } from '../targets/types.ts';
import type { BrokenBlock, HandWritten } from './observed.ts';

interface Reconciled {
  /** Names that something after the block sets to another value. */
  readonly overruled: readonly HandWritten[];
  /** Not empty if new terminals lack what the block sets. */
  readonly unreached: readonly BrokenBlock[];
}

/**
 * Compares what the real shell answered with what orcc's block sets. Pure.
 * @param block what the text of the block assigns, in its order, reached or not; empty where its key is missing
 * @param asked the watched variables that a new shell has
 * @param hand assignments that the text of the start-up files shows
 * @param causeOf where a value comes from that no line of the text sets
 */
export function reconcile(
  target: TargetId,
  block: readonly ShellAssignment[],
  asked: ReadonlyMap<string, string>,
  hand: readonly HandWritten[],
  causeOf: (name: string, value: string) => { readonly file: string; readonly line?: number } = () => ({ file: target }),
): Reconciled {
  const isFirst = ({ name }: ShellAssignment, at: number): boolean => block.findIndex((each) => each.name === name) === at;
  const byHand = (name: string): HandWritten | undefined =>
    hand.findLast((each) => each.name === name && each.wins) ?? hand.findLast((each) => each.name === name);
  const missing = block.filter(({ name, value }) => value !== null && value !== '' && !asked.has(name));
  const changed = block
    .filter(isFirst)
    .filter(({ name, value }) => OUR_VARIABLES.includes(name) && asked.has(name) && asked.get(name) !== value);
  const path = missing[0]?.file;
  const names = [...new Set(missing.map(({ name }) => name))];
  return {
    overruled: changed.flatMap(({ name }): HandWritten[] =>
      byHand(name)?.wins === true ? [] : [{ name, ...causeOf(name, asked.get(name) ?? ''), wins: true, adoptable: false }],
    ),
    unreached:
      path === undefined
        ? []
        : [
            {
              target,
              path,
              reason: `is not reached: a new ${target} lacks ${missing.length === block.length ? 'all its variables' : names.join(', ')}`,
              fix: 'none',
            },
          ],
  };
}
