import { defined } from '../text/defined.ts';
import { pathsOf } from '../core/paths-of.ts';
import type { ApplyContext } from './apply-context.ts';
import { errnoOf, quietly } from '../core/errno.ts';
import { checkOwnTree } from '../core/own-folder.ts';
import { formerHome, pathFromStored, storedPath } from '../core/home-path.ts';
import { syncFolder } from './write-file.ts';
import { writeAll, writeNew } from '../core/write-all.ts';
import * as z from 'zod/mini';
import { TARGET_IDS } from '../targets/types.ts';

// Shared, since making a schema takes as long as checking many values.
const text = z.string();
const texts = z.array(text);
const maybeNumber = z.exactOptional(z.number());
const nullableMode = z.nullable(z.number());
const nullableSum = z.nullable(text);

const receiptEdit = z.object({
  /** As the user knows it. */
  path: text,
  /** Where the bytes went, links resolved. */
  realPath: text,
  owner: z.enum([...TARGET_IDS, 'key', 'config', 'state', 'gitignore']),
  /** There was a file before. */
  existed: z.boolean(),
  /** Permission bits; null where there is no file. */
  modeBefore: nullableMode,
  modeAfter: nullableMode,
  /** SHA-256 of the bytes, hex; null where there is no file. */
  sumBefore: nullableSum,
  sumAfter: nullableSum,
  /** File in the receipt's folder with the bytes before. Once the change is done, not kept if they hold the key, nor for the key file. */
  backup: z.exactOptional(text.check(z.regex(/^\d+\.bak$/))),
  /** The same with a placeholder for the key, which undo fills in from the key storage. Kept for a file that held the key. */
  keyed: z.exactOptional(text.check(z.regex(/^\d+\.keyed$/))),
  uid: maybeNumber,
  gid: maybeNumber,
  /** While pending: the temporary file beside the target. */
  temp: z.exactOptional(text),
  /** While pending: file with the new bytes, if they are written in place and may have been written only in part. */
  torn: z.exactOptional(text.check(z.regex(/^\d+\.new$/))),
});

const receiptSchema = z.object({
  /** Version 1 had only absolute paths; version 2 has `~/…` for those below the home. */
  schemaVersion: z.union([z.literal(1), z.literal(2)]),
  /** Sorts by time. */
  id: text,
  /** ISO 8601, UTC. */
  at: text,
  command: text,
  /** pending: not finished yet, or killed. rolled-back: put back, except for files that others changed. undone: by a later `undo`. */
  status: z.enum(['pending', 'done', 'rolled-back', 'undone']),
  /** In the order in which they were written. */
  edits: z.array(receiptEdit),
  /** Folders that did not exist before, outermost first. */
  createdFolders: texts,
  /** Folders that orcc once made, to be removed if this change leaves them empty. */
  emptied: z.exactOptional(texts),
  /** The receipts that this change undid. */
  undoes: z.exactOptional(texts),
});

/** What a change really did. `undo` is its inverse. */
export type Receipt = z.infer<typeof receiptSchema>;
export type ReceiptEdit = z.infer<typeof receiptEdit>;

/** The same receipt with every path mapped. */
function mapReceiptPaths(receipt: Receipt, map: (path: string) => string): Receipt {
  const { emptied } = receipt;
  return {
    ...receipt,
    edits: receipt.edits.map((edit) => ({
      ...edit,
      path: map(edit.path),
      realPath: map(edit.realPath),
      ...defined({ temp: edit.temp && map(edit.temp) }),
    })),
    createdFolders: receipt.createdFolders.map(map),
    ...defined({ emptied: emptied?.map(map) }),
  };
}

/** One folder under `<folder>/history`: a receipt and its backups. */
export interface Entry {
  readonly id: string;
  readonly folder: string;
  /** absent: its process died before anything was changed. broken: it does not parse, a newer orcc wrote it, or it is a folder. */
  readonly receipt: Receipt | 'absent' | 'broken';
}

/** `<folder>/history`. */
export function historyFolder(ctx: Pick<ApplyContext, 'platform'>, folder: string): string {
  return pathsOf(ctx.platform).join(folder, 'history');
}

/** All entries, oldest first. Skips what is not an entry's folder. Throws exit 6 if someone else could have written there. */
export function readEntries(ctx: Pick<ApplyContext, 'fs' | 'platform' | 'uid' | 'env' | 'home'>, folder: string): Entry[] {
  const p = pathsOf(ctx.platform);
  const history = historyFolder(ctx, folder);
  checkOwnTree(ctx, folder, history);
  if (ctx.fs.stat(history)?.kind !== 'directory') return [];
  return ctx.fs
    .readdir(history)
    .filter((name) => /^\d{8}T\d{9}Z-[0-9a-f]{6}$/.test(name))
    .toSorted()
    .flatMap((id) => {
      const receipt = readReceipt(ctx, folder, p.join(history, id, 'receipt.json'));
      return receipt === undefined ? [] : [{ id, folder: p.join(history, id), receipt }];
    });
}

/** Undefined if a file is in the place of the entry's folder. */
function readReceipt(ctx: Pick<ApplyContext, 'fs' | 'platform' | 'home'>, folder: string, file: string): Entry['receipt'] | undefined {
  let bytes: Uint8Array;
  try {
    bytes = ctx.fs.readFile(file);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return 'absent';
    if (errno === 'ENOTDIR') return undefined;
    if (errno === 'EISDIR') return 'broken';
    throw error;
  }
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return withPaths(ctx, folder, receiptSchema.parse(value));
  } catch {
    return 'broken';
  }
}

/** A receipt with absolute paths in the current home. Those of schema 1 may have been written before the home was moved. */
function withPaths(ctx: Pick<ApplyContext, 'platform' | 'home'>, folder: string, receipt: Receipt): Receipt {
  const { home } = ctx;
  const own = receipt.edits.find(({ owner }) => owner === 'key' || owner === 'config' || owner === 'state')?.path;
  const then = own === undefined ? undefined : pathsOf(ctx.platform).dirname(pathFromStored(own, { home }));
  const place = { home, former: formerHome(then, folder, home) };
  return { ...mapReceiptPaths(receipt, (path) => pathFromStored(path, place)), schemaVersion: 2 };
}

/** Writes a private file that must not exist yet, and makes its bytes durable. */
export function writePrivate(ctx: ApplyContext, file: string, bytes: Uint8Array): void {
  writeNew(ctx, file, bytes, (fd) => ctx.fs.fsync(fd));
}

/** Writes several such files, by their names, into one folder and makes them durable together. */
async function writeAllPrivate(ctx: ApplyContext, folder: string, files: ReadonlyArray<readonly [string, Uint8Array]>): Promise<void> {
  const fds: number[] = [];
  try {
    for (const [name, bytes] of files) {
      const fd = ctx.fs.openExclusive(pathsOf(ctx.platform).join(folder, name), 0o600);
      fds.push(fd);
      writeAll(ctx, fd, bytes);
    }
    await ctx.fs.fsyncAll(fds);
  } finally {
    for (const fd of fds) ctx.fs.close(fd);
  }
}

/** Writes a receipt into its entry's folder atomically. Its status counts from the moment of the rename. */
export function writeReceipt(ctx: ApplyContext, entryFolder: string, receipt: Receipt): void {
  const temp = pathsOf(ctx.platform).join(entryFolder, RECEIPT_TEMP);
  quietly(() => ctx.fs.unlink(temp));
  writePrivate(ctx, temp, receiptBytes(ctx, receipt));
  placeReceipt(ctx, entryFolder);
}

/** Writes an entry's first receipt together with the files that it names. */
export async function writeEntry(
  ctx: ApplyContext,
  entryFolder: string,
  receipt: Receipt,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  await writeAllPrivate(ctx, entryFolder, [...files, [RECEIPT_TEMP, receiptBytes(ctx, receipt)]]);
  placeReceipt(ctx, entryFolder);
}

const RECEIPT_TEMP = 'receipt.tmp';

function receiptBytes({ home }: ApplyContext, receipt: Receipt): Uint8Array {
  const kept = mapReceiptPaths(receipt, (path) => storedPath(path, home));
  return Buffer.from(`${JSON.stringify(kept, null, 2)}\n`);
}

function placeReceipt(ctx: ApplyContext, entryFolder: string): void {
  const p = pathsOf(ctx.platform);
  ctx.fs.rename(p.join(entryFolder, RECEIPT_TEMP), p.join(entryFolder, 'receipt.json'));
  quietly(() => syncFolder(ctx, entryFolder));
}

/**
 * Deletes an entry. The receipt goes first, since a folder without one is known to be garbage, or last when everything is
 * being removed and only the receipt knows what is left to do. Files with names that orcc never gives stay.
 */
export function removeEntry(ctx: ApplyContext, entryFolder: string, receiptAt: 'first' | 'last' = 'first'): void {
  const p = pathsOf(ctx.platform);
  if (ctx.fs.lstat(entryFolder)?.kind !== 'directory') return;
  const names = ctx.fs.readdir(entryFolder).filter(isEntryFile);
  const receipt = names.filter((name) => name === 'receipt.json');
  const rest = names.filter((name) => name !== 'receipt.json');
  for (const name of receiptAt === 'first' ? [...receipt, ...rest] : [...rest, ...receipt]) {
    ctx.fs.unlink(p.join(entryFolder, name));
  }
  quietly(() => ctx.fs.rmdir(entryFolder));
}

/** Whether a name is one that orcc gives to files in an entry's folder. */
export function isEntryFile(name: string): boolean {
  return /^(?:receipt\.(?:json|tmp)|\d+\.(?:bak|keyed|new))$/.test(name);
}

/** File name of the backup that holds a placeholder for the key, for a receipt's nth edit. */
export function keyedName(index: number): string {
  return `${index}.keyed`;
}

/** The name of a new entry, which sorts by time and after all existing ones, and the time in it (ISO 8601, UTC). */
export function nextId(ctx: Pick<ApplyContext, 'clock'>, entries: readonly Entry[], hex: string): { id: string; at: string } {
  const last = entries.at(-1)?.id.slice(0, 19) ?? '';
  let time = ctx.clock.now();
  const stamp = (): string => new Date(time).toISOString().replace(/[-:.]/g, '');
  if (stamp() <= last) time = Date.parse(last.replace(/(....)(..)(..)T(..)(..)(..)(...)Z/, '$1-$2-$3T$4:$5:$6.$7Z')) + 1;
  return { id: `${stamp()}-${hex}`, at: new Date(time).toISOString() };
}
