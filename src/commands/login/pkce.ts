import { sha256 } from '../../core/hash.ts';
import type { Context } from '../../core/context.ts';

/** The secret of one login and what the browser may see of it (RFC 7636, S256). */
export interface Pkce {
  /** 43 characters; leaves this process only in the exchange, over https. */
  readonly verifier: string;
  readonly challenge: string;
}

/** A fresh pair from 32 random bytes. */
export function makePkce(ctx: Pick<Context, 'random'>): Pkce {
  const verifier = Buffer.from(ctx.random(32)).toString('base64url');
  return { verifier, challenge: sha256(verifier, 'base64url') };
}
