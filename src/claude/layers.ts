import { pathsOf } from '../core/paths-of.ts';
import { claudePaths } from './paths.ts';
import { NO_PROXY_VARIABLES, PROXY_VARIABLES } from './watched.ts';
import { defined } from '../text/defined.ts';
import { rememberSecret } from '../text/text.ts';
import { isSecretVariable, WATCHED_VARIABLES } from './variables.ts';
import type { Context } from '../core/context.ts';
import { listFolder } from '../core/look.ts';
import type { SettingsFile, SettingsLayerId } from './settings-file.ts';
import { readSettingsFile } from './settings-file.ts';

type LayerId = SettingsLayerId | 'shell';

/**
 * Claude Code's precedence, strongest first; the shell is the weakest (measured on 1.0.128 to
 * 2.1.330). `--settings` stands between managed and local, but only for the session that it starts.
 */
export const LAYER_ORDER: readonly LayerId[] = ['managed', 'local', 'project', 'user', 'shell'];

/** Whether a layer is a settings file of the current folder, which a repository may bring along. */
export function isFolderLayer(layer: LayerId): boolean {
  return layer === 'project' || layer === 'local';
}

/** What a shell's start-up files say of one variable, in the order in which they run. */
export interface ShellAssignment {
  readonly name: string;
  /** null: the variable is unset there. */
  readonly value: string | null;
  /** The file, or the shell's name where only the shell itself could tell. */
  readonly file: string;
  readonly line?: number;
  readonly shell: string;
}

/** Everything that Claude Code, started here, would take its variables from. Plain data. */
export interface Layers {
  /** Strongest first; managed ones may be several. A file that is not there is listed as missing. */
  readonly settings: readonly SettingsFile[];
  /** Of the start-up files, last one wins; empty where they were not read. */
  readonly startup: readonly ShellAssignment[];
  /** Of this process: what this terminal has. Watched names and proxies only. */
  readonly process: ReadonlyMap<string, string>;
}

/** One place where a variable is set. */
export interface Placement {
  readonly layer: LayerId;
  readonly value: string;
  /** Absent for this process's environment. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The value that wins; an empty one blanks the weaker layers. */
export interface Effective extends Placement {
  /** What it beats, strongest first. */
  readonly beats: readonly Placement[];
}

/** Which shell layer is meant: what new terminals will have, or what this one has. */
export type ShellView = 'startup' | 'process';

/** Reads every layer; changes nothing, starts nothing, never throws. */
export function readLayers(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>,
  options: { readonly shellAssignments?: readonly ShellAssignment[] } = {},
): Layers {
  const paths = claudePaths(ctx);
  // In the home folder the project's file is the user's own.
  const folder: readonly (readonly [SettingsLayerId, string])[] = [
    ['local', paths.local],
    ...(paths.project === paths.user ? [] : [['project', paths.project] as const]),
    ['user', paths.user],
  ];
  const layers: Layers = {
    settings: [
      ...readManaged(ctx, paths.managed, paths.managedFolder),
      ...folder.map(([layer, path]) => readSettingsFile(ctx.fs, layer, path)),
    ],
    startup: options.shellAssignments ?? [],
    process: new Map(
      [...WATCHED_VARIABLES, ...PROXY_VARIABLES, ...NO_PROXY_VARIABLES].flatMap((name) => {
        const value = ctx.env[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  };
  for (const { name, value } of secretsOf(layers)) if (isSecretVariable(name)) rememberSecret(value.trim());
  return layers;
}

function secretsOf({ settings, startup, process }: Layers): readonly { readonly name: string; readonly value: string }[] {
  return [
    ...settings.flatMap(({ env }) => [...env].map(([name, { value }]) => ({ name, value }))),
    ...startup.flatMap(({ name, value }) => (value === null ? [] : [{ name, value }])),
    ...[...process].map(([name, value]) => ({ name, value })),
  ];
}

/** The drop-in files are laid over the base file in the order of their names, so the last name is the strongest. */
function readManaged(ctx: Pick<Context, 'fs' | 'platform'>, base: string, folder: string): readonly SettingsFile[] {
  const names = listFolder(ctx.fs, folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .toReversed();
  const { join } = pathsOf(ctx.platform);
  return [...names.map((name) => join(folder, name)), base].map((path) => readSettingsFile(ctx.fs, 'managed', path));
}

/** Every place where a variable is set, strongest first. */
export function placements(layers: Layers, name: string, from: ShellView): readonly Placement[] {
  const found: Placement[] = layers.settings.flatMap(({ layer, path, env }) => {
    const placed = env.get(name);
    return placed === undefined ? [] : [{ layer, file: path, ...placed }];
  });
  if (from === 'process') {
    const value = layers.process.get(name);
    return value === undefined ? found : [...found, { layer: 'shell', value }];
  }
  const assigned = layers.startup.findLast((each) => each.name === name);
  if (assigned === undefined || assigned.value === null) return found;
  return [...found, { layer: 'shell', value: assigned.value, file: assigned.file, ...defined({ line: assigned.line }) }];
}

/**
 * The value of one variable as Claude Code would see it, merged variable by variable.
 * Undefined where no layer sets it; `value` is empty where the strongest one blanks it, which
 * Claude Code treats as unset.
 */
export function effective(layers: Layers, name: string, from: ShellView): Effective | undefined {
  const [first, ...beats] = placements(layers, name, from);
  return first === undefined ? undefined : { ...first, beats };
}
