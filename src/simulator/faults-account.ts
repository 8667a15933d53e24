import { DAY_MS } from '../text/day.ts';
import type { Headers } from './answer.ts';
import { type ApiFault, failedStep, type FaultFacts, unavailable } from './fault.ts';
import type { Json } from './json.ts';

/** Milliseconds of a day and of a minute: at the end of one the free quota is refilled. */
const MINUTE_MS = 60_000;

const freeQuota = (limit: number, source: string, unit: number) => {
  const headers = (facts: FaultFacts): Headers => ({
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String((Math.floor(facts.now / unit) + 1) * unit),
  });
  return {
    headers,
    metadata: (facts: FaultFacts): Json => ({ headers: headers(facts), limit_source: source, provider_name: null }),
  };
};

/** Refusals for the key, the money or the account's own rules, in the API's own words (public reports, OpenRouter's documentation). */
export const ACCOUNT_FAULTS: readonly ApiFault[] = [
  { id: 'auth-missing', status: 401, message: 'Missing Authentication header', envelopeMessage: 'No cookie auth credentials found' },
  { id: 'auth-unknown-key', status: 401, message: 'User not found.' },
  {
    id: 'credits-empty',
    status: 402,
    message: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
    envelopeMetadata: true,
    metadata: () => ({ limit_source: 'openrouter_credits', remedy_hint: 'Buy credits, then try again.' }),
  },
  {
    id: 'credits-not-enough-for-max-tokens',
    status: 402,
    message: (facts) => affordMessage(facts.maxTokens, Math.floor(facts.maxTokens * 0.85)),
    metadata: () => ({ provider_name: null, limit_source: 'openrouter_credits' }),
  },
  {
    id: 'credits-in-flight-budget',
    status: 402,
    message: 'This request would exceed your available credits given your current in-flight requests.',
    headers: () => ({ 'Retry-After': '2' }),
    metadata: () => ({ reason: 'in_flight_budget_exhausted', limit_source: 'openrouter_in_flight_budget' }),
  },
  { id: 'key-limit', status: 403, message: 'Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys' },
  {
    id: 'key-limit-payment',
    status: 402,
    message: 'Key limit exceeded (monthly limit). Manage it using https://openrouter.ai/settings/keys',
    envelopeMetadata: true,
    metadata: () => ({ limit_source: 'openrouter_key_limit' }),
  },
  {
    id: 'attestation',
    status: 403,
    message:
      'This model requires you to complete the following before use: 18+ age confirmation. Confirm at https://openrouter.ai/settings/preferences.',
    metadata: failedStep('Gate Endpoints with Attestations', { missing_attestation_types: ['age_18plus'] }),
  },
  {
    id: 'region',
    status: 403,
    message: (facts) => `${facts.model} is not available in your region`,
    availability: unavailable('region_restricted'),
  },
  {
    id: 'guardrail-block',
    status: 403,
    message: 'Request blocked: prompt injection patterns detected',
    metadata: () => ({ patterns: ['ignore previous'] }),
  },
  // OpenRouter says that management keys cannot run inference; the text is a guess.
  { id: 'management-key', status: 403, message: 'Management keys cannot be used for inference' },
  { id: 'mgmt-key-needed', status: 403, message: 'Only management keys can perform this operation', envelope: null },
  {
    id: 'rate-free-day',
    status: 429,
    message: 'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
    ...freeQuota(50, 'openrouter_free_tier_daily', DAY_MS),
  },
  {
    id: 'rate-free-minute',
    status: 429,
    message: 'Rate limit exceeded: free-models-per-min. ',
    ...freeQuota(20, 'openrouter_free_tier_per_minute', MINUTE_MS),
  },
  // The other name of the same limit.
  {
    id: 'rate-free-rpm',
    status: 429,
    message: 'Rate limit exceeded: free-models-per-min. ',
    envelopeMetadata: true,
    ...freeQuota(20, 'openrouter_free_tier_rpm', MINUTE_MS),
  },
  {
    id: 'rate-model-day',
    status: 429,
    message: (facts) =>
      `Rate limit exceeded: limit_rpd/${facts.slug}/1234abcd. Daily limit reached for ${facts.model} via Google AI Studio. Credits do not affect this cap.`,
    envelopeMetadata: true,
    ...freeQuota(100, 'openrouter_shared_capacity', DAY_MS),
  },
  {
    id: 'workspace-budget',
    status: 403,
    message: 'Workspace budget exceeded (monthly). Manage it at https://openrouter.ai/workspaces/default/budgets',
  },
  {
    id: 'workspace-budget-amount',
    status: 402,
    message: 'Workspace monthly budget of $500.00 exceeded. Manage it at https://openrouter.ai/workspaces/default/budgets',
  },
  {
    id: 'guardrail-budget',
    status: 402,
    message: 'Guardrail budget limit exceeded (daily). Manage it at https://openrouter.ai/settings/guardrails',
  },
  {
    id: 'byok-required',
    status: 403,
    message:
      'OpenAI is requiring a key to access this model, which you can add in https://openrouter.ai/settings/integrations - you can also switch to gpt-5-chat',
  },
  {
    id: 'moderation',
    status: 403,
    message: 'Your input was flagged',
    envelopeMetadata: true,
    metadata: () => ({ reasons: ['violence'], flagged_input: 'x' }),
  },
  { id: 'cloudflare-challenge', status: 403, page: true, message: 'openrouter.ai | Just a moment...', envelope: null },
];

/** The 402 that depends on max_tokens. `afford` is the largest number of tokens that the balance pays for. */
export function affordMessage(maxTokens: number, afford: number): string {
  return `This request requires more credits, or fewer max_tokens. You requested up to ${String(maxTokens)} tokens, but can only afford ${String(afford)}. To increase, visit https://openrouter.ai/settings/credits and upgrade to a paid account`;
}
