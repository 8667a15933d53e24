import { pathsOf } from '../core/paths-of.ts';
import type { FileStat } from '../core/context.ts';
import type { ApplyContext } from './apply-context.ts';
import { readNow, sumOfBytes } from './bytes.ts';
import { quietly } from '../core/errno.ts';
import type { Receipt, ReceiptEdit } from './journal.ts';
import { CannotReplace, overwriteFile, replaceFile, syncFolder } from './write-file.ts';

export interface PutBack {
  /** Paths whose bytes came back. */
  readonly restored: readonly string[];
  /** Paths that someone else changed meanwhile: left as they are. */
  readonly left: readonly string[];
  /** Paths that could not be put back. */
  readonly failed: readonly string[];
}

/**
 * Rolls back a half-done change, last file first, so that there is never a base URL without
 * a token. `touched` holds the real paths that the change got to, if they are known: it can't have
 * changed any other file. Safe to run again after a crash of its own. Throws nothing.
 */
export async function putBack(ctx: ApplyContext, entryFolder: string, receipt: Receipt, touched?: ReadonlySet<string>): Promise<PutBack> {
  const restored: string[] = [];
  const left: string[] = [];
  const failed: string[] = [];
  for (const edit of receipt.edits.toReversed()) {
    try {
      const result = await putFileBack(ctx, entryFolder, edit);
      if (result === 'restored') restored.push(edit.path);
      if (result === 'left' && touched?.has(edit.realPath) !== false) left.push(edit.path);
    } catch {
      failed.push(edit.path);
    }
  }
  for (const folder of receipt.createdFolders.toReversed()) quietly(() => ctx.fs.rmdir(folder));
  return { restored, left, failed };
}

/** Whether a file is in the state that the change was to leave it in. */
export function isAfter(edit: ReceiptEdit, bytes: Uint8Array | null, stat: FileStat | undefined): boolean {
  if (sumOfBytes(bytes) !== edit.sumAfter) return false;
  return edit.modeAfter === null || stat?.mode === edit.modeAfter;
}

async function putFileBack(ctx: ApplyContext, entryFolder: string, edit: ReceiptEdit): Promise<'same' | 'restored' | 'left'> {
  const p = pathsOf(ctx.platform);
  const { fs } = ctx;
  const real = edit.realPath;
  if (edit.temp !== undefined && fs.lstat(edit.temp) !== undefined) fs.unlink(edit.temp);
  const { bytes, stat } = readNow(fs, real);
  const sum = sumOfBytes(bytes);
  if (sum === edit.sumBefore) return putModeBack(ctx, edit, stat);
  const kept = (name: string | undefined): Uint8Array => fs.readFile(p.join(entryFolder, name ?? ''));
  if (sum !== edit.sumAfter && !(bytes !== null && edit.torn !== undefined && isTorn(bytes, kept(edit.backup), kept(edit.torn))))
    return 'left';
  if (!edit.existed) {
    fs.unlink(real);
    syncFolder(ctx, p.dirname(real));
    return 'restored';
  }
  const before = kept(edit.backup);
  const owner = edit.uid === undefined || edit.gid === undefined ? undefined : { uid: edit.uid, gid: edit.gid };
  const inPlace = (): void => overwriteFile(ctx, real, before, edit.modeBefore, () => undefined);
  if (edit.torn !== undefined) inPlace();
  else {
    const temp = edit.temp ?? `${real}.orcc.tmp`;
    try {
      await replaceFile(ctx, { real, temp, bytes: before, mode: edit.modeBefore, owner, assertUnchanged: () => undefined });
      syncFolder(ctx, p.dirname(real));
    } catch (error) {
      if (!(error instanceof CannotReplace) || stat === undefined) throw error;
      inPlace();
    }
  }
  return 'restored';
}

/** The bytes never changed; the mode may have, alone or ahead of bytes that were never written. */
function putModeBack(ctx: ApplyContext, edit: ReceiptEdit, stat: FileStat | undefined): 'same' | 'restored' {
  if (stat === undefined || edit.modeBefore === null || edit.modeAfter === null) return 'same';
  const isOurs = stat.mode === edit.modeAfter || stat.mode === (edit.modeBefore & edit.modeAfter);
  if (stat.mode === edit.modeBefore || !isOurs) return 'same';
  ctx.fs.chmod(edit.realPath, edit.modeBefore);
  return 'restored';
}

/** Whether bytes are a write in place that stopped part-way: the new ones up to some point, the old ones after it. */
function isTorn(bytes: Uint8Array, before: Uint8Array, after: Uint8Array): boolean {
  let same = 0;
  while (same < bytes.length && same < after.length && bytes[same] === after[same]) same += 1;
  return Buffer.compare(bytes.subarray(same), before.subarray(same, bytes.length)) === 0;
}
