import { pathsOf } from '../core/paths-of.ts';
import type { ApplyContext } from './apply-context.ts';
import { errnoOf } from '../core/errno.ts';
import { readEntries, removeEntry, type Entry } from './journal.ts';
import type { Receipt } from './receipt.ts';

/**
 * Keeps of every file the first change ever, the last `keep` that can be undone, and as many of the
 * rest (undos and what they undid): backups of others are deleted, and entries that no
 * file needs any more. `all` are the entries of the history, oldest first.
 */
export function trimHistory(ctx: ApplyContext, all: readonly Entry[], keep: number): void {
  const p = pathsOf(ctx.platform);
  const entries = all.flatMap((entry) => (typeof entry.receipt === 'string' ? [] : [{ ...entry, receipt: entry.receipt }]));
  const byFile = new Map<string, { all: string[]; open: string[]; closed: string[] }>();
  for (const { id, receipt } of entries) {
    const isOpen = receipt.status === 'done' && receipt.undoes === undefined;
    for (const path of filesOf(receipt)) {
      const ids = byFile.get(path) ?? { all: [], open: [], closed: [] };
      byFile.set(path, ids);
      ids.all.push(id);
      (isOpen ? ids.open : ids.closed).push(id);
    }
  }
  const isKept = (path: string, id: string): boolean => {
    const ids = byFile.get(path);
    return ids?.all[0] === id || ids?.open.slice(-keep).includes(id) === true || ids?.closed.slice(-keep).includes(id) === true;
  };
  for (const { id, folder: entryFolder, receipt } of entries) {
    if (receipt.status === 'pending') continue;
    if (![...filesOf(receipt)].some((path) => isKept(path, id))) {
      removeEntry(ctx, entryFolder);
      continue;
    }
    for (const { realPath, backup } of receipt.edits) {
      if (backup === undefined || isKept(realPath, id)) continue;
      const file = p.join(entryFolder, backup);
      if (ctx.fs.lstat(file) !== undefined) ctx.fs.unlink(file);
    }
  }
}

/** The key file is left out: its changes have no backup and are never undone. */
function filesOf(receipt: Receipt): Set<string> {
  return new Set(receipt.edits.filter((edit) => edit.owner !== 'key').map((edit) => edit.realPath));
}

/**
 * Deletes every backup that holds one of the secrets, in UTF-8 or UTF-16: for leaving a
 * key storage. Gives how many went. The steps they belonged to can't be undone to the byte any more.
 */
export function scrubHistory(ctx: ApplyContext, folder: string, secrets: readonly string[]): number {
  const p = pathsOf(ctx.platform);
  const needles = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [Buffer.from(secret, 'utf8'), Buffer.from(secret, 'utf16le'), Buffer.from(secret, 'utf16le').swap16()]);
  let count = 0;
  for (const entry of readEntries(ctx, folder)) {
    for (const name of ctx.fs.readdir(entry.folder)) {
      if (!name.endsWith('.bak')) continue;
      const file = p.join(entry.folder, name);
      try {
        const bytes = Buffer.from(ctx.fs.readFile(file));
        if (!needles.some((needle) => bytes.includes(needle))) continue;
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
