import type { ClaudeState } from '../claude/claude-state.ts';
import type { SavedLogins } from '../claude/credentials.ts';
import type { ModelFacts } from '../claude/model-use.ts';
import type { Session } from '../claude/sessions.ts';
import type { Variable } from '../claude/variables.ts';
import type { ClaudeVersion } from '../claude/version.ts';
import type { Exposure } from '../keys/leaks/exposure.ts';
import type { Layers, ShellView, EffectiveMapping } from '../claude/layers.ts';
import type { FurtherFile } from '../change/further-files.ts';
import type { wayBack } from '../config/state.ts';
import type { Outdated } from '../change/outdated.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import type { ClaudeDefinition } from '../targets/startup.ts';
import type { StartupAssignment } from '../targets/startup-outcome.ts';
import type { TargetId, ShellTargetId } from '../targets/types.ts';
import type { Around } from './observe-around.ts';
import type { GitFacts } from '../targets/git.ts';

/** What orcc's own configuration asks for; the key is not part of it. */
export interface Configured {
  readonly baseUrl: string;
  /** Everything after base URL, token and empty API key: models, default alias, limits. */
  readonly variables: readonly Variable[];
  /** `kept`: the user was offered to turn auto mode off, and declined. */
  readonly autoMode: 'kept' | 'off';
  /** True if the key comes from `apiKeyHelper`, so that no token is expected. */
  readonly helper: boolean;
}

/** A file that orcc wrote its setup into. */
interface OwnFile {
  readonly id: TargetId;
  readonly path: string;
}

/** An assignment of one of our names in a start-up file, outside orcc's block. */
export interface HandWritten extends Pick<StartupAssignment, 'name' | 'file' | 'wins' | 'adoptable'> {
  /** Absent if only the shell itself shows that something sets it. */
  readonly line?: number;
  /** Absent if it runs at every start. */
  readonly condition?: string;
}

/** A block of orcc's in a start-up file that is not as orcc left it. */
export interface BrokenBlock {
  readonly target: TargetId;
  readonly path: string;
  readonly line?: number;
  /** A clause that follows "the block of orcc in FILE". */
  readonly reason: string;
  /** The evidence for that reason. */
  readonly seen?: string;
  /** `rewrite`: it can be written again; `repair`: its remains must be removed first; `none`: only the user can tell. */
  readonly fix: 'rewrite' | 'repair' | 'none';
}

/** A file that holds a key, other than the settings files in `layers`. */
export interface KeyFile {
  readonly path: string;
  readonly mode: number;
}

export type GitState = GitFacts['kind'];

export interface ModelRecord extends ModelFacts {
  /** YYYY-MM-DD after which it is withdrawn; absent unless one is announced. */
  readonly expires?: string;
}

/** The whole input of the checks: plain data, read once. Nothing in it is printed without masking. */
export interface Observed {
  /** The missing program of orcc's status line. */
  readonly deadStatusLine?: string | undefined;
  /** Folders that killed `orcc run`s left behind. */
  readonly leftSessions?: readonly string[];
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly layers: Layers;
  readonly views: readonly View[];
  readonly claude: ClaudeVersion;
  readonly state: ClaudeState;
  /** What `/login` left on this machine, wherever it is stored. */
  readonly saved: SavedLogins;
  readonly sessions: readonly Session[];
  /** When orcc last changed what Claude Code reads, milliseconds since 1970. */
  readonly changedAt?: number;
  /** Absent if orcc is not set up, or Claude Code was switched back to Anthropic. */
  readonly configured?: Configured;
  readonly own: readonly OwnFile[];
  /** Those of them that are further settings files, which Claude Code in this terminal does not read. */
  readonly further?: readonly FurtherFile[];
  /** Those of them that an older orcc wrote. */
  readonly outdated: readonly Outdated[];
  readonly handWritten: readonly HandWritten[];
  readonly blocks: readonly BrokenBlock[];
  readonly keyFiles: readonly KeyFile[];
  /** Exposed keys, masked. */
  readonly exposures: readonly Exposure[];
  /** Where the key should be but is not; absent if it is there or not expected. */
  readonly missingKey?: { readonly place: string; readonly file?: string; /** Shown in place of `place`. */ readonly why?: string };
  /** What git says about each file that holds a key, by its path. */
  readonly git: ReadonlyMap<string, GitState>;
  readonly models: (id: string) => ModelRecord | undefined;
  /** OpenRouter's own, fresh or cached; absent if there is only the built-in list. */
  readonly catalog?: Pick<Catalog, 'find' | 'nearest' | 'source' | 'asOf' | 'stale'>;
  /** True if Claude Code was switched back to Anthropic. */
  readonly native?: boolean;
  /** The command that restores the mapping in that case. */
  readonly wayBack?: ReturnType<typeof wayBack>;
  /** The shell in use. */
  readonly shell?: ShellTargetId;
  /** Aliases and functions named `claude` in the shell in use. */
  readonly claudeNames?: readonly ClaudeName[];
  readonly around?: Around;
  /** PowerShell's execution policy, if it forbids the profile that orcc wrote. */
  readonly forbiddenBy?: string;
}

/** An alias or a function named `claude`. */
export type ClaudeName = Pick<ClaudeDefinition, 'kind' | 'text' | 'file' | 'conditions'> & { readonly line?: number };

/** Claude Code as started from a new terminal, or from this one. */
export interface View {
  readonly from: ShellView;
  readonly name: 'in new terminals' | 'in this terminal';
  readonly mapping: EffectiveMapping;
}
