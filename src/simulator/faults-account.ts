import type { Headers } from './answer.ts';
import type { ApiFault, FaultFacts } from './fault.ts';
import { failedStep } from './fault.ts';
import type { Json } from './json.ts';

const DAY = 86_400_000;

/** Milliseconds since 1970 of the next 00:00 UTC, when the free quota is refilled. */
function nextMidnight(now: number): number {
  return (Math.floor(now / DAY) + 1) * DAY;
}

/** Milliseconds since 1970 of the next full minute. */
const nextMinute = (now: number): number => (Math.floor(now / 60_000) + 1) * 60_000;

const freeQuota = (limit: number, source: string, reset: (now: number) => number) => {
  const headers = (facts: FaultFacts): Headers => ({
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(reset(facts.now)),
  });
  return {
    headers,
    metadata: (facts: FaultFacts): Json => ({ headers: headers(facts), limit_source: source, provider_name: null }),
  };
};

/** What the key, the money or the account's own rules refuse. Texts are the API's literals, from public reports and OpenRouter's documentation. */
export const ACCOUNT_FAULTS: readonly ApiFault[] = [
  {
    id: 'auth-missing',
    status: 401,
    message: 'Missing Authentication header',
    envelope: ['authentication_error', 'authentication'],
    envelopeMessage: 'No cookie auth credentials found',
  },
  { id: 'auth-unknown-key', status: 401, message: 'User not found.', envelope: ['authentication_error', 'authentication'] },
  {
    id: 'credits-empty',
    status: 402,
    message: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
    envelope: ['billing_error', 'payment_required'],
    envelopeMetadata: true,
    metadata: () => ({ limit_source: 'openrouter_credits', remedy_hint: 'Buy credits, then try again.' }),
  },
  {
    id: 'credits-not-enough-for-max-tokens',
    status: 402,
    message: (facts) => affordMessage(facts.maxTokens, Math.floor(facts.maxTokens * 0.85)),
    envelope: ['billing_error', 'payment_required'],
    metadata: () => ({ provider_name: null, limit_source: 'openrouter_credits' }),
  },
  {
    id: 'credits-in-flight-budget',
    status: 402,
    message: 'This request would exceed your available credits given your current in-flight requests.',
    envelope: ['billing_error', 'payment_required'],
    headers: () => ({ 'Retry-After': '2' }),
    metadata: () => ({ reason: 'in_flight_budget_exhausted', limit_source: 'openrouter_in_flight_budget' }),
  },
  {
    id: 'key-limit',
    status: 403,
    message: 'Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys',
    envelope: ['permission_error', 'permission_denied'],
  },
  {
    id: 'key-limit-payment',
    status: 402,
    message: 'Key limit exceeded (monthly limit). Manage it using https://openrouter.ai/settings/keys',
    envelope: ['billing_error', 'payment_required'],
    envelopeMetadata: true,
    metadata: () => ({ limit_source: 'openrouter_key_limit' }),
  },
  {
    id: 'attestation',
    status: 403,
    envelope: ['permission_error', 'permission_denied'],
    message:
      'This model requires you to complete the following before use: 18+ age confirmation. Confirm at https://openrouter.ai/settings/preferences.',
    metadata: failedStep('Gate Endpoints with Attestations', { missing_attestation_types: ['age_18plus'] }),
  },
  {
    id: 'region',
    status: 403,
    message: (facts) => `${facts.model} is not available in your region`,
    envelope: ['permission_error', 'permission_denied'],
    availability: (facts) => ({ code: 'region_restricted', retryable: false, requested_models: [facts.model] }),
  },
  {
    id: 'guardrail-block',
    status: 403,
    message: 'Request blocked: prompt injection patterns detected',
    envelope: ['permission_error', 'permission_denied'],
    metadata: () => ({ patterns: ['ignore previous'] }),
  },
  // OpenRouter says that management keys cannot run inference; the text is a guess.
  {
    id: 'management-key',
    status: 403,
    message: 'Management keys cannot be used for inference',
    envelope: ['permission_error', 'permission_denied'],
  },
  { id: 'mgmt-key-needed', status: 403, message: 'Only management keys can perform this operation', envelope: null },
  {
    id: 'rate-free-day',
    status: 429,
    message: 'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
    envelope: ['rate_limit_error', 'rate_limit_exceeded'],
    ...freeQuota(50, 'openrouter_free_tier_daily', nextMidnight),
  },
  {
    id: 'rate-free-minute',
    status: 429,
    message: 'Rate limit exceeded: free-models-per-min. ',
    envelope: ['rate_limit_error', 'rate_limit_exceeded'],
    ...freeQuota(20, 'openrouter_free_tier_per_minute', nextMinute),
  },
  // The other name of the same limit.
  {
    id: 'rate-free-rpm',
    status: 429,
    message: 'Rate limit exceeded: free-models-per-min. ',
    envelope: ['rate_limit_error', 'rate_limit_exceeded'],
    envelopeMetadata: true,
    ...freeQuota(20, 'openrouter_free_tier_rpm', nextMinute),
  },
  {
    id: 'rate-model-day',
    status: 429,
    message: (facts) =>
      `Rate limit exceeded: limit_rpd/${facts.slug}/1234abcd. Daily limit reached for ${facts.model} via Google AI Studio. Credits do not affect this cap.`,
    envelope: ['rate_limit_error', 'rate_limit_exceeded'],
    envelopeMetadata: true,
    ...freeQuota(100, 'openrouter_shared_capacity', nextMidnight),
  },
  {
    id: 'workspace-budget',
    status: 403,
    message: 'Workspace budget exceeded (monthly). Manage it at https://openrouter.ai/workspaces/default/budgets',
    envelope: ['permission_error', 'permission_denied'],
  },
  {
    id: 'workspace-budget-amount',
    status: 402,
    message: 'Workspace monthly budget of $500.00 exceeded. Manage it at https://openrouter.ai/workspaces/default/budgets',
    envelope: ['billing_error', 'payment_required'],
  },
  {
    id: 'guardrail-budget',
    status: 402,
    message: 'Guardrail budget limit exceeded (daily). Manage it at https://openrouter.ai/settings/guardrails',
    envelope: ['billing_error', 'payment_required'],
  },
  {
    id: 'byok-required',
    status: 403,
    message:
      'OpenAI is requiring a key to access this model, which you can add in https://openrouter.ai/settings/integrations - you can also switch to gpt-5-chat',
    envelope: ['permission_error', 'permission_denied'],
  },
  {
    id: 'moderation',
    status: 403,
    message: 'Your input was flagged',
    envelope: ['permission_error', 'permission_denied'],
    envelopeMetadata: true,
    metadata: () => ({ reasons: ['violence'], flagged_input: 'x' }),
  },
  {
    id: 'cloudflare-challenge',
    status: 403,
    page: true,
    message: 'openrouter.ai | Just a moment...',
    envelope: null,
  },
];

/** The 402 that depends on max_tokens. `afford` is the largest number of tokens that the balance pays for. */
export function affordMessage(maxTokens: number, afford: number): string {
  return `This request requires more credits, or fewer max_tokens. You requested up to ${String(maxTokens)} tokens, but can only afford ${String(afford)}. To increase, visit https://openrouter.ai/settings/credits and upgrade to a paid account`;
}
