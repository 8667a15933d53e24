import { pathsOf } from '../core/paths-of.ts';
import type { Context, Processes } from '../core/context.ts';
import { quietly } from '../core/errno.ts';
import { tempFolder } from '../core/folder.ts';
import { writeNew } from '../core/write-all.ts';
import { listFolder } from '../core/look.ts';
import { attempt } from '../text/attempt.ts';

/** A private file that lives as long as one session. */
export interface SessionFile {
  /** Absolute. */
  readonly path: string;
  /** Removes file and folder. Never throws. */
  remove(): void;
}

type Slice = Pick<Context, 'fs' | 'env' | 'random' | 'platform' | 'pid' | 'processes' | 'uid'>;

/** Holds orcc's process id and, if the system tells it, when that process started, since ids are reused. */
const NAME = /^orcc-run-(\d+)-(?:t(\d+)-)?[0-9a-f]+$/;

/**
 * Writes the session's settings, which may hold the key, to a 0600 file in a 0700 folder of its own: in memory if the
 * system has a folder for that ($XDG_RUNTIME_DIR), else in the temporary one. Throws ErrnoException, or OrccError if there is no such folder.
 */
export function writeSessionFile(ctx: Slice, bytes: Uint8Array): SessionFile {
  const { fs, pid } = ctx;
  const { join } = pathsOf(ctx.platform);
  const base = baseFolder(ctx);
  sweepSessions(ctx);
  const start = ctx.processes?.startOf?.(pid);
  const folder = join(base, `orcc-run-${pid}-${start === undefined ? '' : `t${start}-`}${Buffer.from(ctx.random(8)).toString('hex')}`);
  const path = join(folder, 'settings.json');
  fs.mkdir(folder, 0o700);
  try {
    writeNew(ctx, path, bytes);
  } catch (error) {
    removeFolder(ctx, folder);
    throw error;
  }
  return { path, remove: () => removeFolder(ctx, folder) };
}

function baseFolder({ fs, env, platform, uid }: Pick<Slice, 'fs' | 'env' | 'platform' | 'uid'>): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  const stat = runtime === undefined || !runtime.startsWith('/') ? undefined : fs.stat(runtime);
  // On Windows every folder has a mode that is open to all.
  const isOurs = stat?.kind === 'directory' && stat.uid === uid && (stat.mode & 0o077) === 0;
  return isOurs && runtime !== undefined ? runtime : tempFolder({ fs, env, platform });
}

/** Removes what killed runs (`kill -9`, a power cut) left behind. Never throws. */
export function sweepSessions(ctx: Slice): void {
  for (const folder of findLeftSessions(ctx)) removeFolder(ctx, folder);
}

/** Folders that ended sessions of this user left, wherever this or another terminal's environment puts them. Never throws. */
export function findLeftSessions(ctx: Omit<Slice, 'random' | 'pid'>): readonly string[] {
  const { env, platform, uid } = ctx;
  const { resolve, isAbsolute } = pathsOf(platform);
  const runtime = uid === undefined ? [] : [env['XDG_RUNTIME_DIR'], `/run/user/${uid}`, env['TMPDIR'], '/tmp'];
  const bases = platform === 'win32' ? [attempt(() => baseFolder(ctx))] : runtime;
  // Two of them may be one folder: `resolve` drops a slash at the end.
  const absolute = bases.flatMap((base) => (base !== undefined && isAbsolute(base) ? [resolve(base)] : []));
  return [...new Set(absolute)].flatMap((base) => findLeftIn(ctx, base));
}

function findLeftIn({ fs, processes, uid, platform }: Omit<Slice, 'random' | 'pid'>, base: string): readonly string[] {
  const { join } = pathsOf(platform);
  return listFolder(fs, base).flatMap((name) => {
    const found = NAME.exec(name);
    // Most files in a folder for temporary files are other programs'.
    if (found === null) return [];
    const [, number, start] = found;
    if (number === undefined || processes === undefined || isAlive(processes, Number(number), start)) return [];
    const folder = join(base, name);
    const stat = attempt(() => fs.lstat(folder));
    return stat?.kind === 'directory' && (uid === undefined || stat.uid === uid) ? [folder] : [];
  });
}

/** Unknown counts as alive. */
function isAlive(processes: Processes, pid: number, start: string | undefined): boolean {
  if (processes.isRunning(pid) === false) return false;
  const now = start === undefined ? undefined : processes.startOf?.(pid);
  return now === undefined || now === start;
}

function removeFolder({ fs, platform }: Pick<Slice, 'fs' | 'platform'>, folder: string): void {
  // Gone already, or held open (Windows): the next run sweeps it.
  quietly(() => fs.unlink(pathsOf(platform).join(folder, 'settings.json')));
  quietly(() => fs.rmdir(folder));
}
