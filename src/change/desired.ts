import type { Variable } from '../claude/variables.ts';
import type { Config } from '../config/config.ts';
import type { ExtraMember } from '../config/extras-table.ts';
import type { KeySource } from '../edit/shell/types.ts';
import type { TargetId } from '../targets/types.ts';

/** Members of a settings file that lead Claude Code to OpenRouter, but that orcc has no record of writing. */
export interface Stray {
  readonly target: TargetId;
  readonly path: string;
  readonly members: ReadonlyArray<readonly string[]>;
}

/** Everything that one setup writes, independent of where. */
export interface Setup {
  readonly baseUrl: string;
  /** How a shell's block gets the key. `literal`: the block holds the key itself, which the planner gets separately (`Keys`). */
  readonly shellKey: Exclude<KeySource, { readonly kind: 'literal' }> | { readonly kind: 'literal' };
  /** How a settings file gets the key. `token`: the file holds the key itself. */
  readonly settingsKey: { readonly kind: 'token' } | { readonly kind: 'helper'; readonly command: string };
  /** Mapping and limits, in the order in which they are written. */
  readonly variables: readonly Variable[];
  /** For a committed file: its other readers have no user settings with a window for each model, and prices go out of date. */
  readonly sharedVariables?: readonly Variable[];
  /** Per-model windows; only settings files can hold them. */
  readonly modelSettings: ReadonlyArray<{ readonly id: string; readonly autoCompactWindow: number }>;
}

/** What a target is to carry after the change. */
export type Carries = 'setup' | 'extras' | 'nothing';

export interface DesiredTarget {
  readonly id: TargetId;
  readonly carries: Carries;
  /** Stays in the state as a place to come back to (`switch --native`). */
  readonly remember: boolean;
  /** Only this recorded file, in whatever folder; if absent, all files of the target. */
  readonly path?: string;
  /** The user names this file now, so it may be created. One that only the records name may be missing along with its drive. */
  readonly isNamed?: true;
  /** It is on a file system without modes, and the user agreed to that. */
  readonly modeless?: true;
  /** The setup of this target, in place of the common one. */
  readonly setup?: Setup;
  /** The extras of this target, in place of the common ones. */
  readonly extras?: readonly ExtraMember[];
  /** For `project` and `local`: those of every recorded folder, not only this one. */
  readonly allFolders?: true;
}

/** The .gitignore beside `local`. */
export interface IgnoreFacts {
  /** git would commit the file, and a line there keeps it out. */
  readonly needed: boolean;
  /** Absolute path of the .gitignore that would get the line. */
  readonly path: string;
}

/**
 * What is to be true afterwards. `init`, `switch`, `remove` and `doctor --fix` differ only in
 * this value. Plain data that holds no key (`Keys`).
 */
export interface Desired {
  /** undefined if no target carries the setup. */
  readonly setup: Setup | undefined;
  /** Targets that are not named stay as they are. */
  readonly targets: readonly DesiredTarget[];
  /** What becomes of the key file. `save`: it gets the key if nothing else of orcc's holds it afterwards. */
  readonly key: { readonly action: 'write' | 'keep' | 'save' | 'delete' };
  /** The base URL that the key is stored for, if there is no configuration to say so. */
  readonly keyUrl?: string;
  /** Names of the keys that have a file in orcc's folder afterwards; files of other named keys are deleted. undefined: all stay. */
  readonly namedKeys?: readonly string[];
  /** undefined: config.json is deleted. */
  readonly config: Config | undefined;
  /** Members of settings files besides the setup. */
  readonly extras: readonly ExtraMember[];
  readonly ignore: IgnoreFacts | undefined;
  /** May replace someone else's values in settings files. */
  readonly replace: boolean;
  /** May comment out hand-written assignments in profiles. */
  readonly adopt: boolean;
  /** Start-up files other than the targets' own whose winning assignments are to be commented out. */
  readonly adoptFiles?: ReadonlyArray<{ readonly target: TargetId; readonly path: string }>;
  /** Members of settings files that no record proves to be orcc's, but that the user agreed to remove. */
  readonly strays?: readonly Stray[];
  /** May replace or remove a block that was edited by hand. */
  readonly force: boolean;
}

/** A Desired that leaves everything as it is, but for `config`, which each command adds. */
export const AS_IT_IS = {
  setup: undefined,
  targets: [],
  key: { action: 'keep' },
  extras: [],
  ignore: undefined,
  replace: false,
  adopt: false,
  force: false,
} as const satisfies Omit<Desired, 'config'>;
