import { pathsOf } from './paths-of.ts';
import { posix, win32 } from 'node:path';
import { OrccError } from './errors.ts';
import { escapeInvisible } from '../text/text.ts';
import type { Context } from './context.ts';

/**
 * orcc's own folder: `$XDG_CONFIG_HOME/orcc` or `~/.config/orcc`; on Windows
 * `%LOCALAPPDATA%\orcc`, which is not synced and only its user can read. Everything that
 * orcc keeps is in it, so that `remove` can leave nothing behind.
 */
export function orccFolder(ctx: Pick<Context, 'env' | 'home' | 'platform'>): string {
  if (ctx.platform === 'win32') {
    return win32.join(ctx.env['LOCALAPPDATA'] ?? win32.join(ctx.home, 'AppData', 'Local'), 'orcc');
  }
  return posix.join(xdgFolder(ctx, 'config'), 'orcc');
}

const XDG = { config: ['XDG_CONFIG_HOME', '.config'], data: ['XDG_DATA_HOME', '.local', 'share'] } as const;

/** Where programs keep a user's configuration (`$XDG_CONFIG_HOME` or `~/.config`) or data. A relative value is ignored (XDG spec). */
export function xdgFolder(ctx: Pick<Context, 'env' | 'home' | 'platform'>, kind: keyof typeof XDG): string {
  const { join, isAbsolute } = pathsOf(ctx.platform);
  const [name, ...usual] = XDG[kind];
  const given = ctx.env[name];
  return given !== undefined && isAbsolute(given) ? given : join(ctx.home, ...usual);
}

/** The names of the files in orcc's own folder, apart from its cache, its locks and its history. */
export const OWN_NAMES = {
  key: 'key',
  config: 'config.json',
  configBroken: 'config.broken.json',
  state: 'state.json',
  replaced: 'replaced.json',
} as const;

const { configBroken: _broken, ...ofSetup } = OWN_NAMES;
/** The files of a setup: those names without that of a config that did not parse, which is the user's work. */
export const SETUP_FILES: readonly string[] = Object.values(ofSetup);

/** What a key may be called: its name becomes part of a file's. */
export const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** The file of a named key begins with this, and its name follows. */
export const NAMED_KEY_PREFIX = `${OWN_NAMES.key}.`;

export interface OwnFiles {
  readonly folder: string;
  readonly key: string;
  readonly config: string;
  /** Where a config that does not parse is moved. */
  readonly configBroken: string;
  readonly state: string;
  readonly replaced: string;
}

/** The page that sends a browser to a login; it exists only while a login is under way. */
export const START_PAGE = 'login.html';

/** The paths of orcc's own folder and of the files in it. */
export function ownFiles(ctx: Pick<Context, 'env' | 'home' | 'platform'>): OwnFiles {
  const folder = orccFolder(ctx);
  const join = pathsOf(ctx.platform).join;
  return {
    folder,
    key: join(folder, OWN_NAMES.key),
    config: join(folder, OWN_NAMES.config),
    configBroken: join(folder, OWN_NAMES.configBroken),
    state: join(folder, OWN_NAMES.state),
    replaced: join(folder, OWN_NAMES.replaced),
  };
}

/** The system's temporary folder, links resolved. Throws OrccError('refused') if it is not there. */
export function tempFolder({ fs, env, platform }: Pick<Context, 'fs' | 'env' | 'platform'>): string {
  const [names, usual] = platform === 'win32' ? [['TEMP', 'TMP'], 'C:\\Windows\\Temp'] : [['TMPDIR'], '/tmp'];
  const folder = names.map((name) => env[name] ?? '').find((each) => each !== '') ?? usual;
  try {
    return fs.realpath(folder);
  } catch (cause) {
    throw new OrccError('refused', `The folder for temporary files, \`${escapeInvisible(folder)}\`, is not there`, {
      hint: `Create it, or set ${names.join(' and ')} to a folder that is there`,
      cause,
    });
  }
}
