import type { Context } from '../core/context.ts';
import type { ShellId } from '../edit/shell/types.ts';

/** The names of the places that Claude Code's settings can be written to, in the order in which they are shown. */
export const TARGET_IDS = ['bash', 'zsh', 'fish', 'powershell', 'user', 'settings-file', 'project', 'local'] as const;
export type TargetId = (typeof TARGET_IDS)[number];
export type ShellTargetId = Extract<TargetId, 'bash' | 'zsh' | 'fish' | 'powershell'>;

/** What is true of a target wherever its files are. */
interface TargetRow {
  /** `block`: a managed block in the user's file. `whole`: a file of orcc's own. `settings`: members of a settings.json. */
  readonly holds: 'block' | 'whole' | 'settings';
  /** `folder`: belongs to the current folder, `machine`: to the user (design D20). */
  readonly scope: 'machine' | 'folder';
  /** Committed, so that everyone who works on the project gets it: it holds the mapping alone, never the URL or a key. */
  readonly shared?: true;
  /** Any number of files, each named by the user and independent of the others. */
  readonly many?: true;
}

const ROWS: Readonly<Record<TargetId, TargetRow>> = {
  bash: { holds: 'block', scope: 'machine' },
  zsh: { holds: 'block', scope: 'machine' },
  fish: { holds: 'whole', scope: 'machine' },
  powershell: { holds: 'block', scope: 'machine' },
  user: { holds: 'settings', scope: 'machine' },
  'settings-file': { holds: 'settings', scope: 'machine', many: true },
  project: { holds: 'settings', scope: 'folder', shared: true },
  local: { holds: 'settings', scope: 'folder' },
};

/** What orcc keeps in a target's files. */
export const holdsOf = (id: TargetId): TargetRow['holds'] => ROWS[id].holds;
/** Whether a target is a shell's start-up file, not a settings.json. */
export const isShellTarget = (id: TargetId): id is ShellTargetId => ROWS[id].holds !== 'settings';
/** Whether a target belongs to the current folder, not to the user. */
export const isFolderTarget = (id: TargetId): boolean => ROWS[id].scope === 'folder';
/** Whether a target reaches everyone who works on the project, and so never gets the URL or a key. */
export const isShared = (id: TargetId): boolean => ROWS[id].shared === true;

/** Whether a target can have any number of files, each identified by its path. */
export const isMany = (id: TargetId): boolean => ROWS[id].many === true;

/** The targets that are a shell's start-up files. */
export const SHELL_TARGETS: readonly ShellTargetId[] = TARGET_IDS.filter(isShellTarget);
/** The targets that belong to the user, in whatever folder. */
export const MACHINE_TARGETS: readonly TargetId[] = TARGET_IDS.filter((id) => !isFolderTarget(id));

/** One file of a target. */
export interface TargetFile {
  /** Absolute, links not followed. */
  readonly path: string;
  readonly holds: TargetRow['holds'];
  /** Only for `block`. */
  readonly placement?: 'before-guard' | 'append';
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
  /** The syntax; undefined for settings files. */
  readonly shell: ShellId | undefined;
  /** Finds the target's files. Reads only; never throws for what is or isn't there. */
  locate(ctx: LocateContext, options?: LocateOptions): Promise<Located>;
  /** The command that makes a running shell read the file; undefined where only a new session of Claude Code helps. */
  reload(file: Pick<TargetFile, 'path'>, ctx: Pick<Context, 'home' | 'platform'>): string | undefined;
}
