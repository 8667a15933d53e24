import { pathsOf } from '../core/paths-of.ts';
import type { ApplyContext } from './apply-context.ts';
import { sumOfBytes } from './bytes.ts';
import { fillKey } from './keyed.ts';
import { readEntries, type Receipt, type ReceiptEdit } from './journal.ts';

/** One change of the past. */
export interface Past {
  readonly receipt: Receipt;
  /** Folder of its receipt and backups. */
  readonly folder: string;
  /** True if it was not undone, is not an undo itself, and neither its backups nor a later change were trimmed. */
  readonly canUndo: boolean;
}

/** The changes that orcc remembers, newest first. Skips entries that do not parse. Throws exit 6 as `readEntries` does. */
export function listHistory(ctx: Pick<ApplyContext, 'fs' | 'platform' | 'uid' | 'env' | 'home'>, folder: string): Past[] {
  const past = readEntries(ctx, folder)
    .toReversed()
    .flatMap((entry) => (typeof entry.receipt === 'string' ? [] : [{ receipt: entry.receipt, folder: entry.folder }]));
  let isWhole = true;
  let next: ReceiptEdit | undefined;
  return past.map((each) => {
    if (each.receipt.status !== 'done' || each.receipt.undoes !== undefined) return { ...each, canUndo: false };
    const own = each.receipt.edits.find(({ owner }) => owner === 'config');
    // Every change writes orcc's configuration: if one does not start from what the one before it left, those between are gone.
    if (next !== undefined && own !== undefined && next.sumBefore !== own.sumAfter) isWhole = false;
    next = own ?? next;
    isWhole &&= hasBackups(ctx, each);
    return { ...each, canUndo: isWhole };
  });
}

function hasBackups(ctx: Pick<ApplyContext, 'fs' | 'platform'>, { folder, receipt }: Pick<Past, 'folder' | 'receipt'>): boolean {
  return receipt.edits.every((edit) => !needsBackup(edit) || ctx.fs.lstat(backupPath(ctx, folder, edit)) !== undefined);
}

/** Whether undoing an edit needs bytes from the history. Changes of the key are never undone. */
export function needsBackup(edit: ReceiptEdit): boolean {
  return edit.owner !== 'key' && edit.existed && edit.sumBefore !== edit.sumAfter;
}

/** Path of an edit's backup; if it has none, a path at which there is no file. */
export function backupPath(ctx: Pick<ApplyContext, 'platform'>, entryFolder: string, { backup, keyed }: ReceiptEdit): string {
  return pathsOf(ctx.platform).join(entryFolder, backup ?? keyed ?? 'no-backup');
}

/**
 * The bytes of a file before an edit; null if there was no file. A backup without the key gets the current `key` filled in; undefined
 * if none is known, or the file's sum shows that it held another one. Throws if the backup can't be read.
 */
export function readBackup(
  ctx: Pick<ApplyContext, 'fs' | 'platform'>,
  entryFolder: string,
  edit: ReceiptEdit,
  key: string | undefined,
): Uint8Array | null | undefined {
  if (!edit.existed) return null;
  const bytes = ctx.fs.readFile(backupPath(ctx, entryFolder, edit));
  if (edit.backup !== undefined) return bytes;
  const filled = key === undefined ? undefined : fillKey(bytes, key);
  return filled !== undefined && sumOfBytes(filled) === edit.sumBefore ? filled : undefined;
}
