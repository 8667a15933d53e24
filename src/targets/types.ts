import type { Context } from '../core/context.ts';
import type { ShellId } from '../edit/shell/types.ts';

/** The places that Claude Code's settings can be written to. */
export const TARGET_IDS = ['bash', 'zsh', 'fish', 'powershell', 'user', 'project', 'local'] as const;
export type TargetId = (typeof TARGET_IDS)[number];
/** Those that are a shell's start-up files. */
export const SHELL_TARGETS: readonly TargetId[] = ['bash', 'zsh', 'fish', 'powershell'];

/** One file of a target. */
export interface TargetFile {
  /** Absolute, links not followed. */
  readonly path: string;
  /** `block`: a managed block in the user's file. `whole`: a file of orcc's own. `settings`: members of a settings.json. */
  readonly holds: 'block' | 'whole' | 'settings';
  /** Only for `block`. */
  readonly placement?: 'before-guard' | 'append';
  /** What reads it: a terminal's shells, login shells alone, every start of the shell, or Claude Code. */
  readonly startup: 'interactive' | 'login' | 'every' | 'claude';
  /** Which program, where several have a file of their own (PowerShell's editions). */
  readonly edition?: string;
}

/** Why a target can't be written on this machine; the files are named all the same where they are known. */
export interface Refusal {
  /** One sentence without a full stop. */
  readonly reason: string;
  readonly hint: string;
}

export interface Located {
  readonly files: readonly TargetFile[];
  readonly refusal?: Refusal;
  /** Worth saying before the question. */
  readonly notes: readonly string[];
  /** Worth offering to someone who did not ask for it: the shell is installed or its file exists. */
  readonly offered: boolean;
}

export type LocateContext = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec'>;

export interface LocateOptions {
  /** false: start no other program, take the file from the environment alone (`status`). Default true. */
  readonly ask?: boolean;
}

export interface Target {
  readonly id: TargetId;
  readonly kind: 'shell' | 'settings';
  /** `folder`: belongs to the current folder, `machine`: to the user. */
  readonly scope: 'machine' | 'folder';
  /** What it reaches, one line for the wizard. */
  readonly title: string;
  /** The syntax; undefined for settings files. */
  readonly shell: ShellId | undefined;
  /** Finds the target's files. Reads only; never throws for what is or isn't there. */
  locate(ctx: LocateContext, options?: LocateOptions): Promise<Located>;
  /** The command that makes a running shell read the file; undefined where only a new session of Claude Code helps. */
  reload(file: Pick<TargetFile, 'path'>, ctx: Pick<Context, 'home' | 'platform'>): string | undefined;
}
