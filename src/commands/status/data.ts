import type { TargetId, ShellTargetId } from '../../targets/types.ts';
import type { ShellView } from '../../claude/layers.ts';
import { type Comparison } from './compare.ts';

/** What `orcc status --verify` asked, and the result. Contains no key. */
export interface Verified {
  readonly version: string | null;
  /** The shell that was asked; null if there was none to ask, or no answer. */
  readonly shell: ShellTargetId | null;
  /** One for new terminals if start-up files matter, and one for this terminal if it has other values. */
  readonly views: ReadonlyArray<{ readonly from: ShellView; readonly compared: readonly Comparison[] }>;
  /** Settings files of this folder that were left out when Claude Code was asked, so that nothing they name is started. */
  readonly leftOut: readonly string[];
  /** Why Claude Code was not asked, in one line; null if it was. */
  readonly notAsked: string | null;
}

/** The outcome of `orcc status`: plain data, keys masked. */
export interface StatusData {
  readonly configured: boolean;
  readonly native: boolean;
  /** True if Claude Code, started here, would talk to the base URL with a key. Whether anything answers there is not checked. */
  readonly connected: boolean;
  /** The same for a start in this terminal, which may have other values than a new one. */
  readonly here: {
    readonly connected: boolean;
    readonly baseUrl: string | null;
    readonly model: string;
    readonly named: string;
    readonly keyBelongsTo: string | null;
  };
  readonly baseUrl: { readonly value: string; readonly from: string | null } | null;
  /** The key's own base URL if another one is in effect and would get the key, else null. */
  readonly keyBelongsTo: string | null;
  /** `storage` is null if it is another key than the one that orcc stores, or if orcc is not set up. */
  readonly key: { readonly masked: string; readonly storage: string | null; readonly from: string | null } | null;
  /** `orcc switch --back` needs `orcc key set` first: the key is gone from orcc's key file. */
  readonly lacksKey: boolean;
  /** `window` in tokens, prices in USD per million tokens; null if not known. */
  readonly aliases: ReadonlyArray<{
    readonly alias: string;
    readonly model: string | null;
    readonly from: string | null;
    readonly window: number | null;
    readonly inputPrice: number | null;
    readonly outputPrice: number | null;
    /** If true, a price of null means that the price is not fixed. */
    readonly priceTold: boolean;
    /** false: it takes only text; null if not known. */
    readonly images: false | null;
  }>;
  readonly default: { readonly named: string; readonly model: string; readonly from: string; readonly place: string | null };
  /** The profile or preset that the machine's mapping came from. */
  readonly profile: string | null;
  readonly profileChanged: boolean;
  /** False in a folder with its own mapping: the models shown are not the profile's. */
  readonly profileInEffect: boolean;
  readonly catalogAsOf: string | null;
  /** The extras in effect. */
  readonly extras: ReadonlyArray<{ readonly id: string; readonly value: string; readonly from: string }>;
  /** `members`, for a further settings file: how many orcc wrote, and how many of them are still as written. */
  readonly targets: ReadonlyArray<{
    readonly id: TargetId;
    readonly path: string;
    readonly state: string;
    readonly members?: { readonly written: number; readonly asWritten: number };
  }>;
  /**
   * `view`: `startup` if the values shown are those of a new terminal, `process` if they are this terminal's. `notLoaded`:
   * variables that this terminal lacks or has with another value. Of those that no settings file decides, `lacking` are missing
   * here, and `other` have another value; `stale` are set here, but by no start-up file.
   */
  readonly thisTerminal: {
    readonly view: string;
    readonly notLoaded: readonly string[];
    readonly lacking: readonly string[];
    readonly other: readonly string[];
    readonly stale: readonly string[];
  };
  /** What reading the start-up files could not settle about the variables that no settings file decides. */
  readonly startup: {
    readonly certain: boolean;
    /** `value` is masked; null: the variable is unset. All `conditions` have to hold. */
    readonly may: ReadonlyArray<{
      readonly name: string;
      readonly value: string | null;
      readonly from: string;
      readonly conditions: ReadonlyArray<{ readonly text: string; readonly from: string }>;
    }>;
    /** `names`: null if it may affect any variable. */
    readonly notKnown: ReadonlyArray<{ readonly text: string; readonly from: string; readonly names: readonly string[] | null }>;
  };
  /** Only with `--all`. */
  readonly variables: ReadonlyArray<{
    readonly name: string;
    readonly value: string;
    readonly from: string;
    /** What it does, and why orcc writes it; null for a variable that orcc does not know. */
    readonly why: string | null;
    readonly beats: readonly string[];
    /** True if this terminal already has it. */
    readonly here: boolean;
    readonly certainty: 'is' | 'may' | 'not known';
  }>;
  /** Subagents, and the model that each would ask for: through its alias or id, the subagent slot, or the session's model. */
  readonly agents: ReadonlyArray<{
    readonly name: string;
    readonly scope: 'project' | 'user' | 'json';
    readonly file: string | null;
    readonly asked: string | null;
    readonly model: string;
    readonly through: 'alias' | 'id' | 'slot' | 'session';
  }>;
  /** Running Claude Code sessions, which keep the models they were started with. */
  readonly sessions: ReadonlyArray<{ readonly pid: number; readonly folder: string | null; readonly ageMs: number | null }>;
  /** Only with `--verify`. */
  readonly verify: Verified | null;
  readonly problems: readonly string[];
}
