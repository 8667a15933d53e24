import { pathsOf } from '../core/paths-of.ts';
import type { ApplyContext } from './apply-context.ts';
import { readNow } from './bytes.ts';
import { closeRolledBack, commitChange, dropEmptied, tidyUp } from './change.ts';
import { confineReceipt } from './confine.ts';
import { asRefusal } from '../core/errno.ts';
import { historyFolder, readEntries, removeEntry, type Entry, type Receipt } from './journal.ts';
import { isStale, readHolder } from './lock-holder.ts';
import { lockFile, withLock, type Lock } from './lock.ts';
import { isAfter, putBack, type PutBack } from './put-back.ts';

/** What became of a run that was killed half-way. */
export interface RecoveredRun extends PutBack {
  readonly command: string;
  /** finished: every file had been written. failed: some file can't be put back yet. */
  readonly outcome: 'rolled-back' | 'finished' | 'failed';
}

interface Recovered {
  readonly runs: readonly RecoveredRun[];
}

/**
 * Looks for a run that was killed half-way and puts its files back, or finishes it if all were
 * written. Returns undefined if there is nothing to report. Every mutating command calls it first.
 * Waits for a run that is still alive. Throws exit 6 if it can't get the lock.
 */
export async function recoverPending(ctx: ApplyContext, folder: string): Promise<Recovered | undefined> {
  try {
    const hasLock = ctx.fs.lstat(pathsOf(ctx.platform).join(folder, 'locks')) !== undefined;
    if (!hasLock && !readEntries(ctx, folder).some(isUnfinished)) return undefined;
    return await withLock(ctx, folder, async (lock) => (await recoverEntries(ctx, folder, lock)).recovered);
  } catch (error) {
    throw asRefusal(error, folder, 'an earlier run may have stopped halfway');
  }
}

/**
 * The command of a run that was killed half-way and has not been recovered yet; undefined if there is none or it is still running. Only
 * reads. Since a change always happens under the lock, nothing else is read if there is no lock file.
 */
export function findInterrupted(ctx: ApplyContext, folder: string): string | undefined {
  const holder = readHolder(ctx, lockFile(ctx, folder));
  if (holder === undefined || !isStale(ctx, holder)) return undefined;
  for (const { receipt } of readEntries(ctx, folder)) {
    if (typeof receipt !== 'string' && receipt.status === 'pending') return receipt.command;
  }
  return undefined;
}

function isUnfinished({ receipt }: Entry): boolean {
  return receipt === 'absent' || (receipt !== 'broken' && receipt.status === 'pending');
}

/** Does what `recoverPending` does, for a caller that holds the lock. Also returns the history's entries, as they are afterwards. */
export async function recoverEntries(
  ctx: ApplyContext,
  folder: string,
  lock: Lock,
): Promise<{ readonly recovered: Recovered | undefined; readonly entries: readonly Entry[] }> {
  const runs: RecoveredRun[] = [];
  const entries = readEntries(ctx, folder);
  for (const entry of entries.toReversed()) {
    if (entry.receipt === 'absent') removeEntry(ctx, entry.folder);
    else if (entry.receipt !== 'broken' && entry.receipt.status === 'pending')
      runs.push(await recoverRun(ctx, folder, entry, entry.receipt, lock));
    else if (entry.receipt !== 'broken' && lock.stolen) {
      tidyUp(ctx, folder, entry.folder, entry.receipt);
      if (entry === entries.at(-1)) dropEmptied(ctx, confineReceipt(ctx, folder, entry, entry.receipt));
    }
  }
  if (!lock.stolen && !entries.some(isUnfinished)) return { recovered: undefined, entries };
  lock.tidy.add(historyFolder(ctx, folder)).add(folder);
  return { recovered: runs.length === 0 ? undefined : { runs }, entries: readEntries(ctx, folder) };
}

async function recoverRun(ctx: ApplyContext, folder: string, entry: Entry, found: Receipt, lock: Lock): Promise<RecoveredRun> {
  const receipt = confineReceipt(ctx, folder, entry, found);
  const entryFolder = entry.folder;
  const run = { command: receipt.command, restored: [], left: [], failed: [] };
  const isDone = receipt.edits.every((edit) => {
    const { bytes, stat } = readNow(ctx.fs, edit.realPath);
    return isAfter(edit, bytes, stat) && (edit.temp === undefined || ctx.fs.lstat(edit.temp) === undefined);
  });
  if (isDone) {
    commitChange(ctx, folder, { folder: entryFolder, receipt });
    return { ...run, outcome: 'finished' };
  }
  const back = await putBack(ctx, entryFolder, receipt);
  if (back.failed.length > 0) return { ...run, ...back, outcome: 'failed' };
  if (back.left.length === 0) removeEntry(ctx, entryFolder);
  else closeRolledBack(ctx, entryFolder, receipt);
  for (const each of receipt.createdFolders) lock.tidy.add(each);
  return { ...run, ...back, outcome: 'rolled-back' };
}
