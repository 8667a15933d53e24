import { pathsOf } from '../core/paths-of.ts';
import type { ApplyContext } from './apply-context.ts';
import { errnoOf, quietly } from '../core/errno.ts';
import { backupPath } from './history.ts';
import { keyedName, readEntries, removeEntry, writePrivate, writeReceipt, type Entry, type Receipt, type ReceiptEdit } from './journal.ts';
import { holdsKey, withoutKeys } from './keyed.ts';

/** How many changes of orcc's own records alone (such as a saved profile) may lie between changes of files without displacing them. */
const MOST_RECORDS = 50;

/**
 * Keeps, for every file, the backups of the very first change, of the last `keep` changes that can be undone, and of the last `keep`
 * others (undos and what they undid). Deletes all other backups, and entries that no file needs any more. Backups of orcc's own records,
 * which every change writes, stay as far back as those changes go. `all` holds the entries of the history, oldest first.
 */
export function trimHistory(ctx: ApplyContext, all: readonly Entry[], keep: number): void {
  const entries = all.flatMap((entry) => (typeof entry.receipt === 'string' ? [] : [{ ...entry, receipt: entry.receipt }]));
  const byFile = new Map<string, { all: string[]; open: string[]; closed: string[] }>();
  for (const { id, receipt } of entries) {
    for (const path of filesOf(receipt)) {
      const ids = byFile.get(path) ?? { all: [], open: [], closed: [] };
      byFile.set(path, ids);
      ids.all.push(id);
      (isOpen(receipt) ? ids.open : ids.closed).push(id);
    }
  }
  const needed = new Set(reachable(entries, keep));
  const isKept = (path: string, id: string): boolean => {
    const ids = byFile.get(path);
    if (needed.has(id)) return true;
    return ids?.all[0] === id || ids?.open.slice(-keep).includes(id) === true || ids?.closed.slice(-keep).includes(id) === true;
  };
  for (const { id, folder: entryFolder, receipt } of entries) {
    if (receipt.status === 'pending') continue;
    if (![...filesOf(receipt)].some((path) => isKept(path, id))) {
      removeEntry(ctx, entryFolder);
      continue;
    }
    for (const edit of receipt.edits) {
      if (isKept(edit.realPath, id)) continue;
      const file = backupPath(ctx, entryFolder, edit);
      if (ctx.fs.lstat(file) !== undefined) ctx.fs.unlink(file);
    }
  }
}

/** Ids of the changes that undoing the last `keep` changes of files goes through. */
function reachable(entries: readonly { readonly id: string; readonly receipt: Receipt }[], keep: number): readonly string[] {
  const open = entries.filter(({ receipt }) => isOpen(receipt)).slice(-keep - MOST_RECORDS);
  const changes = open.flatMap(({ receipt }, index) =>
    receipt.edits.some(({ owner }) => owner !== 'key' && owner !== 'config' && owner !== 'state') ? [index] : [],
  );
  return open.slice(changes.at(-keep) ?? 0).map(({ id }) => id);
}

/** Whether a change is neither undone nor an undo itself. */
function isOpen({ status, undoes }: Receipt): boolean {
  return status === 'done' && undoes === undefined;
}

/** The key file is left out: its changes have no backup and are never undone. */
function filesOf(receipt: Receipt): Set<string> {
  return new Set(receipt.edits.filter((edit) => edit.owner !== 'key').map((edit) => edit.realPath));
}

/**
 * Replaces these keys with a placeholder in the backups of earlier changes. A run that is killed meanwhile leaves at most two copies
 * of a backup, and the next run deletes the one with the key. Returns the entries as they are afterwards.
 */
export function takeKeysOut(ctx: ApplyContext, entries: readonly Entry[], keys: readonly string[]): readonly Entry[] {
  if (keys.length === 0) return entries;
  const p = pathsOf(ctx.platform);
  return entries.map((entry) => {
    const { folder, receipt } = entry;
    if (typeof receipt === 'string' || receipt.status === 'pending') return entry;
    const edits = receipt.edits.map((edit) => takeKeyOut(ctx, folder, edit, keys));
    if (edits.every((edit, index) => edit === receipt.edits[index])) return entry;
    writeReceipt(ctx, folder, { ...receipt, edits });
    for (const [index, { backup }] of receipt.edits.entries())
      if (backup !== undefined && edits[index]?.backup === undefined) ctx.fs.unlink(p.join(folder, backup));
    return { ...entry, receipt: { ...receipt, edits } };
  });
}

function takeKeyOut(ctx: ApplyContext, entryFolder: string, edit: ReceiptEdit, keys: readonly string[]): ReceiptEdit {
  const p = pathsOf(ctx.platform);
  const { backup, ...rest } = edit;
  if (backup === undefined || ctx.fs.lstat(p.join(entryFolder, backup)) === undefined) return edit;
  const bytes = ctx.fs.readFile(p.join(entryFolder, backup));
  if (!holdsKey(bytes, keys)) return edit;
  const keyed = keyedName(Number.parseInt(backup, 10));
  quietly(() => ctx.fs.unlink(p.join(entryFolder, keyed)));
  writePrivate(ctx, p.join(entryFolder, keyed), withoutKeys(bytes, keys));
  return { ...rest, keyed };
}

/**
 * Deletes every backup that holds one of these secrets or a placeholder for a key, for a key that is replaced, moved or forgotten.
 * Returns how many it deleted. The changes they belonged to can't be undone any more.
 */
export function scrubHistory(ctx: ApplyContext, folder: string, secrets: readonly string[]): number {
  const p = pathsOf(ctx.platform);
  let count = 0;
  for (const entry of readEntries(ctx, folder)) {
    // Belongs to another orcc, which may have to put its files back.
    if (typeof entry.receipt !== 'string' && entry.receipt.status === 'pending') continue;
    for (const name of ctx.fs.readdir(entry.folder)) {
      if (!/\.(?:bak|keyed)$/.test(name)) continue;
      const file = p.join(entry.folder, name);
      try {
        if (name.endsWith('.bak') && !holdsKey(ctx.fs.readFile(file), secrets)) continue;
        ctx.fs.unlink(file);
        count += 1;
      } catch (error) {
        // Another orcc has just deleted it.
        if (errnoOf(error) !== 'ENOENT') throw error;
      }
    }
  }
  return count;
}
