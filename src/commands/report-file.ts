import { errnoOf } from '../core/errno.ts';
import { dirname, resolve } from 'node:path';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { writeAll } from '../core/write-all.ts';
import { escapeInvisible } from '../text/text.ts';

/** Throws exit 6 if the report's folder is missing. Called before anything that costs money, which would be wasted without a report. */
export function checkReport(ctx: Pick<Context, 'fs' | 'cwd'>, name: string): void {
  const folder = dirname(resolve(ctx.cwd, name));
  if (ctx.fs.stat(folder)?.kind !== 'directory')
    throw new OrccError('refused', `\`${escapeInvisible(name)}\` can't be written: there is not a folder \`${escapeInvisible(folder)}\``, {
      hint: 'Create it, or choose another file',
    });
}

/**
 * Makes sure that an existing file may be replaced: asks on a terminal (No is the default). Throws exit 6 if it may not, or if the
 * folder is missing.
 */
export async function agreeToReplace(ctx: Pick<Context, 'fs' | 'cwd' | 'ask' | 'interactive'>, name: string): Promise<void> {
  checkReport(ctx, name);
  if (ctx.fs.lstat(resolve(ctx.cwd, name)) === undefined) return;
  if (ctx.interactive && (await ctx.ask.confirm(`Replace ${escapeInvisible(name)}, which already exists?`, false))) return;
  throw new OrccError('refused', `\`${escapeInvisible(name)}\` already exists, and nothing was written`, {
    hint: 'Choose another file, or delete that one',
  });
}

/**
 * Writes a report file that the user named, replacing an old one. Throws exit 6 if it can't be written, or is a link, which could
 * lead anywhere.
 */
export function writeReport(ctx: Pick<Context, 'fs' | 'cwd'>, name: string, text: string): void {
  const file = resolve(ctx.cwd, name);
  try {
    const kind = ctx.fs.lstat(file)?.kind;
    if (kind === 'link') throw refusal(file, 'it is a link');
    const isThere = kind === 'file';
    const fd = isThere ? ctx.fs.openExisting(file) : ctx.fs.openExclusive(file, 0o644);
    try {
      if (isThere) ctx.fs.ftruncate(fd, 0);
      writeAll(ctx, fd, Buffer.from(text, 'utf8'));
    } finally {
      ctx.fs.close(fd);
    }
  } catch (error) {
    throw error instanceof OrccError ? error : refusal(file, errnoOf(error) ?? 'unknown', error);
  }
}

function refusal(file: string, reason: string, cause?: unknown): OrccError {
  return new OrccError('refused', `\`${escapeInvisible(file)}\` can't be written (${reason})`, { hint: 'Choose another file', cause });
}
