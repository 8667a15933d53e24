import path from 'node:path';
import type { Context } from '../core/context.ts';

/** The slice of the context that writing files needs. */
export type ApplyContext = Pick<Context, 'fs' | 'clock' | 'random' | 'pid' | 'uid' | 'platform' | 'home' | 'env'> &
  Partial<Pick<Context, 'processes' | 'findAttributed'>>;

/** Path functions of the platform that the context says. */
export function pathsOf(ctx: Pick<Context, 'platform'>): path.PlatformPath {
  return ctx.platform === 'win32' ? path.win32 : path.posix;
}

/** `length` random lower-case hex digits. */
export function randomHex(ctx: Pick<Context, 'random'>, length: number): string {
  return Buffer.from(ctx.random(Math.ceil(length / 2)))
    .toString('hex')
    .slice(0, length);
}
