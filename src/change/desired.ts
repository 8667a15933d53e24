import type { Variable } from '../claude/variables.ts';
import type { Config } from '../config/config.ts';
import type { ExtraMember } from '../config/extras-table.ts';
import type { KeySource } from '../edit/shell/types.ts';
import type { Stray } from './strays.ts';
import type { TargetId } from '../targets/types.ts';

/** Everything that one set-up writes, independent of where. */
export interface Setup {
  readonly baseUrl: string;
  /** How a shell's block gets the key. `literal`: it stands in the block; which key that is, the planner is told apart. */
  readonly shellKey: Exclude<KeySource, { readonly kind: 'literal' }> | { readonly kind: 'literal' };
  /** How a settings file gets it; `token` likewise. */
  readonly settingsKey: { readonly kind: 'token' } | { readonly kind: 'helper'; readonly command: string };
  /** Mapping and limits, in the order in which they are written. */
  readonly variables: readonly Variable[];
  /** For a committed file: its other readers have no user settings with a window for each model, and prices go out of date. */
  readonly sharedVariables?: readonly Variable[];
  /** Per-model windows; settings files alone can hold them. */
  readonly modelSettings: ReadonlyArray<{ readonly id: string; readonly autoCompactWindow: number }>;
}

/** What a target shall carry after the change. */
export type Carries = 'setup' | 'extras' | 'nothing';

export interface DesiredTarget {
  readonly id: TargetId;
  readonly carries: Carries;
  /** Stay in the state as a place to come back to (`switch --native`). */
  readonly remember: boolean;
  /** This recorded file alone, in whatever folder; without it all that the target has. */
  readonly path?: string;
  /** The user names this file now: it may be made, where one that only the records name may have been taken away with its drive. */
  readonly isNamed?: true;
  /** It lies where files have no modes, and the user agreed to that. */
  readonly modeless?: true;
  /** What this target carries, in place of the setup of all. */
  readonly setup?: Setup;
  /** What stands beside the setup here, in place of the extras of all. */
  readonly extras?: readonly ExtraMember[];
  /** For `project` and `local`: those of every recorded folder, not this one alone. */
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
 * What shall be true afterwards. `init`, `switch`, `remove` and `doctor --fix` differ only in
 * this value. Plain data that holds no key (`Keys`).
 */
export interface Desired {
  /** undefined where no target carries the setup. */
  readonly setup: Setup | undefined;
  /** Targets that are not named stay as they are. */
  readonly targets: readonly DesiredTarget[];
  /** What becomes of the key file. */
  readonly key: { readonly action: 'write' | 'keep' | 'delete' };
  /** The base URL that a key is stored for where no configuration says it. */
  readonly keyUrl?: string;
  /** The names whose keys have a file of orcc's afterwards; the other files of that kind go. undefined: they stay as they are. */
  readonly namedKeys?: readonly string[];
  /** undefined: config.json goes away. */
  readonly config: Config | undefined;
  /** Members of settings files beside the set-up. */
  readonly extras: readonly ExtraMember[];
  readonly ignore: IgnoreFacts | undefined;
  /** May replace someone else's values in settings files. */
  readonly replace: boolean;
  /** May comment out hand-written assignments in profiles. */
  readonly adopt: boolean;
  /** Start-up files beside the targets' own whose winning assignments are to be commented out. */
  readonly adoptFiles?: ReadonlyArray<{ readonly target: TargetId; readonly path: string }>;
  /** Members of settings files that no record proves to be orcc's, and that the user gave to it: they go. */
  readonly strays?: readonly Stray[];
  /** May go past a block that was edited by hand. */
  readonly force: boolean;
}

/** What a change that says nothing of it leaves as it is; `config` is the command's to say. */
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
