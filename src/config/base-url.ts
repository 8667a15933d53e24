import { OrccError } from '../errors.ts';
import { DEFAULT_BASE_URL } from '../openrouter/endpoint.ts';
import { stripControls, clip } from '../report/text.ts';

/** Hosts that never leave the machine: plain http is allowed for these alone (design D17). */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * Checks what a user gave as base URL and returns it without a trailing slash.
 * Throws exit 2 with the right form where it is no URL, not https (loopback
 * aside), carries credentials or a query, or ends in `/v1`, which Claude Code appends itself
 * (measured on 2.1.330: `/v1` twice).
 */
export function parseBaseUrl(text: string): string {
  // A password in it is nobody's business.
  const shown = clip(stripControls(text).replace(/\/\/[^/@]*@/, '//…@'), 80);
  const fail = (why: string, right: string): never => {
    throw new OrccError('usage', `--base-url \`${shown}\` ${why}`, { code: 'BASE_URL_WRONG', hint: `The right form is \`${right}\`` });
  };
  if (/[\x00-\x20\x7f]/.test(text)) return fail('holds a blank or a control character', DEFAULT_BASE_URL);
  // Only ASCII survives every shell and settings file unchanged.
  if (/[^\x00-\x7f]/.test(text) || text.length > 2048) return fail('is not a plain URL', DEFAULT_BASE_URL);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return fail('is not a URL', DEFAULT_BASE_URL);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return fail('is not an https URL', DEFAULT_BASE_URL);
  if (url.username !== '' || url.password !== '') return fail('carries credentials', `${url.protocol}//${url.host}${url.pathname}`);
  if (url.search !== '' || url.hash !== '') return fail('carries a query', `${url.protocol}//${url.host}${url.pathname}`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return fail('is not https; plain http is for this machine alone', `https://${url.host}${url.pathname.replace(/\/+$/, '')}`);
  }
  const isOpenRouter = url.hostname === 'openrouter.ai';
  const path = url.pathname.replace(/\/+$/, '');
  if (/\/v1$/.test(path)) {
    const right = isOpenRouter ? DEFAULT_BASE_URL : `${url.protocol}//${url.host}${path.replace(/(?:\/v1)+$/, '')}`;
    return fail('ends in `/v1`, which Claude Code adds itself', right);
  }
  if (isOpenRouter && path !== '/api') return fail("is not OpenRouter's address for Claude Code", DEFAULT_BASE_URL);
  return `${url.protocol}//${url.host}${path}`;
}
