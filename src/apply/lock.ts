import { pathsOf } from '../core/paths-of.ts';
import { OrccError } from '../core/errors.ts';
import { type ApplyContext, randomHex } from './apply-context.ts';
import { asRefusal, errnoOf, quietly } from '../core/errno.ts';
import { dropOldGuard, isStale, readHolder, stealLock, type Holder } from './lock-holder.ts';

/** The right to change files, held by one process at a time. */
export interface Lock {
  /** Folders that had to be made for it, outermost first: orcc's own and those above it. */
  readonly createdFolders: readonly string[];
  /** The holder before died with it: a change may have stopped half-way. */
  readonly stolen: boolean;
  /** Folders to take away at the end where they are empty. */
  readonly tidy: Set<string>;
}

/** Milliseconds without anyone getting or giving the lock before orcc gives up; and altogether. */
const PATIENCE_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Runs `work` while holding orcc's one lock (`<folder>/locks/change.lock`: process, host,
 * time). A plan made inside it can be spoilt by foreign editors alone. A holder that died is
 * noticed at once on the same machine, after 60 s otherwise. Waits up to 5 s after the lock
 * last changed hands; then throws exit 6. Leaves no lock and no empty folder behind.
 */
export async function withLock<T>(ctx: ApplyContext, folder: string, work: (lock: Lock) => Promise<T>): Promise<T> {
  const file = lockFile(ctx, folder);
  const locks = pathsOf(ctx.platform).dirname(file);
  const createdFolders: string[] = [];
  const tidy = new Set<string>([locks]);
  const release = (token: string | undefined): void => {
    // Whoever took it for dead and stole it keeps it.
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

/** Whether another process that lives holds the lock now. Writes nothing. */
export function isLocked(ctx: ApplyContext, folder: string): boolean {
  const holder = readHolder(ctx, lockFile(ctx, folder));
  return holder !== undefined && !isStale(ctx, holder);
}

/** Where the lock of an orcc folder stands. */
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
      // ENOENT: the one before has just tidied the folder away.
      if (errno === 'ENOENT') makeParents();
      // Windows says EPERM or EACCES of a file that is being deleted.
      else if (errno !== 'EEXIST' && !(ctx.platform === 'win32' && (errno === 'EPERM' || errno === 'EACCES'))) throw error;
    }
    const holder = readHolder(ctx, file);
    if (holder !== undefined && isStale(ctx, holder) && stealLock(ctx, file, holder)) {
      stolen = true;
      // What the dead one made for its lock is this one's now.
      for (const each of holder.made ?? []) onMade(each);
    }
    const now = ctx.clock.monotonic();
    if (holder?.token !== seen) lastChange = now;
    seen = holder?.token;
    if (holder === undefined && now - started < PATIENCE_MS) {
      await ctx.clock.sleep(1);
      continue;
    }
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

/** Says whether the lock is this process's then: a pause of seconds before the write may have cost it. */
function writeHolder(ctx: ApplyContext, file: string, fd: number, token: string, made: readonly string[]): boolean {
  const holder = { pid: ctx.pid, host: ctx.processes?.host ?? '', at: ctx.clock.now(), token, ...(made.length === 0 ? {} : { made }) };
  try {
    try {
      ctx.fs.write(fd, Buffer.from(JSON.stringify(holder), 'utf8'), 0);
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
