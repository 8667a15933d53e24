import type { Context } from './context.ts';
import { pathsOf } from './paths-of.ts';
import { attempt } from '../text/attempt.ts';
import { readQuietly } from './look.ts';
import { writeNew } from './write-all.ts';

type Slice = Pick<Context, 'fs' | 'platform'> & Partial<Pick<Context, 'uid'>>;

/** Every file of orcc's cache. A new one must be listed here, so that `remove` deletes it. */
export const KEPT_FILES = ['models.json', 'prices.jsonl', 'last-test.json', 'key-figures.json', 'statusline.json'] as const;

type KeptName = (typeof KEPT_FILES)[number];

/** The path of a cache file; `folder` is orcc's own folder. */
export function keptFile(ctx: Pick<Context, 'platform'>, folder: string, name: KeptName): string {
  return pathsOf(ctx.platform).join(folder, 'cache', name);
}

/**
 * Replaces a file of orcc's cache atomically (temporary file, rename). The file and its folders are private to the user.
 * The cache is only a convenience, so a failed write is not an error. Nothing is written below another user's folder (a sudo that
 * keeps HOME).
 *
 * @returns whether it was written
 */
export function keepFile(ctx: Slice, folder: string, name: KeptName, text: string): boolean {
  const file = keptFile(ctx, folder, name);
  // The folder is the user's own and the file is opened with O_EXCL, so the name only has to be unused, not unpredictable.
  const temporary = `${file}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    if (!makeFolder(ctx, pathsOf(ctx.platform).dirname(file))) return false;
    writeNew(ctx, temporary, Buffer.from(text));
    ctx.fs.rename(temporary, file);
    return true;
  } catch {
    // If the temporary file can't be deleted either, there is nothing left to try.
    attempt(() => ctx.fs.lstat(temporary) !== undefined && ctx.fs.unlink(temporary));
    return false;
  }
}

/** The text of a cache file; undefined if it is missing, not an ordinary file, not UTF-8, or larger than `maxBytes`. Never throws. */
export function readKept(ctx: Pick<Slice, 'fs' | 'platform'>, folder: string, name: KeptName, maxBytes: number): string | undefined {
  const bytes = readQuietly(ctx.fs, keptFile(ctx, folder, name), maxBytes);
  return bytes && attempt(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

/** Creates a folder with its parents. Returns false if it, or the nearest existing folder above it, belongs to another user. */
function makeFolder(ctx: Slice, folder: string): boolean {
  const stat = ctx.fs.stat(folder);
  if (stat !== undefined) return ctx.uid === undefined || stat.uid === ctx.uid;
  const parent = pathsOf(ctx.platform).dirname(folder);
  if (parent !== folder && !makeFolder(ctx, parent)) return false;
  ctx.fs.mkdir(folder, 0o700);
  return true;
}
