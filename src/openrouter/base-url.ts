import { isLoopback, DEFAULT_BASE_URL, MAIN_HOST } from '../core/hosts.ts';
import { OrccError } from '../core/errors.ts';
import { stripControls, clip } from '../text/text.ts';

/**
 * Checks a base URL from any source and returns it without a trailing slash.
 * Throws exit 2 (exit 6 if it comes from a file), with the correct form, if it is not a URL, is not https
 * (except for loopback), contains credentials, a key or a query, or ends in `/v1` or
 * an endpoint, which Claude Code appends itself (measured on 2.1.330: `/v1` twice).
 *
 * @param from where it comes from, for the message: a flag, or a layer with its line
 */
export function parseBaseUrl(text: string, from = '--base-url'): string {
  const isFlag = from.startsWith('--');
  // Never show a password or a key that it may contain.
  const shown = clip(
    stripControls(text)
      .replace(/\/\/[^/]*@/, '//…@')
      .replace(/sk-or-[\w-]+/g, 'sk-or-…'),
    80,
  );
  const fail = (why: string, right: string): never => {
    throw new OrccError(isFlag ? 'usage' : 'refused', `${from} \`${shown}\` ${why}`, {
      code: 'BASE_URL_WRONG',
      hint: `It should look like \`${right}\``,
    });
  };
  if (/[\x00-\x20\x7f]/.test(text)) return fail('contains a space or a control character', DEFAULT_BASE_URL);

  if (/[^\x00-\x7f]/.test(text) || text.length > 2048) return fail('is not a plain URL', DEFAULT_BASE_URL);
  if (!URL.canParse(text)) return fail('is not a URL', DEFAULT_BASE_URL);
  const url = new URL(text);
  const right = rightForm(url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return fail('is not an https URL', DEFAULT_BASE_URL);
  // It would be in every file that names the URL, and in every log that its server writes.
  if (/sk-or-\w/.test(text)) return fail('contains a key', DEFAULT_BASE_URL);
  if (url.username !== '' || url.password !== '') return fail('contains credentials', right);
  if (url.search !== '' || url.hash !== '') return fail('contains a query', right);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return fail('is not https; plain http is only allowed for this machine', right);
  const path = withoutSlashes(url.pathname);
  const end = ENDPOINT.exec(path)?.[0];
  if (end !== undefined) return fail(`ends in \`${end}\`, but Claude Code adds \`/v1/messages\` itself`, right);
  if (isMainAddress(url) && path !== '/api') return fail("is not OpenRouter's address for Claude Code", right);
  return `${url.protocol}//${url.host}${path}`;
}

/** What a base URL must not end in: the API version, or an endpoint. */
const ENDPOINT =
  /(?:\/v1(?:\/(?:messages(?:\/count_tokens)?|chat\/completions|completions|responses|models))?|\/messages|\/chat\/completions)$/;

/** A base URL without trailing slashes and without an endpoint that was copied along with it. */
export function withoutEndpoint(url: string): string {
  const short = withoutSlashes(url);
  const shorter = short.replace(ENDPOINT, '');
  return shorter === short ? short : withoutEndpoint(shorter);
}

/** The URL that was probably meant, with all faults fixed at once. */
function rightForm(url: URL): string {
  if (isMainAddress(url)) return DEFAULT_BASE_URL;
  const protocol = isLoopback(url.hostname) ? url.protocol : 'https:';
  return `${protocol}//${url.host}${withoutEndpoint(url.pathname)}`;
}

/** Whether it is OpenRouter's main host, whose one correct address is known; a regional host's path is kept as given. */
function isMainAddress(url: URL): boolean {
  return url.hostname === MAIN_HOST;
}

function withoutSlashes(path: string): string {
  return path.replace(/\/+$/, '');
}
