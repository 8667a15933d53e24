import type { Context } from '../core/context.ts';

/** The slice of the context that writing files needs. */
export type ApplyContext = Pick<Context, 'fs' | 'clock' | 'random' | 'pid' | 'uid' | 'platform' | 'home' | 'env'> &
  Partial<Pick<Context, 'processes' | 'findAttributed' | 'onWritten'>>;

/** `length` random lower-case hex digits. */
export function randomHex(ctx: Pick<Context, 'random'>, length: number): string {
  return Buffer.from(ctx.random(Math.ceil(length / 2)))
    .toString('hex')
    .slice(0, length);
}
