import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { Refusal } from './types.ts';

/**
 * Why files below this home folder must not be written: it belongs to someone
 * else, or orcc runs under sudo, where new files would belong to root. Undefined
 * where all is well, and on Windows.
 */
export function homeRefusal(ctx: Pick<Context, 'env' | 'fs' | 'home' | 'uid'>): Refusal | undefined {
  if (ctx.uid === undefined) return undefined;
  const sudoUser = ctx.env['SUDO_USER'];
  if (ctx.uid === 0 && sudoUser !== undefined && sudoUser !== 'root') {
    return { reason: 'orcc runs as root under sudo', hint: `run it as ${sudoUser}, without sudo: nothing that it does needs root` };
  }
  let owner: number | undefined;
  try {
    owner = ctx.fs.stat(ctx.home)?.uid;
  } catch (error) {
    return {
      reason: `the home folder \`${ctx.home}\` can't be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`,
      hint: 'check HOME',
    };
  }
  if (owner === undefined) return { reason: `the home folder \`${ctx.home}\` does not exist`, hint: 'check HOME' };
  if (owner === ctx.uid) return undefined;
  return {
    reason: `the home folder \`${ctx.home}\` belongs to another user (uid ${owner}, this is uid ${ctx.uid})`,
    hint: 'run orcc as its owner, or set HOME to your own home folder',
  };
}

/** Throws exit 6 with the reason where this home folder must not be written to. */
export function checkHome(ctx: Pick<Context, 'env' | 'fs' | 'home' | 'uid'>): void {
  const refusal = homeRefusal(ctx);
  if (refusal !== undefined) throw new OrccError('refused', `Nothing is written: ${refusal.reason}`, { hint: refusal.hint });
}
