import type { Context } from '../../core/context.ts';
import { sha256 } from '../../core/hash.ts';

/**
 * The address of the login page, derived from the base URL: `https://openrouter.ai/api` gives `https://openrouter.ai/auth`, a
 * gateway's `https://gw.example/or/api` gives `https://gw.example/or/auth`. Without a callback the page shows a code to paste
 * (OpenRouter docs, OAuth PKCE). It contains no secret: the challenge is a hash.
 */
export function loginAddress(
  baseUrl: string,
  login: { readonly challenge: string; readonly callback?: string; readonly label: string },
): string {
  const url = new URL(`${baseUrl.replace(/\/api$/, '')}/auth`);
  if (login.callback !== undefined) url.searchParams.set('callback_url', login.callback);
  url.searchParams.set('code_challenge', login.challenge);
  url.searchParams.set('code_challenge_method', 'S256');
  url.searchParams.set('key_label', login.label);
  return url.href;
}

/** The secret of one login, and its hash, which the browser may see (RFC 7636, S256). */
interface Pkce {
  /** 43 characters; leaves this process only in the exchange, over https. */
  readonly verifier: string;
  readonly challenge: string;
}

/** A fresh pair from 32 random bytes. */
export function makePkce(ctx: Pick<Context, 'random'>): Pkce {
  const verifier = Buffer.from(ctx.random(32)).toString('base64url');
  return { verifier, challenge: sha256(verifier, 'base64url') };
}

/**
 * The code from pasted text: as the login page shows it, or inside a whole callback address. undefined for text that can't be a
 * code: empty, over 1024 characters, or with characters that a URL can't contain.
 */
export function parseCode(text: string): string | undefined {
  const trimmed = text.trim();
  const pasted = /^https?:\/\//.test(trimmed) && URL.canParse(trimmed) ? (new URL(trimmed).searchParams.get('code') ?? '') : trimmed;
  return /^[\x21-\x7e]{1,1024}$/.test(pasted) ? pasted : undefined;
}
