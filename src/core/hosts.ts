/** Hosts that never leave the machine, as `URL.hostname` or a person spells them: plain http is allowed for these alone (design D17). */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Who answers at a base URL, for a sentence: OpenRouter (also without a URL) or the host. */
export function nameOfGateway(baseUrl: string | undefined): string {
  if (baseUrl === undefined) return 'OpenRouter';
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : baseUrl;
  return isOpenRouterHost(host) ? 'OpenRouter' : host;
}

/** Whether a host is OpenRouter's own, a region's included. */
export function isOpenRouterHost(hostname: string): boolean {
  return hostname === 'openrouter.ai' || hostname.endsWith('.openrouter.ai');
}

/** The page on which OpenRouter's keys are made and deleted. */
export const KEYS_PAGE = 'https://openrouter.ai/settings/keys';

/** Where a base URL's keys are found, behind a verb: OpenRouter's page, or wherever a gateway's user has them from. */
export function atKeysPage(baseUrl: string | undefined): string {
  const name = nameOfGateway(baseUrl);
  return name === 'OpenRouter' ? `at ${KEYS_PAGE}` : `where you got it (${name})`;
}
