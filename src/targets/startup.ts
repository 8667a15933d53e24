import { OUR_VARIABLES, WATCHED_VARIABLES } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { targetOf } from './index.ts';
import { isShellTarget, shellIdOf, type Located, type TargetId, type ShellTargetId } from './types.ts';
import { startupChains, type StartupChain } from './startup-chain.ts';
import { outcomeOf, type StartupOutcome, type StartupAssignment } from './startup-outcome.ts';
import { walkStartup, type StartupEvent, type StartupLine } from './startup-walk.ts';
import { pathsOf } from '../core/paths-of.ts';
import type { FolderTool } from '../edit/shell/shell-tools.ts';
import { xdgFolder } from '../core/folder.ts';
import { linesNaming } from './lines-naming.ts';

/** An alias or a function named `claude`, which runs in its place. */
export interface ClaudeDefinition extends Pick<StartupAssignment, 'target' | 'file' | 'line' | 'conditions'> {
  readonly kind: 'alias' | 'function';
  /** What the alias stands for; undefined for a function. May hold a key. */
  readonly text: string | undefined;
}

export interface StartupScan {
  readonly assignments: readonly StartupAssignment[];
  /** What an interactive start of each shell leaves behind. */
  readonly outcomes: ReadonlyMap<ShellTargetId, StartupOutcome>;
  readonly claude: readonly ClaudeDefinition[];
}

type ScanContext = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec'>;

/** The variables to look for: besides Claude Code's own the one in which users keep their key. */
const NAMES = [...WATCHED_VARIABLES, 'OPENROUTER_API_KEY'];

/**
 * Scans the start-up files of the given shells (settings targets are skipped) for
 * assignments of watched variables. Reads text, runs no file; starts no shell unless `ask` is set. `located` saves
 * locating the files again. `starts`: scan what a login shell reads as well (`all`, the default), or only what a terminal reads.
 */
export async function scanStartup(
  ctx: ScanContext,
  targets: readonly TargetId[],
  options: { readonly located?: ReadonlyMap<TargetId, Located>; readonly ask?: boolean; readonly starts?: 'all' | 'interactive' } = {},
): Promise<StartupScan> {
  const assignments = new Map<string, StartupAssignment>();
  const events = new Map<ShellTargetId, StartupEvent[]>();
  for (const target of targets) {
    if (!isShellTarget(target)) continue;
    const known = options.located?.get(target);
    // If orcc wrote nothing for zsh, its files have not been located yet.
    const isKnown = known !== undefined && (target !== 'zsh' || known.files.length > 0);
    const located = isKnown ? known : await targetOf(target).locate(ctx, { ask: options.ask ?? false });
    for (const chain of startupChains(ctx, target, located)) {
      if (options.starts === 'interactive' && chain.start !== 'interactive') continue;
      const walked = walkStartup(ctx, chain, NAMES);
      for (const found of judge(walked, chain)) {
        const id = `${target} ${found.file}:${found.line} ${found.name}`;
        const before = assignments.get(id);
        if (before === undefined || (!before.wins && found.wins)) assignments.set(id, found);
      }
      if (chain.start === 'interactive') events.set(target, [...(events.get(target) ?? []), ...walked]);
    }
  }
  const outcomes = new Map(
    [...events].map(([target, each]) => [target, outcomeOf(ctx, ofFolder(ctx, each), target, shellIdOf(target))] as const),
  );
  const claude = [...events].flatMap(([target, each]) => definitionsOf(target, each));
  return { assignments: [...assignments.values()], outcomes, claude };
}

function judge(events: readonly StartupEvent[], chain: StartupChain): StartupAssignment[] {
  const last = events.findLastIndex((event) => event.kind === 'block');
  return events.flatMap((event, index) => {
    if (event.kind !== 'assignment') return [];
    const { name, kind, line, value, adoptable } = event.assignment;
    // `export N` and `readonly N` give no value.
    if (kind !== 'set' && kind !== 'unset') return [];
    const position = last === -1 ? 'no-block' : index < last ? 'before-block' : 'after-block';
    const wins = position === 'after-block' && OUR_VARIABLES.includes(name);
    const { target } = chain;
    const isWhole = adoptable && event.open.length === 0;
    return [{ target, file: event.file, line, name, kind, value, position, wins, adoptable: isWhole, conditions: event.open }];
  });
}

function definitionsOf(target: ShellTargetId, events: readonly StartupEvent[]): readonly ClaudeDefinition[] {
  return events.flatMap((event) => {
    if (event.kind !== 'definition' || event.definition.name !== 'claude') return [];
    const { kind, text, line } = event.definition;
    return [{ target, kind, text, file: event.file, line, conditions: event.open }];
  });
}

/** direnv and mise set only what files of the folder name, so their hooks count only where such a file names a watched variable. */
function ofFolder(ctx: ScanContext, events: readonly StartupEvent[]): readonly StartupEvent[] {
  return events.flatMap((event): StartupEvent[] => {
    if (event.kind !== 'dynamic' || event.tool === undefined) return [event];
    return findFolderVariables(ctx, event.tool, NAMES).map(({ file, line, text }) => ({ ...event, file, line, text }));
  });
}

const FILES: Readonly<Record<FolderTool, readonly string[]>> = {
  direnv: ['.envrc', '.env'],
  mise: ['mise.toml', '.mise.toml', 'mise.local.toml', '.mise.local.toml', '.env'],
};

/**
 * Finds the lines that contain one of `names` in the files that direnv or mise would load, here and in every folder above. Only
 * the nearest file with such a line counts. Reads text alone: whether the user has allowed the tool to load the file is not asked.
 */
function findFolderVariables(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'cwd' | 'platform'>,
  tool: FolderTool,
  names: readonly string[],
): readonly StartupLine[] {
  const { join, dirname } = pathsOf(ctx.platform);
  const files: string[] = [];
  for (let folder = ctx.cwd, before = ''; folder !== before; before = folder, folder = dirname(folder))
    files.push(...FILES[tool].map((name) => join(folder, name)));
  if (tool === 'mise') files.push(join(xdgFolder(ctx, 'config'), 'mise', 'config.toml'));
  for (const file of files) {
    const found = linesNaming(ctx.fs, file, names);
    if (found.length > 0) return found.map(({ line, text }) => ({ file, line, text: `${tool}: ${text.trim()}` }));
  }
  return [];
}
