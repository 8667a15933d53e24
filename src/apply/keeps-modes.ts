import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { quietly } from '../core/errno.ts';
import { pathsOf } from '../core/paths-of.ts';
import { shortPath } from '../text/text.ts';
import { resolvePlace } from './place.ts';

/**
 * Whether a file made where that path leads would be private to its owner: tried with an empty temporary file in its folder, or in the
 * nearest existing one above it. A Windows drive under WSL, FAT and many network drives keep no modes. True if no file can be made
 * there, which the writer reports, and on Windows, where orcc does not deal with modes. Throws exit 6 as `resolvePlace` does.
 */
export function keepsModes(ctx: Pick<Context, 'fs' | 'platform' | 'uid' | 'random'>, path: string): boolean {
  const { dirname, join } = pathsOf(ctx.platform);
  if (ctx.platform === 'win32') return true;
  let folder = dirname(resolvePlace(ctx, path).real);
  while (ctx.fs.stat(folder) === undefined && dirname(folder) !== folder) folder = dirname(folder);
  const temp = join(folder, `.orcc-${Buffer.from(ctx.random(6)).toString('hex')}.tmp`);
  let fd: number;
  try {
    fd = ctx.fs.openExclusive(temp, 0o600);
  } catch {
    return true;
  }
  try {
    ctx.fs.fchmod(fd, 0o600);
    const made = ctx.fs.lstat(temp);
    return made !== undefined && (made.mode & 0o077) === 0 && (ctx.uid === undefined || made.uid === ctx.uid);
  } catch {
    // FAT refuses modes that it can't keep.
    return false;
  } finally {
    quietly(() => ctx.fs.close(fd));
    quietly(() => ctx.fs.unlink(temp));
  }
}

/** The warning to show before a key is written to a file there. */
export function describeOpen(path: string, { home }: Pick<Context, 'home'>): string {
  return `\`${shortPath(path, home)}\` is on a file system without modes, so everyone on this machine could read a key in it`;
}

/** The error (exit 6, KEY_EXPOSED) if nobody has agreed to that. */
export function openKeyError(path: string, ctx: Pick<Context, 'home'>, hint: string): OrccError {
  return new OrccError('refused', describeOpen(path, ctx), { code: 'KEY_EXPOSED', hint: `${hint}; nothing was written`, data: { path } });
}
