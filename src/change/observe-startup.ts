import { WATCHED_VARIABLES } from '../claude/variables.ts';
import type { ShellAssignment } from '../claude/layers.ts';
import type { Context } from '../core/context.ts';
import { detectShell } from '../targets/detect-shell.ts';
import { askShell } from '../targets/layers-ask-shell.ts';
import { scanStartup, type StartupScan } from '../targets/startup.ts';
import { doubtsOf, NOTHING_SAID, type MaySet, type StartupOutcome } from '../targets/startup-outcome.ts';
import { isShellTarget, type TargetId, type ShellTargetId } from '../targets/types.ts';
import type { Machine } from './machine.ts';
import { posix } from 'node:path';
import { kindAt, listFolder } from '../core/look.ts';
import { expandPath } from '../targets/expand-path.ts';
import { linesNaming } from '../targets/lines-naming.ts';

/** What new terminals have, read from the start-up files as text and, if that is allowed, asked of the shell itself. */
interface StartupObserved {
  /** Of the shells that orcc wrote to, the one that this terminal runs, else the first; else this terminal's. */
  readonly shell: ShellTargetId | undefined;
  /** Covers every shell that orcc wrote to, `shell`, and those asked for. */
  readonly scan: StartupScan;
  /** What reading the files of `shell` tells. */
  readonly outcome: StartupOutcome;
  /** What the shell answered: the watched variables that a new one has. undefined if it was not asked or did not answer. */
  readonly asked: ReadonlyMap<string, string> | undefined;
  /** What `claude` is in that shell (a program, an alias, a function), in the shell's own words. */
  readonly claude: string | undefined;
  /** What a new terminal has, one entry for each variable: as answered, else the certain part of what was read. */
  readonly startup: readonly ShellAssignment[];
}

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec' | 'pid' | 'random'> & Partial<Pick<Context, 'signal'>>;

/**
 * The only observer of start-up files. `ask`: starts the shell, which runs the user's start-up files in the home folder; without it
 * nothing is started. `also`: further targets whose files are read. `only`: `scan` holds no more than `outcome` needs, from the files
 * that `shell` reads in a terminal.
 */
export async function observeStartup(
  ctx: Slice,
  machine: Pick<Machine, 'state' | 'located'>,
  options: { readonly ask: boolean; readonly also?: readonly TargetId[]; readonly only?: 'outcome' },
): Promise<StartupObserved> {
  const own = [...new Set(machine.state.targets.filter(({ carries }) => carries === 'setup').map(({ id }) => id))].filter(isShellTarget);
  const shell = shellInUse(ctx, own);
  const isAll = options.only === undefined;
  const targets = [...new Set([...(isAll ? own : []), ...(options.also ?? []), ...(shell === undefined ? [] : [shell])])];
  const starts = isAll ? 'all' : 'interactive';
  const scan = await scanStartup(ctx, targets, { located: machine.located, ask: options.ask, starts });
  const outcome = (shell === undefined ? undefined : scan.outcomes.get(shell)) ?? NOTHING_SAID;
  const answer = shell === undefined || !options.ask ? undefined : await askShell(ctx, shell);
  const asked = answer?.variables;
  const startup = shell === undefined || asked === undefined ? outcome.sure : placeAnswers(ctx, shell, outcome, asked);
  return { shell, scan, outcome, asked, claude: answer?.claude, startup };
}

/** Which of the shells that orcc wrote to is in use, else this terminal's. If there is only one, nothing has to be detected. */
function shellInUse(ctx: Slice, own: readonly ShellTargetId[]): ShellTargetId | undefined {
  if (own.length === 1) return own[0];
  const { target } = detectShell(ctx);
  return target !== undefined && own.includes(target) ? target : (own[0] ?? target);
}

/** Each value that the shell answered, with the place that sets it, as far as that can be found. */
function placeAnswers(
  ctx: Slice,
  shell: ShellTargetId,
  outcome: StartupOutcome,
  asked: ReadonlyMap<string, string>,
): readonly ShellAssignment[] {
  return WATCHED_VARIABLES.flatMap((name): ShellAssignment[] => {
    const value = asked.get(name);
    if (value === undefined) return [];
    const read = outcome.sure.find((each) => each.name === name);
    if (read?.value === value) return [read];
    return [{ name, value, ...causeOf(ctx, shell, outcome, name, value) }];
  });
}

/** Where a value comes from that reading was not certain of: the conditional line that ran, else a statement that reading can't follow. */
export function causeOf(
  ctx: Pick<Context, 'fs' | 'home'>,
  shell: ShellTargetId,
  outcome: StartupOutcome,
  name: string,
  value: string,
): { readonly file: string; readonly line?: number } {
  const { may, unknown } = doubtsOf(outcome, name);
  const isIt = (each: MaySet): boolean => each.value === value;
  const met = may.findLast(isIt) ?? may.findLast((each) => each.value === undefined);
  if (met !== undefined) return { file: met.file, line: met.line };
  for (const { text } of unknown.toReversed()) {
    const mention = findMention(ctx, text, name);
    if (mention !== undefined) return mention;
  }
  const last = unknown.findLast(({ names }) => names !== undefined) ?? unknown.at(-1);
  return last === undefined ? { file: shell } : { file: last.file, line: last.line };
}

/** How many files of one folder are searched at most. */
const MOST_FILES = 100;

/**
 * The line that names a variable in a file that a statement mentions: `eval "$(cat ~/.work.env)"`, `export $(grep -v '^#' ~/keys | xargs)`.
 * Only reads; undefined if no such file names it.
 */
function findMention(
  { fs, home }: Pick<Context, 'fs' | 'home'>,
  statement: string,
  name: string,
): { readonly file: string; readonly line: number } | undefined {
  const words = statement.match(/(?:~|\$HOME|\$\{HOME\})?\/[\w.@+/*-]+/g) ?? [];
  const paths = words.flatMap((word) => expandPath(word.replace(/\/?\*[^/]*$/, ''), { HOME: home }) ?? []);
  for (const path of paths) {
    for (const file of filesAt(fs, path)) {
      const [found] = linesNaming(fs, file, [name]);
      if (found !== undefined) return { file, line: found.line };
    }
  }
  return undefined;
}

function filesAt(fs: Context['fs'], path: string): readonly string[] {
  if (kindAt(fs, path) === 'file') return [path];
  const names = listFolder(fs, path).slice(0, MOST_FILES);
  return names.map((name) => posix.join(path, name));
}
