import { attempt } from '../text/attempt.ts';
import type { Context, FileStat } from './context.ts';

/** Bytes of the largest file that orcc edits, or believes that Claude Code reads as settings: no profile or settings file is this big. */
export const LARGEST_FILE = 8 * 1024 * 1024;
/** Bytes of the largest start-up file that orcc reads or edits. */
export const LARGEST_STARTUP_FILE = 5 * 1024 * 1024;

/** The clause that refuses a file above such a limit, which is whole mebibytes. */
export function largerThan(bytes: number): string {
  return `is larger than ${bytes / 1024 / 1024} MiB`;
}

type Files<Method extends keyof Context['fs']> = Pick<Context['fs'], Method>;

/** The kind of what is at a path, links followed; undefined if nothing is there or it can't be accessed. */
export function kindAt(fs: Files<'stat'>, path: string): FileStat['kind'] | undefined {
  return attempt(() => fs.stat(path)?.kind);
}

/** The names in a folder, sorted; empty if it is not a folder or can't be listed. */
export function listFolder(fs: Files<'readdir'>, folder: string): readonly string[] {
  return attempt(() => fs.readdir(folder).sort(), []);
}

/** The bytes of an ordinary file; undefined if there is none, it is larger than `maxBytes`, or it can't be read. */
export function readQuietly(fs: Files<'stat' | 'readFile'>, file: string, maxBytes = Infinity): Uint8Array | undefined {
  return attempt(() => {
    const stat = fs.stat(file);
    return stat?.kind === 'file' && stat.size <= maxBytes ? fs.readFile(file) : undefined;
  });
}

/** The text of the key file, trimmed; undefined if it is missing, empty, unreadable, not a file or larger than 4096 bytes. */
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
 * Whether reading a file is sure to end: true for an ordinary file, or what a shell passes for `<(…)`. Any other pipe or device,
 * which may come with a cloned folder, could block or go on for ever.
 */
export function endsWhenRead({ kind }: Pick<FileStat, 'kind'>, file: string): boolean {
  return kind === 'file' || (kind === 'other' && /^\/(?:dev|proc\/self)\/fd\/\d+$/.test(file));
}
