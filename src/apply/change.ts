import { pathsOf } from '../core/paths-of.ts';
import { type ApplyContext, randomHex } from './apply-context.ts';
import { sumOfBytes } from './bytes.ts';
import { defined } from '../text/defined.ts';
import { errnoOf, quietly } from '../core/errno.ts';
import { holdsKey, withoutKeys } from './keyed.ts';
import {
  historyFolder,
  isEntryFile,
  keyedName,
  nextId,
  readEntries,
  removeEntry,
  writeEntry,
  writePrivate,
  writeReceipt,
  type Entry,
  type Receipt,
  type ReceiptEdit,
} from './journal.ts';
import type { Step } from './steps.ts';
import { syncFolder } from './write-file.ts';

/** A change in progress: its entry in the history and its current receipt. */
export interface Change {
  readonly folder: string;
  receipt: Receipt;
  /** Real paths of the files that may have been changed so far. */
  readonly touched: Set<string>;
}

interface ChangeInfo {
  /** orcc's own folder. */
  readonly folder: string;
  /** The history as it is, oldest first. */
  readonly entries: readonly Entry[];
  readonly command: string;
  readonly createdFolders: readonly string[];
  readonly undoes: readonly string[] | undefined;
  readonly emptied: readonly string[] | undefined;
  /** Keys that no backup may hold once the change is done. */
  readonly keys: readonly string[];
}

/**
 * Writes backups and a pending receipt, all private, before the first byte of a
 * change. If that fails, it throws and leaves nothing behind.
 */
export async function openChange(ctx: ApplyContext, steps: readonly Step[], info: ChangeInfo): Promise<Change> {
  const p = pathsOf(ctx.platform);
  const history = historyFolder(ctx, info.folder);
  const { id, at } = nextId(ctx, info.entries, randomHex(ctx, 6));
  const folder = p.join(history, id);
  makeHistory(ctx, history);
  try {
    ctx.fs.mkdir(folder, 0o700);
    const kept = new Map<string, Uint8Array>();
    const edits = steps.map((step, index) => recordStep(ctx, step, { index, keys: info.keys, kept }));
    const missing = steps.flatMap((step) => step.place.missing);
    const createdFolders = [...new Set([...info.createdFolders, ...missing])];
    const { command, emptied, undoes } = info;
    const lists = defined({ emptied: emptied && [...emptied], undoes: undoes && [...undoes] });
    const receipt: Receipt = { schemaVersion: 2, id, at, command, status: 'pending', edits, createdFolders, ...lists };
    await writeEntry(ctx, folder, receipt, kept);
    syncFolder(ctx, history);
    return { folder, receipt, touched: new Set() };
  } catch (error) {
    quietly(() => removeEntry(ctx, folder));
    // Only if it is empty.
    quietly(() => ctx.fs.rmdir(history));
    throw error;
  }
}

function makeHistory(ctx: ApplyContext, history: string): void {
  try {
    ctx.fs.mkdir(history, 0o700);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

interface Recording {
  readonly index: number;
  readonly keys: readonly string[];
  /** Collects the files that the entry keeps, by their names in its folder. */
  readonly kept: Map<string, Uint8Array>;
}

function recordStep(ctx: ApplyContext, { edit, place, method }: Step, { index, keys, kept }: Recording): ReceiptEdit {
  const p = pathsOf(ctx.platform);
  const { stat } = place;
  const backup = edit.before !== null && method !== 'mode' ? `${index}.bak` : undefined;
  if (backup !== undefined && edit.before !== null) kept.set(backup, edit.before);
  // The copy without the key is made here: a later run that finishes this change after a kill does not know the key.
  const keyed = backup !== undefined && edit.before !== null && holdsKey(edit.before, keys) ? keyedName(index) : undefined;
  if (keyed !== undefined && edit.before !== null) kept.set(keyed, withoutKeys(edit.before, keys));
  const torn = method === 'in-place' && edit.after !== null ? `${index}.new` : undefined;
  if (torn !== undefined && edit.after !== null) kept.set(torn, edit.after);
  return {
    path: edit.path,
    realPath: place.real,
    owner: edit.owner,
    existed: stat !== undefined,
    modeBefore: stat?.mode ?? null,
    modeAfter: edit.after === null ? null : ((ctx.platform === 'win32' ? undefined : edit.mode) ?? stat?.mode ?? null),
    sumBefore: sumOfBytes(edit.before),
    sumAfter: sumOfBytes(edit.after),
    temp: p.join(place.folder, `.orcc-${randomHex(ctx, 12)}.tmp`),
    ...defined({ uid: stat?.uid, gid: stat?.gid, backup, keyed, torn }),
  };
}

/** Notes in the journal that a file will be written in place after all, and keeps its new bytes. */
export function noteInPlace(ctx: ApplyContext, change: Change, index: number, bytes: Uint8Array): void {
  const torn = `${index}.new`;
  writePrivate(ctx, pathsOf(ctx.platform).join(change.folder, torn), bytes);
  const edits = change.receipt.edits.map((edit, at) => (at === index ? { ...edit, torn } : edit));
  change.receipt = { ...change.receipt, edits };
  writeReceipt(ctx, change.folder, change.receipt);
}

/**
 * Makes a change final: once the receipt says `done`, nothing is rolled back any more. Then deletes
 * what only a rollback needs, including copies of old keys, and marks the changes that this one undid.
 */
export function commitChange(ctx: ApplyContext, folder: string, change: Pick<Change, 'folder' | 'receipt'>): Receipt {
  const edits = change.receipt.edits.map((edit) => ({
    ...forKeeping(edit),
    modeAfter: ctx.fs.lstat(edit.realPath)?.mode ?? null,
  }));
  const receipt: Receipt = { ...change.receipt, status: 'done', edits };
  writeReceipt(ctx, change.folder, receipt);
  tidyUp(ctx, folder, change.folder, receipt);
  dropEmptied(ctx, receipt);
  return receipt;
}

/** Does what is left to do once a change counts as done. Safe to repeat; ignores errors. */
export function tidyUp(ctx: ApplyContext, folder: string, entryFolder: string, receipt: Receipt): void {
  quietly(() => dropUnnamed(ctx, entryFolder, receipt));
  quietly(() => markUndone(ctx, folder, receipt));
}

/** Removes the folders that orcc once made and that this change has left empty. */
export function dropEmptied(ctx: ApplyContext, receipt: Receipt): void {
  for (const each of (receipt.emptied ?? []).toSorted((a, b) => b.length - a.length)) quietly(() => ctx.fs.rmdir(each));
}

/** Closes a change that was put back except for files that another program has changed: their backups stay, old keys do not. */
export function closeRolledBack(ctx: ApplyContext, entryFolder: string, receipt: Receipt): void {
  const closed: Receipt = { ...receipt, status: 'rolled-back', edits: receipt.edits.map(forKeeping) };
  writeReceipt(ctx, entryFolder, closed);
  quietly(() => dropUnnamed(ctx, entryFolder, closed));
}

function forKeeping({ temp: _temp, torn: _torn, backup, keyed, ...edit }: ReceiptEdit): ReceiptEdit {
  if (edit.owner === 'key') return edit;
  return { ...edit, ...defined(keyed === undefined ? { backup } : { keyed }) };
}

function dropUnnamed(ctx: ApplyContext, entryFolder: string, receipt: Receipt): void {
  const named = new Set(['receipt.json', ...receipt.edits.flatMap(({ backup, keyed }) => [backup ?? '', keyed ?? ''])]);
  for (const name of ctx.fs.readdir(entryFolder)) {
    if (isEntryFile(name) && !named.has(name)) ctx.fs.unlink(pathsOf(ctx.platform).join(entryFolder, name));
  }
}

function markUndone(ctx: ApplyContext, folder: string, undo: Receipt): void {
  if (undo.undoes === undefined) return;
  for (const entry of readEntries(ctx, folder)) {
    const { receipt } = entry;
    if (typeof receipt === 'string' || receipt.status !== 'done' || !undo.undoes.includes(entry.id)) continue;
    writeReceipt(ctx, entry.folder, { ...receipt, status: 'undone' });
  }
}
