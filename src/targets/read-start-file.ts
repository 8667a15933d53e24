import type { Context } from '../core/context.ts';
import { readQuietly } from '../core/look.ts';
import { attempt } from '../text/attempt.ts';
import { pasteWord } from '../text/quote-word.ts';
import { belowHome, withSlashes } from '../edit/shell/key-path.ts';

/** A start-up file's text (latin1 view); undefined if it is missing or can't be read (the edit reports why). */
export function readStartFile(fs: Context['fs'], path: string): string | undefined {
  const bytes = readQuietly(fs, path);
  return bytes && Buffer.from(bytes).toString('latin1');
}

/** Whether something exists at a path. A broken link counts, and so does a path that can't be looked at. */
export function isThere(fs: Context['fs'], path: string): boolean {
  return attempt(() => fs.lstat(path) !== undefined, true);
}

/** `source ~/.bashrc`: the path as people type it, for shells that know `~` and single quotes. */
export function sourceCommand(path: string, ctx: Pick<Context, 'home' | 'platform'>): string {
  const rest = belowHome(path, ctx);
  return `source ${rest === undefined ? '' : '~/'}${pasteWord(withSlashes(rest ?? path, ctx))}`;
}
