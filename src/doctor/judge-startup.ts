import { shellIdOf, type ShellTargetId, type TargetId } from '../targets/types.ts';
import type { Context } from '../core/context.ts';
import { readKeyFile } from '../core/look.ts';
import type { KeySource } from '../edit/shell/types.ts';
import type { ShellAssignment } from '../claude/layers.ts';
import type { Machine } from '../change/machine.ts';
import { loadKey } from '../change/read-key.ts';
import { causeOf, observeStartup } from '../change/observe-startup.ts';
import type { StartupScan } from '../targets/startup.ts';
import { blockExports, readBlockAssignments } from '../targets/startup-block.ts';
import type { StartupOutcome } from '../targets/startup-outcome.ts';
import type { BrokenBlock, ClaudeName, HandWritten } from './observed.ts';
import { OUR_VARIABLES } from '../claude/variables.ts';

interface JudgedStartup {
  /** What a new terminal of the user's shell has, weakest first. */
  readonly assignments: readonly ShellAssignment[];
  readonly handWritten: readonly HandWritten[];
  readonly unreached: readonly BrokenBlock[];
  /** The shell in use. */
  readonly shell: ShellTargetId | undefined;
  readonly claudeNames: readonly ClaudeName[];
}

/**
 * What start-up files set: read as text for every shell that orcc wrote to and the one in use,
 * and then asked of the shell in use, since only the shell itself knows.
 */
export async function judgeStartup(ctx: Context, machine: Machine): Promise<JudgedStartup> {
  const { shell, scan, outcome, asked, startup, claude } = await observeStartup(ctx, machine, { ask: true });
  const handWritten = handWrittenOf(scan);
  const claudeNames = claudeNamesOf(scan, shell, claude);
  if (shell === undefined || asked === undefined) return { assignments: startup, handWritten, unreached: [], shell, claudeNames };
  const block = await ownBlocks(ctx, machine, shell, outcome);
  const found = reconcile(shell, block, asked, handWritten, (name, value) => causeOf(ctx, shell, outcome, name, value));
  return { assignments: startup, handWritten: [...handWritten, ...found.overruled], unreached: found.unreached, shell, claudeNames };
}

/** What orcc's blocks for this shell set, whether or not a start reaches them, which only the shell's answer tells. */
async function ownBlocks(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'exec' | 'signal'>,
  machine: Machine,
  target: ShellTargetId,
  outcome: StartupOutcome,
): Promise<readonly ShellAssignment[]> {
  const shell = shellIdOf(target);
  if (shell === undefined) return [];
  const answer = machine.config?.keyStorage.kind === 'command' ? ((await loadKey(ctx, machine)) ?? '') : '';
  const keyOf = (source: KeySource): string => {
    if (source.kind === 'literal') return source.value;
    if (source.kind === 'file') return readKeyFile(ctx.fs, source.path) ?? '';
    if (source.kind === 'command') return answer;
    return outcome.sure.find(({ name }) => name === source.name)?.value ?? ctx.env[source.name] ?? '';
  };
  return machine.state.targets.flatMap(({ id, path, carries }) => {
    const bytes = id === target && carries === 'setup' ? (machine.files.get(path)?.bytes ?? null) : null;
    const own = bytes === null ? [] : readBlockAssignments(bytes, shell, ctx);
    return blockExports(own, keyOf).map((each) => ({ ...each, file: path, shell: target }));
  });
}

function handWrittenOf(scan: StartupScan): readonly HandWritten[] {
  return scan.assignments
    .filter(({ kind }) => kind === 'set')
    .map(({ name, file, line, wins, adoptable, conditions }): HandWritten => {
      const condition = conditions.map(({ text }) => text).join(' and ');
      return { name, file, line, wins, adoptable, ...(condition === '' ? {} : { condition }) };
    });
}

/** Aliases and functions named `claude`: if the shell was asked, as it says; else as the text of the start-up files shows them. */
function claudeNamesOf(scan: StartupScan, shell: ShellTargetId | undefined, asked: string | undefined): readonly ClaudeName[] {
  const read = scan.claude.filter(({ target }) => target === shell).slice(-1);
  if (asked === undefined || shell === undefined) return read;
  const alias = /^claude is (?:aliased to|an alias for) [`']?([^]*?)'?$/.exec(asked.trim())?.[1];
  const isFunction = /^claude is a (?:shell )?function/.test(asked);
  if (alias === undefined && !isFunction) return [];
  // fish turns aliases into functions.
  const known = read.filter(({ kind }) => kind === (alias === undefined ? 'function' : 'alias') || shell === 'fish');
  if (known.length > 0) return known.map((each) => ({ ...each, conditions: [] }));
  return [{ kind: alias === undefined ? 'function' : 'alias', text: alias, file: shell, conditions: [] }];
}

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
