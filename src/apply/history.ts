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
  /** Not undone, no undo itself, and neither what it needs nor a change after it was trimmed. */
  readonly canUndo: boolean;
}

/** The changes that orcc remembers, newest first. Entries that do not parse are passed over. */
export function listHistory(ctx: Pick<ApplyContext, 'fs' | 'platform' | 'uid' | 'env' | 'home'>, folder: string): Past[] {
  const past = readEntries(ctx, folder)
    .toReversed()
    .flatMap((entry) => (typeof entry.receipt === 'string' ? [] : [{ receipt: entry.receipt, folder: entry.folder }]));
  let isWhole = true;
  let next: ReceiptEdit | undefined;
  return past.map((each) => {
    if (each.receipt.status !== 'done' || each.receipt.undoes !== undefined) return { ...each, canUndo: false };
    const own = each.receipt.edits.find(({ owner }) => owner === 'config');
    // Every change writes orcc's configuration: where one does not begin with what the one before left, those between are gone.
    if (next !== undefined && own !== undefined && next.sumBefore !== own.sumAfter) isWhole = false;
    next = own ?? next;
    isWhole &&= hasBackups(ctx, each);
    return { ...each, canUndo: isWhole };
  });
}

function hasBackups(ctx: Pick<ApplyContext, 'fs' | 'platform'>, { folder, receipt }: Pick<Past, 'folder' | 'receipt'>): boolean {
  return receipt.edits.every((edit) => !needsBackup(edit) || ctx.fs.lstat(backupPath(ctx, folder, edit)) !== undefined);
}

/** Whether going back takes bytes from the history. Changes of the key are never undone. */
export function needsBackup(edit: ReceiptEdit): boolean {
  return edit.owner !== 'key' && edit.existed && edit.sumBefore !== edit.sumAfter;
}

/** Path of an edit's backup; one that names no file where it has none. */
export function backupPath(ctx: Pick<ApplyContext, 'platform'>, entryFolder: string, { backup, keyed }: ReceiptEdit): string {
  return pathsOf(ctx.platform).join(entryFolder, backup ?? keyed ?? 'no-backup');
}

/**
 * The bytes of a file before an edit. A backup without the key gets the present one, which its sum proves to be the one that stood
 * there: undefined where it is another by now, or none is known.
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
