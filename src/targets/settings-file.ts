import type { Context } from '../core/context.ts';
import { listFolder } from '../core/look.ts';
import { pathsOf } from '../core/paths-of.ts';
import { attempt } from '../text/attempt.ts';
import type { Located, Target } from './types.ts';
import { isWsl } from '../core/wsl.ts';

/** Further settings files, whose paths the user gives. orcc never searches for them, so only recorded ones count as orcc's. */
export const settingsFile = {
  id: 'settings-file',
  title: 'further settings files: Windows beside WSL, a container, another CLAUDE_CONFIG_DIR',
  locate: (): Promise<Located> => Promise.resolve({ files: [], notes: [], offered: false }),
  reload: () => undefined,
} as const satisfies Target;

/** Whether a path under WSL is in a Windows user's home: Claude Code on Windows can't run Linux programs. */
export function isWindowsHome(path: string, platform: NodeJS.Platform): boolean {
  return platform === 'linux' && /^\/mnt\/[a-z]\/Users\//i.test(path);
}

/** Under WSL, the settings.json of every Windows user whose `.claude` folder exists and is writable; empty elsewhere. */
export function windowsSettings(ctx: Pick<Context, 'fs' | 'env' | 'platform'>): readonly string[] {
  if (ctx.platform !== 'linux' || !isWsl(ctx.env)) return [];
  const { join } = pathsOf(ctx.platform);
  const users = '/mnt/c/Users';
  // If no drive is mounted there, or it can't be listed, the list is empty.
  return listFolder(ctx.fs, users).flatMap((name) => {
    const folder = join(users, name, '.claude');
    const isThere = ctx.fs.access(folder, 'write') && attempt(() => ctx.fs.lstat(folder)?.kind) === 'directory';
    return isThere ? [join(folder, 'settings.json')] : [];
  });
}
