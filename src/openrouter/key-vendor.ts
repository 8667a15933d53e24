import { isOpenRouterHost } from '../core/hosts.ts';

/** The shapes by which other vendors' keys can be recognised. The longest prefix comes first. */
const VENDORS: ReadonlyArray<{ readonly vendor: string; readonly shape: RegExp }> = [
  { vendor: 'an Anthropic', shape: /^sk-ant-/i },
  { vendor: 'an OpenAI', shape: /^sk-(?:proj|svcacct|admin)-|^sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}$/ },
  { vendor: 'a GitHub', shape: /^(?:gh[pousr]_|github_pat_)/ },
  { vendor: 'an AWS', shape: /^(?:AKIA|ASIA)[A-Z0-9]{16}/ },
  { vendor: 'a Google', shape: /^(?:AIza|ya29\.)/ },
  { vendor: 'a Groq', shape: /^gsk_/ },
  { vendor: 'an xAI', shape: /^xai-/ },
  { vendor: 'a Hugging Face', shape: /^hf_[A-Za-z0-9]{20,}/ },
  { vendor: 'a Slack', shape: /^xox[abprs]-/ },
];

/** The vendor of a key by its shape, with the article: `an Anthropic`. Undefined for OpenRouter's keys and those of gateways. */
export function foreignVendor(key: string): string | undefined {
  // Text pasted along with it may precede the key: `key=sk-ant-…`, `Bearer%20sk-ant-…`.
  const parts = [key, ...key.split(/[=:,;]|%20|%3d/i)];
  return VENDORS.find(({ shape }) => parts.some((part) => shape.test(part)))?.vendor;
}

/**
 * Whether the value of a header may be a credential for the gateway itself. Never true for OpenRouter, which needs none besides the key,
 * nor for another vendor's key.
 */
export function mayBeMeantFor(hostname: string, value: string): boolean {
  return !isOpenRouterHost(hostname) && foreignVendor(value.replace(/^(?:Bearer|Basic)\s+/i, '')) === undefined;
}
