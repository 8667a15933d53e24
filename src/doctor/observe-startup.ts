import type { Context } from '../core/context.ts';
import type { ShellAssignment } from '../claude/layers.ts';
import type { Machine } from '../change/machine.ts';
import { causeOf, observeStartup as observe } from '../change/observe-startup.ts';
import type { AskedShell } from '../targets/layers-ask-shell.ts';
import type { StartupScan } from '../targets/startup.ts';
import type { BrokenBlock, ClaudeName, HandWritten } from './observed.ts';
import { reconcile } from './reconcile.ts';

export interface ObservedStartup {
  /** What a new terminal of the user's shell has, weakest first. */
  readonly assignments: readonly ShellAssignment[];
  readonly handWritten: readonly HandWritten[];
  readonly unreached: readonly BrokenBlock[];
  /** The shell in use. */
  readonly shell: AskedShell | undefined;
  readonly claudeNames: readonly ClaudeName[];
}

/**
 * What start-up files give: read as text for every shell that orcc wrote to and the one in use,
 * and then asked of the shell in use itself, which alone knows.
 */
export async function observeStartup(ctx: Context, machine: Machine): Promise<ObservedStartup> {
  const { shell, scan, outcome, asked, startup, claude } = await observe(ctx, machine, { ask: true });
  const handWritten = handWrittenOf(scan);
  const claudeNames = claudeNamesOf(scan, shell, claude);
  if (shell === undefined || asked === undefined) return { assignments: startup, handWritten, unreached: [], shell, claudeNames };
  const ownPaths = new Set(machine.state.targets.filter(({ carries }) => carries === 'setup').map(({ path }) => path));
  // What the text leaves open, a `return` under a condition above the block say, the shell has answered.
  const open = outcome.may.flatMap(({ name, value, file, line }) => (value === undefined ? [] : [{ name, value, file, line, shell }]));
  const block = [...outcome.sure, ...open].filter(
    ({ file, line }) => ownPaths.has(file) && !handWritten.some((each) => each.file === file && each.line === line),
  );
  const found = reconcile(shell, block, asked, handWritten, (name, value) => causeOf(ctx, shell, outcome, name, value));
  return { assignments: startup, handWritten: [...handWritten, ...found.overruled], unreached: found.unreached, shell, claudeNames };
}

function handWrittenOf(scan: StartupScan): readonly HandWritten[] {
  return scan.assignments
    .filter(({ kind }) => kind === 'set')
    .map(({ name, file, line, wins, adoptable, conditions }): HandWritten => {
      const condition = conditions.map(({ text }) => text).join(' and ');
      return { name, file, line, wins, adoptable, ...(condition === '' ? {} : { condition }) };
    });
}

/** As the text shows them, where the shell does not say that there is none; else as the shell says. */
function claudeNamesOf(scan: StartupScan, shell: AskedShell | undefined, asked: string | undefined): readonly ClaudeName[] {
  const read = scan.claude.filter(({ target }) => target === shell).slice(-1);
  if (asked === undefined || shell === undefined) return read;
  const alias = /^claude is (?:aliased to|an alias for) [`']?([^]*?)'?$/.exec(asked.trim())?.[1];
  const isFunction = /^claude is a (?:shell )?function/.test(asked);
  if (alias === undefined && !isFunction) return [];
  // fish makes its aliases functions.
  const known = read.filter(({ kind }) => kind === (alias === undefined ? 'function' : 'alias') || shell === 'fish');
  if (known.length > 0) return known.map((each) => ({ ...each, conditions: [] }));
  return [{ kind: alias === undefined ? 'function' : 'alias', text: alias, file: shell, conditions: [] }];
}
