import { isOpenRouterHost } from '../core/hosts.ts';

/** Keys that tell by their shape whose they are, and are not OpenRouter's. The longest prefix comes first. */
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

/** `an Anthropic` for a key whose shape says that it is another vendor's; undefined for OpenRouter's and for gateways' own. */
export function foreignVendor(key: string): string | undefined {
  // `key=sk-ant-…`, `Bearer%20sk-ant-…`: what was pasted along may stand before it.
  const parts = [key, ...key.split(/[=:,;]|%20|%3d/i)];
  return VENDORS.find(({ shape }) => parts.some((part) => shape.test(part)))?.vendor;
}

/**
 * Whether a gateway may want this value of a header as its own credential: OpenRouter wants none beside the key, and nobody but its maker
 * another vendor's key.
 */
export function mayBeMeantFor(hostname: string, value: string): boolean {
  return !isOpenRouterHost(hostname) && foreignVendor(value.replace(/^(?:Bearer|Basic)\s+/i, '')) === undefined;
}
