import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';

/** Absolute paths of the files and folders that Claude Code uses. */
interface ClaudePaths {
  /** `~/.claude`, or the folder in CLAUDE_CONFIG_DIR. */
  readonly folder: string;
  readonly user: string;
  readonly project: string;
  readonly local: string;
  /** The administrator's file, and the folder whose *.json files override it in the order of their names. */
  readonly managed: string;
  readonly managedFolder: string;
  /** Onboarding, trusted folders, the account: `~/.claude.json`. */
  readonly state: string;
  /** A saved claude.ai login (on macOS it is in the Keychain instead). */
  readonly credentials: string;
  /** A folder with a small file for each running session, named after its pid. */
  readonly sessions: string;
  /** Transcripts: a folder for each work folder, with a file for each session. */
  readonly transcripts: string;
  /** The user's subagents. */
  readonly agents: string;
  /** True if CLAUDE_CONFIG_DIR is relative to the current folder; Claude Code treats even an empty value as such. */
  readonly folderDependsOnCwd: boolean;
}

/** Names of Claude Code's settings files in `.claude`: the one that is the user's or a project's, and the one of a folder for this user alone. */
export const SETTINGS_NAMES = { shared: 'settings.json', local: 'settings.local.json' } as const;

const MANAGED: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support/ClaudeCode',
  win32: 'C:\\Program Files\\ClaudeCode',
};

/**
 * Claude Code's paths for this home, environment and folder. It looks for project settings
 * only in the current folder, never above it (measured on 1.0.128 to 2.1.330).
 */
export function claudePaths(ctx: Pick<Context, 'env' | 'home' | 'platform' | 'cwd'>): ClaudePaths {
  const { join, resolve, isAbsolute } = pathsOf(ctx.platform);
  const moved = ctx.env['CLAUDE_CONFIG_DIR'];
  const folder = moved === undefined ? join(ctx.home, '.claude') : resolve(ctx.cwd, moved);
  const here = join(ctx.cwd, '.claude');
  const managed = MANAGED[ctx.platform] ?? '/etc/claude-code';
  return {
    folder,
    user: join(folder, SETTINGS_NAMES.shared),
    project: join(here, SETTINGS_NAMES.shared),
    local: join(here, SETTINGS_NAMES.local),
    managed: join(managed, 'managed-settings.json'),
    managedFolder: join(managed, 'managed-settings.d'),
    state: moved === undefined ? join(ctx.home, '.claude.json') : join(folder, '.claude.json'),
    credentials: join(folder, '.credentials.json'),
    sessions: join(folder, 'sessions'),
    transcripts: join(folder, 'projects'),
    agents: join(folder, 'agents'),
    folderDependsOnCwd: moved !== undefined && !isAbsolute(moved),
  };
}
