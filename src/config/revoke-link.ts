import { isOpenRouterHost, SITE } from '../core/hosts.ts';
import { sha256 } from '../core/hash.ts';

/** OpenRouter's page for one key. Its address contains the SHA-256 of the key, which may be shown (OpenRouter docs). */
export function keyPage(key: string): string {
  return `${SITE}/keys/${sha256(key)}`;
}

/** Where to revoke a key: on its page at OpenRouter, or for another gateway where it came from. */
export function revokeAdvice(key: string, baseUrl: string): string {
  const { hostname, host } = new URL(baseUrl);
  return isOpenRouterHost(hostname) ? `revoke it at ${keyPage(key)}` : `revoke it where you got it (${host})`;
}
