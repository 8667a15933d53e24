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
