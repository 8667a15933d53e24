import { isLoopback } from '../core/hosts.ts';
import type { Env } from '../core/context.ts';

/**
 * Which proxy a URL goes through, by the rules of the variables that Claude
 * Code and undici's EnvHttpProxyAgent read: HTTPS_PROXY, HTTP_PROXY (also for
 * https, if HTTPS_PROXY is not set) and NO_PROXY, lower-case names first.
 * Loopback hosts never go through one.
 *
 * @returns the proxy's URL with its credentials, `http://` added if no scheme was given; undefined for a direct connection
 */
export function chooseProxy(env: Env, url: URL): string | undefined {
  const http = env['http_proxy'] ?? env['HTTP_PROXY'] ?? '';
  const https = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  const proxy = (url.protocol === 'https:' && https !== '' ? https : http).trim();
  if (proxy === '' || isLoopback(url.hostname) || isExcepted(env['no_proxy'] ?? env['NO_PROXY'] ?? '', url)) return undefined;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** A proxy as it may be shown: scheme, host and port. Never user or password, even if it can't be parsed. */
export function describeProxy(proxy: string): string {
  if (!URL.canParse(proxy)) return '(not a URL)';
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}

/** NO_PROXY: hosts with or without a leading dot (each covers its subdomains), an optional port, `*` for all. */
function isExcepted(list: string, url: URL): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return list.split(/[,\s]+/).some((entry) => {
    if (entry === '') return false;
    if (entry === '*') return true;
    const [, name = '', entryPort] = /^(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    const bare = name.replace(/^\*?\./, '');
    return (entryPort === undefined || entryPort === port) && (host === bare || host.endsWith(`.${bare}`));
  });
}
