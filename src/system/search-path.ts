import { pathsOf } from '../core/paths-of.ts';
import type { Env } from '../core/context.ts';

/** The folder in which orcc was started, and the user's home folder. */
export interface Place {
  readonly cwd: string;
  readonly home: string;
}

/**
 * The folders of PATH in which programs are looked up. Left out are empty and relative ones, which depend on the current folder, and
 * the `node_modules/.bin` of the current folder and those above it, which `npx` and `npm run` put first and which a cloned
 * repository can bring along. The home folder's own stays.
 */
export function searchedFolders(env: Env, platform: NodeJS.Platform, place: Place): readonly string[] {
  return splitPath(env['PATH'] ?? env['Path'] ?? '', platform).filter((folder) => isTrusted(folder, platform, place));
}

/** The environment for a child: its own search for programs (`sh -c 'cat | ...'`) must find none in the current folder either. */
export function childEnv(env: Env, platform: NodeJS.Platform, place: Place): Env {
  const cleaned = Object.entries(env).map(([name, value]): [string, string | undefined] => {
    const isPath = platform === 'win32' ? name.toUpperCase() === 'PATH' : name === 'PATH';
    if (!isPath || value === undefined) return [name, value];
    const kept = splitPath(value, platform).filter((folder) => isTrusted(folder, platform, place));
    // An empty PATH would mean the current folder again.
    const none = platform === 'win32' ? 'C:\\Windows\\System32' : '/usr/bin:/bin';
    return [name, kept.length === 0 ? none : kept.join(platform === 'win32' ? ';' : ':')];
  });
  // Windows: cmd.exe and CreateProcess look in the current folder first unless this is set.
  return { ...Object.fromEntries(cleaned), ...(platform === 'win32' ? { NoDefaultCurrentDirectoryInExePath: '1' } : {}) };
}

function splitPath(value: string, platform: NodeJS.Platform): string[] {
  return value.split(platform === 'win32' ? ';' : ':');
}

function isTrusted(folder: string, platform: NodeJS.Platform, { cwd, home }: Place): boolean {
  const { isAbsolute, normalize, dirname, basename, relative } = pathsOf(platform);
  // `\folder` without a drive is on the current drive.
  if (!isAbsolute(folder) || (platform === 'win32' && !/^(?:[a-z]:[/\\]|[/\\]{2})/i.test(folder))) return false;
  const plain = normalize(folder).replace(/[/\\]+$/, '');
  if (basename(plain) !== '.bin' || basename(dirname(plain)) !== 'node_modules') return true;
  const owner = dirname(dirname(plain));
  const below = relative(owner, cwd);
  const isAbove = below !== '..' && !/^\.\.[/\\]/.test(below) && !isAbsolute(below);
  return !isAbove || relative(owner, home) === '';
}
