import { pathsOf } from './paths-of.ts';
import { posix, win32 } from 'node:path';
import type { Context } from './context.ts';

/**
 * orcc's own folder: `$XDG_CONFIG_HOME/orcc` or `~/.config/orcc`; on Windows
 * `%LOCALAPPDATA%\orcc`, which is not synced and readable by its user alone. Everything that
 * orcc keeps lies in it, so that `remove` can leave nothing behind.
 */
export function orccFolder(ctx: Pick<Context, 'env' | 'home' | 'platform'>): string {
  if (ctx.platform === 'win32') {
    return win32.join(ctx.env['LOCALAPPDATA'] ?? win32.join(ctx.home, 'AppData', 'Local'), 'orcc');
  }
  return posix.join(xdgFolder(ctx, 'config'), 'orcc');
}

const XDG = { config: ['XDG_CONFIG_HOME', '.config'], data: ['XDG_DATA_HOME', '.local', 'share'] } as const;

/** Where programs keep what is the user's: `$XDG_CONFIG_HOME` or `~/.config`, and the same for data. A relative value is ignored (XDG specification). */
export function xdgFolder(ctx: Pick<Context, 'env' | 'home' | 'platform'>, kind: keyof typeof XDG): string {
  const { join, isAbsolute } = pathsOf(ctx.platform);
  const [name, ...usual] = XDG[kind];
  const given = ctx.env[name];
  return given !== undefined && isAbsolute(given) ? given : join(ctx.home, ...usual);
}

export interface OwnFiles {
  readonly folder: string;
  readonly key: string;
  readonly config: string;
  /** Where a config that does not parse is kept aside. */
  readonly configBroken: string;
  readonly state: string;
  readonly replaced: string;
}

/** The page that leads a browser to a login; there only while one goes on. */
export const START_PAGE = 'login.html';

/** The files in orcc's own folder. */
export function ownFiles(ctx: Pick<Context, 'env' | 'home' | 'platform'>): OwnFiles {
  const folder = orccFolder(ctx);
  const join = pathsOf(ctx.platform).join;
  return {
    folder,
    key: join(folder, 'key'),
    config: join(folder, 'config.json'),
    configBroken: join(folder, 'config.broken.json'),
    state: join(folder, 'state.json'),
    replaced: join(folder, 'replaced.json'),
  };
}

/** The system's temporary folder at its real place. Throws ErrnoException where there is none. */
export function tempFolder({ fs, env, platform }: Pick<Context, 'fs' | 'env' | 'platform'>): string {
  const base = platform === 'win32' ? (env['TEMP'] ?? env['TMP'] ?? 'C:\\Windows\\Temp') : (env['TMPDIR'] ?? '/tmp');
  return fs.realpath(base);
}
