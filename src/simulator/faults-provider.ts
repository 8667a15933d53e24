import { type ApiFault, RETURNED } from './fault.ts';
import type { Json } from './json.ts';

/** Metadata around a provider's error. */
const said = (provider: string, error: Json, more: Json = {}): Json => ({
  raw: JSON.stringify({ error }),
  provider_name: provider,
  ...more,
});

/** What providers of open models say to a conversation whose tool calls and results do not match. */
export const OPEN_MODEL_REFUSAL = said('DeepSeek', { message: 'insufficient tool messages following tool_calls message' });

/** Errors of a provider or of OpenRouter's own servers. Texts as in `faults-account.ts`. */
export const PROVIDER_FAULTS: readonly ApiFault[] = [
  {
    id: 'rate-upstream',
    status: 429,
    ...RETURNED,
    metadata: (facts) => ({
      raw: `${facts.model} is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate your rate limits: https://openrouter.ai/settings/integrations`,
      provider_name: 'Decart',
      is_byok: false,
      provider_error_code: 'upstream_429',
      limit_source: 'upstream_provider_shared_pool',
    }),
  },
  { id: 'provider-400', status: 400, ...RETURNED, metadata: () => OPEN_MODEL_REFUSAL },
  {
    id: 'provider-location',
    status: 400,
    ...RETURNED,
    metadata: () =>
      said(
        'Google AI Studio',
        { code: 400, message: 'User location is not supported for the API use.', status: 'FAILED_PRECONDITION' },
        { is_byok: false },
      ),
  },
  {
    id: 'byok-key-refused',
    status: 401,
    ...RETURNED,
    metadata: () =>
      said(
        'OpenAI',
        { message: 'Incorrect API key provided: sk-abc', type: 'invalid_request_error', code: 'invalid_api_key' },
        { is_byok: true },
      ),
  },
  { id: 'thinking-signature', status: 400, message: 'messages.1.content.0: Invalid `signature` in `thinking` block', routed: true },
  { id: 'invalid-request', status: 400, message: 'Invalid Anthropic Messages API request' },
  { id: 'timeout', status: 408, message: 'Operation timed out. Please try again later.' },
  { id: 'too-large', status: 413, message: 'Request payload too large' },
  { id: 'unprocessable', status: 422, message: 'Invalid argument' },
  { id: 'internal', status: 500, message: 'Internal Server Error', envelopeMessage: 'Internal server error', routed: true },
  { id: 'provider-bad-gateway', status: 502, message: 'Provider returned error', routed: true },
  {
    id: 'no-provider',
    status: 503,
    message: 'Service temporarily unavailable',
    envelopeMessage: 'Service temporarily overloaded',
    routed: true,
    headers: () => ({ 'Retry-After': '60' }),
  },
  { id: 'cloudflare-too-large', status: 413, page: true, message: 'openrouter.ai | 413 Payload Too Large', envelope: null },
  { id: 'cloudflare-unreachable', status: 522, page: true, message: 'openrouter.ai | 522: Connection timed out', envelope: null },
  { id: 'cloudflare-overloaded', status: 529, page: true, message: 'openrouter.ai | 529', envelope: null },
  { id: 'edge-timeout', status: 524, message: 'Request timed out. Please try again later.', envelope: null },
  {
    id: 'overloaded',
    status: 529,
    message: 'Provider returned error',
    envelopeMessage: 'Provider is temporarily overloaded',
    routed: true,
  },
];
