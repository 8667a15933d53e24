import type { Context } from '../core/context.ts';
import type { ShellAssignment } from '../claude/layers.ts';
import type { Machine } from '../change/machine.ts';
import { causeOf, observeStartup as observe } from '../change/observe-startup.ts';
import type { ClaudeDefinition, StartupScan } from '../targets/startup.ts';
import type { BrokenBlock, HandWritten } from './observed.ts';
import { reconcile } from './reconcile.ts';

export interface ObservedStartup {
  /** What a new terminal of the user's shell has, weakest first. */
  readonly assignments: readonly ShellAssignment[];
  readonly handWritten: readonly HandWritten[];
  readonly unreached: readonly BrokenBlock[];
  readonly claude: readonly ClaudeDefinition[];
}

/**
 * What start-up files give: read as text for every shell that orcc wrote to and the one in use,
 * and then asked of the shell in use itself, which alone knows.
 */
export async function observeStartup(ctx: Context, machine: Machine): Promise<ObservedStartup> {
  const { shell, scan, outcome, asked, startup } = await observe(ctx, machine, { ask: true });
  const handWritten = handWrittenOf(scan);
  if (shell === undefined || asked === undefined) return { assignments: startup, handWritten, unreached: [], claude: scan.claude };
  const ownPaths = new Set(machine.state.targets.filter(({ carries }) => carries === 'setup').map(({ path }) => path));
  const block = outcome.sure.filter(
    ({ file, line }) => ownPaths.has(file) && !handWritten.some((each) => each.file === file && each.line === line),
  );
  const found = reconcile(shell, block, asked, handWritten, (name, value) => causeOf(ctx, shell, outcome, name, value));
  return { assignments: startup, handWritten: [...handWritten, ...found.overruled], unreached: found.unreached, claude: scan.claude };
}

function handWrittenOf(scan: StartupScan): readonly HandWritten[] {
  return scan.assignments
    .filter(({ kind }) => kind === 'set')
    .map(({ name, file, line, wins, adoptable, conditions }): HandWritten => {
      const condition = conditions.map(({ text }) => text).join(' and ');
      return { name, file, line, wins, adoptable, ...(condition === '' ? {} : { condition }) };
    });
}
