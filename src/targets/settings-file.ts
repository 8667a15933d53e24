import type { Context } from '../core/context.ts';
import { listFolder } from '../core/look.ts';
import { pathsOf } from '../core/paths-of.ts';
import { attempt } from '../text/attempt.ts';
import type { Located, Target } from './types.ts';

/** Further settings files, by the paths the user gives. orcc never looks for them, so only recorded ones count as orcc's. */
export const settingsFile = {
  id: 'settings-file',
  title: 'further settings files: Windows beside WSL, a container, another CLAUDE_CONFIG_DIR',
  shell: undefined,
  locate: (): Promise<Located> => Promise.resolve({ files: [], notes: [], offered: false }),
  reload: () => undefined,
} as const satisfies Target;

/** Whether a path under WSL is in the home of a user of Windows, whose Claude Code runs no Linux program. */
export function isWindowsHome(path: string, platform: NodeJS.Platform): boolean {
  return platform === 'linux' && /^\/mnt\/[a-z]\/Users\//i.test(path);
}

/** Under WSL the settings of Claude Code on Windows, of every user of Windows who has it and whose folder this one may read. */
export function windowsSettings(ctx: Pick<Context, 'fs' | 'env' | 'platform'>): readonly string[] {
  if (ctx.platform !== 'linux' || ctx.env['WSL_DISTRO_NAME'] === undefined) return [];
  const { join } = pathsOf(ctx.platform);
  const users = '/mnt/c/Users';
  // Where no drive is mounted there, or it can't be listed, there is nothing to offer.
  return listFolder(ctx.fs, users).flatMap((name) => {
    const folder = join(users, name, '.claude');
    const isThere = ctx.fs.access(folder, 'write') && attempt(() => ctx.fs.lstat(folder)?.kind) === 'directory';
    return isThere ? [join(folder, 'settings.json')] : [];
  });
}
