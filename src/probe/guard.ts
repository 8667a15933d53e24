import { isLoopback } from '../openrouter/base-url.ts';
import { findingOf } from '../diagnose/build.ts';
import type { Finding } from '../core/finding.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';

/** As Claude Code would take it: the token trimmed, a trailing slash of the base URL harmless (measured on 2.1.330). */
export function tidyEndpoint(endpoint: Endpoint): Endpoint {
  const baseUrl = endpoint.baseUrl.trim().replace(/\/+$/, '');
  const key = endpoint.key?.trim();
  return key === undefined || key === '' ? { baseUrl } : { baseUrl, key };
}

/**
 * Why nothing is sent at all: the key would go in clear over the network, to no address, or to the wrong
 * vendor. Undefined where a call is safe. What stands in the settings was checked by nobody.
 */
export function refuseEndpoint(endpoint: Endpoint, alias: string | undefined): Finding | undefined {
  const { baseUrl, key } = endpoint;
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isSafe = url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
  if (!isSafe) {
    const why = url === undefined ? 'it is no URL' : 'it is not https, so that the key would go over the network in clear';
    return findingOf('BASE_URL_WRONG', { baseUrl: url === undefined ? baseUrl : url.origin, alias }, [`${why}; nothing was sent`], alias);
  }
  if (key?.startsWith('sk-ant-') === true) {
    return findingOf('KEY_BAD', { alias }, ["the token is a key of Anthropic's, not of OpenRouter; nothing was sent"], alias);
  }
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    return findingOf('KEY_BAD', { alias }, ['the token holds a blank, a line break or a letter that no key has; nothing was sent'], alias);
  }
  return undefined;
}
