/** Whether a host, as `URL.hostname` or a person writes it, is this machine. Plain http is allowed only for these (design D17). */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** The name of the gateway behind a base URL, for a sentence: `OpenRouter` (also if undefined) or the host. */
export function nameOfGateway(baseUrl: string | undefined): string {
  if (baseUrl === undefined) return 'OpenRouter';
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : baseUrl;
  return isOpenRouterHost(host) ? 'OpenRouter' : host;
}

/** Whether a host is OpenRouter's own, including its regional hosts. */
export function isOpenRouterHost(hostname: string): boolean {
  return hostname === MAIN_HOST || hostname.endsWith(`.${MAIN_HOST}`);
}

/** Whether a base URL is OpenRouter's own, including its regional hosts. */
export function isOpenRouter(baseUrl: string): boolean {
  return isOpenRouterHost(new URL(baseUrl).hostname);
}

/** OpenRouter's main host, and its site. */
export const MAIN_HOST = 'openrouter.ai';
export const SITE = `https://${MAIN_HOST}`;
/** OpenRouter's address for Claude Code. */
export const DEFAULT_BASE_URL = `${SITE}/api`;

const SETTINGS = `${SITE}/settings`;
/** The pages of OpenRouter's site that messages name. */
export const PAGES = {
  activity: `${SITE}/activity`,
  credits: `${SETTINGS}/credits`,
  guardrails: `${SETTINGS}/guardrails`,
  integrations: `${SETTINGS}/integrations`,
  keys: `${SETTINGS}/keys`,
  preferences: `${SETTINGS}/preferences`,
  presets: `${SETTINGS}/presets`,
  privacy: `${SETTINGS}/privacy`,
} as const;

/** Where to find the keys of a base URL, to follow a verb: `at` OpenRouter's page, or for another gateway `where you got it`. */
export function atKeysPage(baseUrl: string | undefined): string {
  const name = nameOfGateway(baseUrl);
  return name === 'OpenRouter' ? `at ${PAGES.keys}` : `where you got it (${name})`;
}
