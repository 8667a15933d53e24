import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';

/** Where Claude Code reads and keeps things, absolute. */
interface ClaudePaths {
  /** `~/.claude`, or what CLAUDE_CONFIG_DIR says. */
  readonly folder: string;
  readonly user: string;
  readonly project: string;
  readonly local: string;
  /** The administrator's file, and the folder whose *.json files are laid over it in the order of their names. */
  readonly managed: string;
  readonly managedFolder: string;
  /** Onboarding, trusted folders, the account: `~/.claude.json`. */
  readonly state: string;
  /** A saved claude.ai login (on macOS it lies in the Keychain instead). */
  readonly credentials: string;
  /** One small file for each running session, named after its process. */
  readonly sessions: string;
  /** What was said and answered: a folder for each work folder, in it a file for each session. */
  readonly transcripts: string;
  /** The user's subagents. */
  readonly agents: string;
  /** CLAUDE_CONFIG_DIR is set to something that depends on the current folder; Claude Code takes even an empty value so. */
  readonly folderDependsOnCwd: boolean;
}

const MANAGED: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support/ClaudeCode',
  win32: 'C:\\Program Files\\ClaudeCode',
};

/**
 * All of Claude Code's places for this home, environment and folder. Project settings are looked
 * for in the current folder alone, never above it (measured on 1.0.128 to 2.1.330).
 */
export function claudePaths(ctx: Pick<Context, 'env' | 'home' | 'platform' | 'cwd'>): ClaudePaths {
  const { join, resolve, isAbsolute } = pathsOf(ctx.platform);
  const moved = ctx.env['CLAUDE_CONFIG_DIR'];
  const folder = moved === undefined ? join(ctx.home, '.claude') : resolve(ctx.cwd, moved);
  const here = join(ctx.cwd, '.claude');
  const managed = MANAGED[ctx.platform] ?? '/etc/claude-code';
  return {
    folder,
    user: join(folder, 'settings.json'),
    project: join(here, 'settings.json'),
    local: join(here, 'settings.local.json'),
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
