import { isOpenRouterHost } from '../../core/hosts.ts';

/**
 * The page to log in at. It follows the base URL: `https://openrouter.ai/api` gives `https://openrouter.ai/auth`, a gateway's
 * `https://gw.example/or/api` gives `https://gw.example/or/auth`. Without a callback the page shows a code to paste
 * (OpenRouter docs, OAuth PKCE). Holds nothing secret: the challenge is a hash.
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

/** Whether a base URL is OpenRouter's own, a region's included: there the login page is known to exist. */
export function isOpenRouter(baseUrl: string): boolean {
  return isOpenRouterHost(new URL(baseUrl).hostname);
}
