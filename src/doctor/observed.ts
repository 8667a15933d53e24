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
import type { ClaudeDefinition, StartupAssignment } from '../targets/startup.ts';
import type { TargetId, ShellTargetId } from '../targets/types.ts';
import type { Around } from './observe-around.ts';
import type { GitFacts } from '../targets/git.ts';

/** What orcc's own configuration asks for; the key is not part of it. */
export interface Configured {
  readonly baseUrl: string;
  /** Everything after base URL, token and empty API key: models, default alias, limits. */
  readonly variables: readonly Variable[];
  /** `kept`: the user was offered to turn auto mode off, and did not. */
  readonly autoMode: 'kept' | 'off';
  /** The key comes from `apiKeyHelper`, so that no token is expected. */
  readonly helper: boolean;
}

/** A file that orcc wrote its setup into. */
interface OwnFile {
  readonly id: TargetId;
  readonly path: string;
}

/** An assignment of one of our names in a start-up file, outside orcc's block. */
export interface HandWritten extends Pick<StartupAssignment, 'name' | 'file' | 'wins' | 'adoptable'> {
  /** Absent where only the shell itself shows that something sets it. */
  readonly line?: number;
  /** Absent where it runs at every start. */
  readonly condition?: string;
}

/** orcc's block in a start-up file that is not as orcc left it. */
export interface BrokenBlock {
  readonly target: TargetId;
  readonly path: string;
  readonly line?: number;
  /** A clause that follows "the block of orcc in FILE". */
  readonly reason: string;
  /** What that rests on, beyond the reason. */
  readonly seen?: string;
  /** `rewrite`: it can be written anew; `repair`: its remains must go first; `none`: only the user can tell. */
  readonly fix: 'rewrite' | 'repair' | 'none';
}

/** A file that holds a key, settings files aside. */
export interface KeyFile {
  readonly path: string;
  readonly mode: number;
}

export type GitState = GitFacts['kind'];

export interface ModelRecord extends ModelFacts {
  /** YYYY-MM-DD after which it is withdrawn; absent unless one is announced. */
  readonly expires?: string;
}

/** The findings' whole input: plain data, read once. Nothing in it is printed without masking. */
export interface Observed {
  /** The program of orcc's status line that is gone. */
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
  /** What `/login` left on this machine, wherever it lies. */
  readonly saved: SavedLogins;
  readonly sessions: readonly Session[];
  /** When orcc last changed what Claude Code reads, milliseconds since 1970. */
  readonly changedAt?: number;
  /** Absent where orcc is not set up, or Claude Code was taken back to Anthropic. */
  readonly wanted?: Configured;
  readonly own: readonly OwnFile[];
  /** Of them, the further settings files, which no Claude Code of this terminal reads. */
  readonly further?: readonly FurtherFile[];
  /** Of them, those that an older orcc wrote. */
  readonly outdated: readonly Outdated[];
  readonly handWritten: readonly HandWritten[];
  readonly blocks: readonly BrokenBlock[];
  readonly keyFiles: readonly KeyFile[];
  /** Keys that lie open, masked. */
  readonly exposures: readonly Exposure[];
  /** Where the key should lie and does not; absent where it is there or not expected. */
  readonly missingKey?: { readonly place: string; readonly file?: string; /** Said in place of the place. */ readonly why?: string };
  /** Of the files in this folder that may hold a key. */
  readonly git: ReadonlyMap<string, GitState>;
  readonly models: (id: string) => ModelRecord | undefined;
  /** OpenRouter's own, fresh or cached; absent where there is the built-in list alone. */
  readonly catalog?: Pick<Catalog, 'find' | 'nearest' | 'source' | 'asOf' | 'stale'>;
  /** Claude Code was taken back to Anthropic. */
  readonly native?: boolean;
  /** What restores the mapping then. */
  readonly wayBack?: ReturnType<typeof wayBack>;
  /** The shell in use. */
  readonly shell?: ShellTargetId;
  /** Aliases and functions named `claude` in the shell in use. */
  readonly claudeNames?: readonly ClaudeName[];
  readonly around?: Around;
  /** PowerShell's execution policy where it forbids the profile that orcc wrote. */
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
