import type { Context } from '../core/context.ts';
import type { ShellId } from '../edit/shell/types.ts';

/** What is true of a target wherever its files are. */
interface TargetRow {
  /** `block`: a managed block in the user's file. `whole`: a file of orcc's own. `settings`: members of a settings.json. */
  readonly holds: 'block' | 'whole' | 'settings';
  /** `folder`: belongs to the current folder, `machine`: to the user (design D20). */
  readonly scope: 'machine' | 'folder';
  /** The syntax of its lines, if it is a shell's start-up file. */
  readonly shell?: ShellId;
  /** A new block goes before a guard that ends the file for scripts, not to the end. */
  readonly beforeGuard?: true;
  /** Committed, so that everyone who works on the project gets it: it holds the mapping alone, never the URL or a key. */
  readonly shared?: true;
  /** Any number of files, each named by the user and independent of the others. */
  readonly many?: true;
}

/** In the order in which they are shown; of those of a folder, the one that wins is last. */
const ROWS = {
  bash: { holds: 'block', scope: 'machine', shell: 'sh', beforeGuard: true },
  zsh: { holds: 'block', scope: 'machine', shell: 'sh' },
  fish: { holds: 'whole', scope: 'machine', shell: 'fish' },
  powershell: { holds: 'block', scope: 'machine', shell: 'powershell' },
  user: { holds: 'settings', scope: 'machine' },
  'settings-file': { holds: 'settings', scope: 'machine', many: true },
  project: { holds: 'settings', scope: 'folder', shared: true },
  local: { holds: 'settings', scope: 'folder' },
} as const satisfies Readonly<Record<string, TargetRow>>;

type Rows = typeof ROWS;
/** The targets whose rows are like `Row`. */
type IdsOf<Row> = { [Id in keyof Rows]: Rows[Id] extends Row ? Id : never }[keyof Rows];

/** A place that Claude Code's settings can be written to. */
export type TargetId = keyof Rows;
export type ShellTargetId = IdsOf<{ readonly shell: ShellId }>;
export type SettingsTargetId = IdsOf<{ readonly holds: 'settings' }>;
export type FolderTargetId = IdsOf<{ readonly scope: 'folder' }>;

/** Every target, in the order in which they are shown. */
export const TARGET_IDS = Object.keys(ROWS) as readonly TargetId[];

const rowOf = (id: TargetId): TargetRow => ROWS[id];

/** What orcc keeps in a target's files. */
export const holdsOf = (id: TargetId): TargetRow['holds'] => rowOf(id).holds;
/** The syntax of a target's lines; undefined for settings files. */
export function shellIdOf(id: ShellTargetId): ShellId;
export function shellIdOf(id: TargetId): ShellId | undefined;
export function shellIdOf(id: TargetId): ShellId | undefined {
  return rowOf(id).shell;
}
/** Where in a target's file a new block goes. */
export const placementOf = (id: TargetId): 'before-guard' | 'append' => (rowOf(id).beforeGuard === true ? 'before-guard' : 'append');
/** Whether a target is a shell's start-up file, not a settings.json. */
export const isShellTarget = (id: TargetId): id is ShellTargetId => rowOf(id).shell !== undefined;
/** Whether a target belongs to the current folder, not to the user. */
export const isFolderTarget = (id: TargetId): id is FolderTargetId => rowOf(id).scope === 'folder';
/** Whether a target reaches everyone who works on the project, and so never gets the URL or a key. */
export const isShared = (id: TargetId): boolean => rowOf(id).shared === true;

/** Whether a target can have any number of files, each identified by its path. */
export const isMany = (id: TargetId): boolean => rowOf(id).many === true;

const isSettingsTarget = (id: TargetId): id is SettingsTargetId => rowOf(id).holds === 'settings';

/** The targets that are a shell's start-up files. */
export const SHELL_TARGETS: readonly ShellTargetId[] = TARGET_IDS.filter(isShellTarget);
/** The targets that are settings files. */
export const SETTINGS_TARGETS: readonly SettingsTargetId[] = TARGET_IDS.filter(isSettingsTarget);
/** The targets that belong to the user, in whatever folder. */
export const MACHINE_TARGETS: readonly TargetId[] = TARGET_IDS.filter((id) => !isFolderTarget(id));
/** The targets that belong to the current folder; of two values, that of the later one counts. */
export const FOLDER_TARGETS: readonly FolderTargetId[] = TARGET_IDS.filter(isFolderTarget);

/** One file of a target. */
export interface TargetFile {
  /** Absolute, links not followed. */
  readonly path: string;
  /** What reads it: a shell in a terminal, login shells alone, every start of the shell, or Claude Code. */
  readonly startup: 'interactive' | 'login' | 'every' | 'claude';
}

/** Why a target can't be written on this machine. Its files are listed anyway if known. */
export interface Refusal {
  /** One sentence without a full stop. */
  readonly reason: string;
  readonly hint: string;
}

export interface Located {
  readonly files: readonly TargetFile[];
  readonly refusal?: Refusal;
  /** Worth telling the user before the question. */
  readonly notes: readonly string[];
  /** Worth offering to someone who did not ask for it: the shell is installed or its file exists. */
  readonly offered: boolean;
}

export type LocateContext = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec'>;

export interface LocateOptions {
  /** false: start no other program, work from the environment and files alone (`status`). Default true. */
  readonly ask?: boolean;
}

export interface Target {
  readonly id: TargetId;
  /** What it reaches, one line for the wizard. */
  readonly title: string;
  /** Finds the target's files. Reads only; never throws for what is or isn't there. */
  locate(ctx: LocateContext, options?: LocateOptions): Promise<Located>;
  /** The command that makes a running shell read the file; undefined where only a new session of Claude Code helps. */
  reload(file: Pick<TargetFile, 'path'>, ctx: Pick<Context, 'home' | 'platform'>): string | undefined;
}
