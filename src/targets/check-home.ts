import { errnoOf } from '../core/errno.ts';
import type { Context, FileStat } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { stripControls } from '../text/text.ts';
import type { Refusal } from './types.ts';

/**
 * Returns why nothing may be written below this home folder: none is named, it can't be read, is not a folder, or belongs to another
 * user (under a sudo that keeps HOME new files would belong to root; `sudo -i` is fine). Undefined if writing is allowed, always on
 * Windows.
 */
export function homeRefusal(ctx: Pick<Context, 'env' | 'fs' | 'home' | 'uid'>): Refusal | undefined {
  if (ctx.uid === undefined) return undefined;
  if (ctx.home === '') return { reason: 'HOME is empty, so there is no home folder', hint: 'set HOME to the path of your home folder' };
  const sudoUser = ctx.env['SUDO_USER'];
  let stat: FileStat | undefined;
  try {
    stat = ctx.fs.stat(ctx.home);
  } catch (error) {
    return {
      reason: `the home folder \`${ctx.home}\` can't be read (${errnoOf(error) ?? 'unknown'})`,
      hint: 'check HOME',
    };
  }
  if (stat === undefined) return { reason: `the home folder \`${ctx.home}\` does not exist`, hint: 'check HOME' };
  if (stat.kind !== 'directory') return { reason: `the home folder \`${ctx.home}\` is not a folder`, hint: 'check HOME' };
  if (stat.uid === ctx.uid) return undefined;
  return {
    reason: `the home folder \`${ctx.home}\` belongs to another user (uid ${stat.uid}, this is uid ${ctx.uid})`,
    hint:
      ctx.uid === 0 && sudoUser !== undefined && sudoUser !== 'root'
        ? `run it as ${stripControls(sudoUser)}, without sudo: orcc never needs root`
        : 'run orcc as its owner, or set HOME to your own home folder',
  };
}

/** Throws an `OrccError` (exit 6) with the reason if nothing may be written below this home folder. */
export function checkHome(ctx: Pick<Context, 'env' | 'fs' | 'home' | 'uid'>): void {
  const refusal = homeRefusal(ctx);
  if (refusal !== undefined) throw new OrccError('refused', `Nothing is written: ${refusal.reason}`, { hint: refusal.hint });
}
