import type { ApplyContext } from './apply-context.ts';
import { sameBytes } from '../text/same-bytes.ts';
import { errnoOf, quietly } from '../core/errno.ts';
import { attempt } from '../text/attempt.ts';
import { writeAll } from '../core/write-all.ts';

/** The folder does not accept a new file, or not in place of this one: writing into the old file may still work. */
export class CannotReplace extends Error {}

/** A program that takes no lock wrote to the old file in the moment before the rename: these are its bytes. */
export class LateWrite extends Error {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super('the old file was written to');
    this.bytes = bytes;
  }
}

/** What a temporary file is written from. */
export interface Staged {
  /** Its path, in the folder of the file that it replaces. */
  readonly temp: string;
  readonly bytes: Uint8Array;
  /** null: 0644 less the umask. */
  readonly mode: number | null;
  /** Owner and group that the file must keep. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

interface Replacement extends Staged {
  readonly real: string;
  /** What the file to be replaced must still hold; null if there is none, undefined if it does not matter. */
  readonly before?: Uint8Array | null;
  /** Called right before the rename; throws if someone else has changed the file. */
  readonly assertUnchanged: () => void;
  /** True if `stageFiles` has already written the temporary file. */
  readonly isStaged?: boolean;
}

/**
 * Creates temporary files, with mode and owner, and makes them durable together. Throws CannotReplace if only writing in place is left;
 * on any error none stays behind.
 */
export async function stageFiles(ctx: ApplyContext, all: readonly Staged[]): Promise<void> {
  const { fs } = ctx;
  const opened = new Map<number, string>();
  try {
    try {
      for (const { temp, bytes, mode, owner } of all) {
        const fd = openTemporary(ctx, temp, mode);
        opened.set(fd, temp);
        writeAll(ctx, fd, bytes);
        if (owner !== undefined) keepOwner(ctx, fd, temp, owner);
        if (mode !== null && ctx.platform !== 'win32') fs.fchmod(fd, mode);
      }
      await fs.fsyncAll([...opened.keys()]);
    } finally {
      for (const fd of opened.keys()) fs.close(fd);
    }
  } catch (error) {
    for (const temp of opened.values()) quietly(() => fs.unlink(temp));
    throw error;
  }
}

function openTemporary({ fs }: ApplyContext, temp: string, mode: number | null): number {
  try {
    return fs.openExclusive(temp, mode === null ? 0o644 : 0o600);
  } catch (error) {
    throw isOneOf(error, ['EACCES', 'EPERM']) ? new CannotReplace(undefined, { cause: error }) : error;
  }
}

/**
 * Writes a file atomically: temporary file, fsync, rename; `syncFolder` makes the rename durable. Throws CannotReplace if only writing in
 * place is left, and LateWrite, with the new bytes already in place, if the file that it replaced did not hold `before`. No temporary file
 * stays behind.
 */
export async function replaceFile(ctx: ApplyContext, replacement: Replacement): Promise<void> {
  const { real, temp, before, assertUnchanged, isStaged } = replacement;
  const { fs } = ctx;
  if (isStaged !== true) await stageFiles(ctx, [replacement]);
  try {
    const old = holdOn(ctx, real, before);
    try {
      assertUnchanged();
      await renameOver(ctx, temp, real);
      old?.assertNotWritten();
    } finally {
      old?.letGo();
    }
  } catch (error) {
    quietly(() => fs.unlink(temp));
    throw error;
  }
}

/**
 * Opens the file that a rename is about to replace: an editor takes no lock, so it can still write between the last check and the rename,
 * and only the old file has what it wrote. undefined if there is none, and on Windows, where an open file can't be replaced.
 */
function holdOn(
  { fs, platform }: ApplyContext,
  real: string,
  before: Uint8Array | null | undefined,
): { readonly assertNotWritten: () => void; readonly letGo: () => void } | undefined {
  if (platform === 'win32' || !(before instanceof Uint8Array)) return undefined;
  const fd = attempt(() => fs.openReading(real));
  if (fd === undefined) return undefined;
  return {
    assertNotWritten: () => {
      const bytes = attempt(() => fs.readAll(fd), before);
      if (!sameBytes(bytes, before)) throw new LateWrite(bytes);
    },
    letGo: () => quietly(() => fs.close(fd)),
  };
}

/**
 * Writes into the existing file, for hard links, bind mounts and folders that accept no new file.
 * Not atomic: the caller first keeps old and new bytes elsewhere. A stricter mode is set before the
 * bytes are written, so that others can never read private ones; a laxer one afterwards.
 */
export function overwriteFile(ctx: ApplyContext, real: string, bytes: Uint8Array, mode: number | null, assertUnchanged: () => void): void {
  const { fs } = ctx;
  const fd = fs.openExisting(real);
  try {
    assertUnchanged();
    const now = fs.lstat(real)?.mode ?? 0;
    const goal = mode === null || ctx.platform === 'win32' ? now : mode;
    if ((now & goal) !== now) fs.fchmod(fd, now & goal);
    writeAll(ctx, fd, bytes);
    fs.ftruncate(fd, bytes.length);
    if ((now & goal) !== goal) fs.fchmod(fd, goal);
    fs.fsync(fd);
  } finally {
    fs.close(fd);
  }
}

/** Makes a rename or a deletion durable. Does nothing on systems and file systems that can't. */
export function syncFolder(ctx: ApplyContext, folder: string): void {
  let fd: number | undefined;
  try {
    fd = ctx.fs.openFolder(folder);
    if (fd !== undefined) ctx.fs.fsync(fd);
  } catch (error) {
    if (!isOneOf(error, ['EACCES', 'EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'])) throw error;
  } finally {
    if (fd !== undefined) ctx.fs.close(fd);
  }
}

function keepOwner(ctx: ApplyContext, fd: number, temp: string, owner: { readonly uid: number; readonly gid: number }): void {
  const made = ctx.fs.lstat(temp);
  if (ctx.platform === 'win32' || (made?.uid === owner.uid && made.gid === owner.gid)) return;
  try {
    ctx.fs.fchown(fd, owner.uid, owner.gid);
  } catch (error) {
    throw isOneOf(error, ['EPERM', 'EINVAL']) ? new CannotReplace(undefined, { cause: error }) : error;
  }
}

/** Milliseconds between tries on Windows, where virus scanners and indexers hold new files for a moment. */
const WINDOWS_WAITS = [10, 20, 40, 80, 100];
const WINDOWS_PATIENCE_MS = 5_000;

async function renameOver(ctx: ApplyContext, temp: string, real: string): Promise<void> {
  const started = ctx.clock.monotonic();
  for (let attempt = 0; ; attempt += 1) {
    try {
      ctx.fs.rename(temp, real);
      return;
    } catch (error) {
      if (!isOneOf(error, ['EPERM', 'EACCES', 'EBUSY', 'EXDEV'])) throw error;
      const isOver = ctx.platform !== 'win32' || errnoOf(error) === 'EXDEV' || ctx.clock.monotonic() - started > WINDOWS_PATIENCE_MS;
      if (isOver) throw new CannotReplace(undefined, { cause: error });
      await ctx.clock.sleep(WINDOWS_WAITS[attempt] ?? 100);
    }
  }
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(errnoOf(error) ?? '');
}
