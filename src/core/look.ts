import { attempt } from '../text/attempt.ts';
import type { Context, FileStat } from './context.ts';

type Files<Method extends keyof Context['fs']> = Pick<Context['fs'], Method>;

/** What lies at a path, links followed; undefined where nothing does, or where it can't be looked at. */
export function kindAt(fs: Files<'stat'>, path: string): FileStat['kind'] | undefined {
  return attempt(() => fs.stat(path)?.kind);
}

/** The names in a folder, in order; none where it is no folder or can't be listed. */
export function listFolder(fs: Files<'readdir'>, folder: string): readonly string[] {
  return attempt(() => fs.readdir(folder).sort(), []);
}

/** The bytes of an ordinary file of at most so many; undefined where there is none, or it can't be read. */
export function readQuietly(fs: Files<'stat' | 'readFile'>, file: string, maxBytes = Infinity): Uint8Array | undefined {
  return attempt(() => {
    const stat = fs.stat(file);
    return stat?.kind === 'file' && stat.size <= maxBytes ? fs.readFile(file) : undefined;
  });
}

/** The key file's text without its line end; undefined where it is missing, empty or no file. */
export function readKeyFile(fs: Context['fs'], path: string): string | undefined {
  const stat = fs.stat(path);
  if (stat?.kind !== 'file' || stat.size > 4096) return undefined;
  try {
    const text = Buffer.from(fs.readFile(path)).toString('utf8').trim();
    return text === '' ? undefined : text;
  } catch {
    // Unreadable counts as missing: the commands that need the key say so.
    return undefined;
  }
}

/**
 * Whether reading what lies there comes to an end: an ordinary file, or what a shell hands over for `<(…)`. A pipe or a device elsewhere,
 * which a folder may bring along, could wait or go on for ever.
 */
export function endsWhenRead({ kind }: Pick<FileStat, 'kind'>, file: string): boolean {
  return kind === 'file' || (kind === 'other' && /^\/(?:dev|proc\/self)\/fd\/\d+$/.test(file));
}
