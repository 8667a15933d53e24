import type { Context } from './context.ts';
import { pathsOf } from './paths-of.ts';
import { attempt } from '../text/attempt.ts';
import { readQuietly } from './look.ts';
import { writeNew } from './write-all.ts';

type Slice = Pick<Context, 'fs' | 'platform'> & Partial<Pick<Context, 'uid'>>;

/** Every file of orcc's cache. A new one is named here, and `remove` takes it along. */
export const KEPT_FILES = ['models.json', 'prices.jsonl', 'last-test.json', 'key-figures.json', 'statusline.json'] as const;

/** Where a file of the cache lies, `folder` being orcc's own. */
export function keptFile(ctx: Pick<Context, 'platform'>, folder: string, name: (typeof KEPT_FILES)[number]): string {
  return pathsOf(ctx.platform).join(folder, 'cache', name);
}

/**
 * Replaces a file of orcc's cache at one stroke (temporary file, rename). The file and its folders are for the user alone.
 * What is kept here is only ever a help, so that a disk which takes it not is no fault. Below another user's folder (a sudo that keeps
 * HOME) nothing is kept.
 *
 * @returns whether it was written
 */
export function keepFile(ctx: Slice, file: string, text: string): boolean {
  // In a folder of the user's own, and opened only where it is not there: this name has to be new, not secret.
  const temporary = `${file}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    if (!makeFolder(ctx, pathsOf(ctx.platform).dirname(file))) return false;
    writeNew(ctx, temporary, Buffer.from(text));
    ctx.fs.rename(temporary, file);
    return true;
  } catch {
    // Nothing more can be done about a disk that takes neither.
    attempt(() => ctx.fs.lstat(temporary) !== undefined && ctx.fs.unlink(temporary));
    return false;
  }
}

/** The text of such a file; undefined where there is none, it is none, or it has more bytes than it may. Never throws. */
export function readKept({ fs }: Pick<Context, 'fs'>, file: string, maxBytes: number): string | undefined {
  const bytes = readQuietly(fs, file, maxBytes);
  return bytes && attempt(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

/** Says whether the folder is there and the user's own. */
function makeFolder(ctx: Slice, folder: string): boolean {
  const stat = ctx.fs.stat(folder);
  if (stat !== undefined) return ctx.uid === undefined || stat.uid === ctx.uid;
  const parent = pathsOf(ctx.platform).dirname(folder);
  if (parent !== folder && !makeFolder(ctx, parent)) return false;
  ctx.fs.mkdir(folder, 0o700);
  return true;
}
