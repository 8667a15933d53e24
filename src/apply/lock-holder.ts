import * as z from 'zod/mini';
import { later } from '../core/later.ts';
import type { ApplyContext } from './apply-context.ts';
import { errnoOf, quietly } from '../core/errno.ts';

const schema = later(() =>
  z.object({
    pid: z.number(),
    host: z.string(),
    at: z.number(),
    token: z.string(),
    /** Folders that the holder made for the lock: whoever takes the lock over deletes them if they are empty. */
    made: z.exactOptional(z.array(z.string())),
  }),
);

/** Who holds a lock. `pid` and `host` are undefined if the file is empty: its maker is still writing, or died doing so. */
export interface Holder {
  readonly pid: number | undefined;
  readonly host: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly token: string;
  readonly made?: readonly string[];
}

/** Milliseconds after which a holder on another machine, or one whose life can't be known, counts as dead. */
const STALE_MS = 60_000;
/** The same for a holder whose process id is in use: it may have been given to another program. */
const REUSED_MS = 300_000;
/** The same for a lock file without a holder in it. */
const EMPTY_STALE_MS = 2_000;

/** The holder of a lock file; undefined if there is no file. Throws if the file can't be read. */
export function readHolder(ctx: ApplyContext, file: string): Holder | undefined {
  const stat = ctx.fs.lstat(file);
  if (stat === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(ctx.fs.readFile(file)).toString('utf8'));
    return schema.parse(value);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return undefined;
    // Windows refuses to read a file that is being deleted.
    if (errno !== undefined && ctx.platform !== 'win32') throw error;
    return { pid: undefined, host: undefined, at: stat.mtimeMs, token: `unreadable ${stat.ino} ${stat.mtimeMs}` };
  }
}

/** Whether a holder counts as dead. */
export function isStale(ctx: ApplyContext, holder: Holder): boolean {
  const age = Math.abs(ctx.clock.now() - holder.at);
  if (holder.pid === undefined) return age > EMPTY_STALE_MS;
  if (ctx.processes !== undefined && holder.host === ctx.processes.host) {
    const running = holder.pid === ctx.pid ? true : ctx.processes.isRunning(holder.pid);
    if (running !== undefined) return !running || age > REUSED_MS;
  }
  return age > STALE_MS;
}

/**
 * Removes a dead holder's lock; returns whether it did. Two processes that see the same dead holder
 * must not both do it, since the second would remove the first one's new lock: a second exclusive
 * file lets in one at a time, and the holder is checked again inside.
 */
export function stealLock(ctx: ApplyContext, file: string, dead: Holder): boolean {
  const guard = guardOf(file);
  try {
    ctx.fs.close(ctx.fs.openExclusive(guard, 0o600));
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    dropOldGuard(ctx, file);
    return false;
  }
  try {
    if (readHolder(ctx, file)?.token !== dead.token) return false;
    ctx.fs.unlink(file);
    return true;
  } finally {
    quietly(() => ctx.fs.unlink(guard));
  }
}

function guardOf(file: string): string {
  return `${file}.steal`;
}

/** Removes the second file of a process that died in `stealLock`, which normally takes microseconds. */
export function dropOldGuard(ctx: ApplyContext, file: string): void {
  quietly(() => {
    const stat = ctx.fs.lstat(guardOf(file));
    if (stat !== undefined && Math.abs(ctx.clock.now() - stat.mtimeMs) > EMPTY_STALE_MS) ctx.fs.unlink(guardOf(file));
  });
}
