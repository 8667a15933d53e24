import { pathsOf } from '../core/paths-of.ts';
import { OrccError } from '../core/errors.ts';
import { type ApplyContext, randomHex } from './apply-context.ts';
import { asRefusal, errnoOf, quietly } from '../core/errno.ts';
import { writeAll } from '../core/write-all.ts';
import { dropOldGuard, isStale, readHolder, stealLock, type Holder } from './lock-holder.ts';

/** The right to change files, held by one process at a time. */
export interface Lock {
  /** Folders that had to be made for it, outermost first: orcc's own and those above it. */
  readonly createdFolders: readonly string[];
  /** True if the previous holder died holding it: a change may have stopped half-way. */
  readonly stolen: boolean;
  /** Folders to remove at the end if they are empty. */
  readonly tidy: Set<string>;
}

/** Milliseconds that orcc waits while the lock does not change hands, and altogether. */
const PATIENCE_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Runs `work` while holding orcc's one lock (`<folder>/locks/change.lock`: process, host,
 * time). Only a program that takes no lock can make a plan made inside it outdated. A dead holder
 * is noticed at once on the same machine, after 60 s otherwise. Waits up to 5 s after the lock
 * last changed hands, 60 s in all; then throws exit 6. Leaves no lock and no empty folder behind.
 */
export async function withLock<T>(ctx: ApplyContext, folder: string, work: (lock: Lock) => Promise<T>): Promise<T> {
  const file = lockFile(ctx, folder);
  const locks = pathsOf(ctx.platform).dirname(file);
  const createdFolders: string[] = [];
  const tidy = new Set<string>([locks]);
  const release = (token: string | undefined): void => {
    // Another process may have taken this one for dead and stolen the lock: it keeps it.
    if (token !== undefined) {
      quietly(() => {
        if (readHolder(ctx, file)?.token === token) ctx.fs.unlink(file);
      });
    }
    dropOldGuard(ctx, file);
    for (const each of [...tidy].toSorted((a, b) => b.length - a.length)) quietly(() => ctx.fs.rmdir(each));
  };
  let taken: { token: string; stolen: boolean };
  try {
    const onMade = (made: string): void => {
      tidy.add(made);
      if (made !== locks && !createdFolders.includes(made)) createdFolders.push(made);
    };
    taken = await takeLock(ctx, file, createdFolders, onMade, () => makeFolders(ctx, folder, locks, onMade));
  } catch (error) {
    release(undefined);
    throw asRefusal(error, file, 'nothing was written');
  }
  try {
    return await work({ createdFolders, stolen: taken.stolen, tidy });
  } finally {
    release(taken.token);
  }
}

/** Whether a live process holds the lock now. Writes nothing. */
export function isLocked(ctx: ApplyContext, folder: string): boolean {
  const holder = readHolder(ctx, lockFile(ctx, folder));
  return holder !== undefined && !isStale(ctx, holder);
}

/** Path of the lock file in orcc's own folder. */
export function lockFile({ platform }: Pick<ApplyContext, 'platform'>, folder: string): string {
  return pathsOf(platform).join(folder, 'locks', 'change.lock');
}

async function takeLock(
  ctx: ApplyContext,
  file: string,
  made: readonly string[],
  onMade: (folder: string) => void,
  makeParents: () => void,
): Promise<{ token: string; stolen: boolean }> {
  const token = randomHex(ctx, 16);
  const started = ctx.clock.monotonic();
  let lastChange = started;
  let seen: string | undefined;
  let stolen = false;
  makeParents();
  for (;;) {
    try {
      const fd = ctx.fs.openExclusive(file, 0o600);
      if (writeHolder(ctx, file, fd, token, made)) return { token, stolen };
      continue;
    } catch (error) {
      const errno = errnoOf(error);
      // ENOENT: the previous holder has just removed the folder.
      if (errno === 'ENOENT') makeParents();
      // Windows reports EPERM or EACCES for a file that is being deleted.
      else if (errno !== 'EEXIST' && !(ctx.platform === 'win32' && (errno === 'EPERM' || errno === 'EACCES'))) throw error;
    }
    const holder = readHolder(ctx, file);
    if (holder !== undefined && isStale(ctx, holder) && stealLock(ctx, file, holder)) {
      stolen = true;
      // Folders that the dead process made for its lock are now this one's to remove.
      for (const each of holder.made ?? []) onMade(each);
    }
    const now = ctx.clock.monotonic();
    if (holder?.token !== seen) lastChange = now;
    seen = holder?.token;
    if (now - lastChange > PATIENCE_MS || now - started > LONGEST_WAIT_MS) throw busy(file, holder);
    await ctx.clock.sleep(10 + (ctx.random(1)[0] ?? 0) / 8);
  }
}

function busy(file: string, holder: Holder | undefined): OrccError {
  const who = holder?.pid === undefined ? 'Another orcc' : `Another orcc (process ${holder.pid})`;
  return new OrccError('refused', `${who} is changing files; nothing was written`, {
    code: 'LOCKED',
    hint: `Run this again when it is done; if none is running, delete \`${file}\``,
    data: { path: file },
  });
}

/** Returns whether this process holds the lock afterwards: it may have lost it by pausing for seconds before the write. */
function writeHolder(ctx: ApplyContext, file: string, fd: number, token: string, made: readonly string[]): boolean {
  const holder = { pid: ctx.pid, host: ctx.processes?.host ?? '', at: ctx.clock.now(), token, ...(made.length === 0 ? {} : { made }) };
  try {
    try {
      writeAll(ctx, fd, Buffer.from(JSON.stringify(holder), 'utf8'));
    } finally {
      ctx.fs.close(fd);
    }
    return readHolder(ctx, file)?.token === token;
  } catch (error) {
    quietly(() => ctx.fs.unlink(file));
    throw error;
  }
}

/** Makes orcc's own folder (0700) with what is missing above it (0755), and the locks folder. Reports each one it made. */
function makeFolders(ctx: ApplyContext, folder: string, locks: string, onMade: (made: string) => void): void {
  const p = pathsOf(ctx.platform);
  const wanted = [locks];
  for (let at = folder; ctx.fs.stat(at) === undefined && p.dirname(at) !== at; at = p.dirname(at)) wanted.unshift(at);
  for (const each of wanted) {
    try {
      ctx.fs.mkdir(each, each === folder || each === locks ? 0o700 : 0o755);
      onMade(each);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
}
