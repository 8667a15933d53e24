import { type Answer, returned, step, unavailable } from './answer.ts';

const RESET = '1795824000000';
const quota = (limit: number, source: string): Pick<Answer, 'headers' | 'metadata'> => {
  const headers = { 'X-RateLimit-Limit': String(limit), 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': RESET };
  return { headers, metadata: { headers, limit_source: source, provider_name: null } };
};
const KEYS = 'https://openrouter.ai/settings/keys';
const CREDITS = 'https://openrouter.ai/settings/credits';

/** The key, the money, the account's own rules. */
export const ACCOUNT_ANSWERS: readonly Answer[] = [
  {
    fault: 'auth-missing',
    code: 'KEY_MISSING',
    status: 401,
    message: 'Missing Authentication header',
    envelope: { message: 'No cookie auth credentials found' },
    also: ['No auth credentials found'],
  },
  {
    fault: 'auth-unknown-key',
    code: 'KEY_BAD',
    status: 401,
    message: 'User not found.',
    also: ['Invalid API key', 'This API key is disabled'],
  },
  { code: 'KEY_EXPIRED', status: 401, message: 'API key expired', also: ['This API key has expired'] },
  {
    fault: 'credits-empty',
    code: 'NO_CREDITS',
    status: 402,
    message: `Insufficient credits. Add more using ${CREDITS}`,
    metadata: { limit_source: 'openrouter_credits', remedy_hint: 'Top up.' },
    also: ['Insufficient credits. This account never purchased credits. Make sure your key is on the correct account or org.'],
  },
  {
    fault: 'credits-not-enough-for-max-tokens',
    code: 'CREDITS_TOO_LOW_FOR_MAX_TOKENS',
    status: 402,
    message: `This request requires more credits, or fewer max_tokens. You requested up to 16384 tokens, but can only afford 3919. To increase, visit ${CREDITS} and upgrade to a paid account`,
    metadata: { provider_name: null, limit_source: 'openrouter_credits' },
    also: [
      [
        'KEY_LIMIT',
        `This request requires more credits, or fewer max_tokens. You requested up to 8192 tokens, but can only afford 0. To increase, visit ${KEYS} and create a key with a higher monthly limit`,
      ],
      ['KEY_LIMIT', `Prompt tokens limit exceeded: 51000 > 42000. To increase, visit ${KEYS} and create a key with a higher weekly limit`],
      [
        'KEY_LIMIT',
        `More credits are required to run this request. 64000 token capacity required, 900 available. To increase, visit ${KEYS} and create a key with a higher limit`,
      ],
    ],
  },
  {
    fault: 'credits-in-flight-budget',
    code: 'IN_FLIGHT_BUDGET',
    status: 402,
    message: 'This request would exceed your available credits given your current in-flight requests.',
    headers: { 'Retry-After': '3' },
    metadata: { reason: 'in_flight_budget_exhausted', limit_source: 'openrouter_in_flight_budget' },
  },
  {
    fault: 'key-limit',
    code: 'KEY_LIMIT',
    status: 403,
    message: `Key limit exceeded (total limit). Manage it using ${KEYS}`,
    also: [
      `Key limit exceeded (daily limit). Manage it using ${KEYS}`,
      `Key limit exceeded (weekly limit). Manage it using ${KEYS}`,
      'Key limit exceeded. Manage it using https://openrouter.ai/keys',
    ],
  },
  {
    fault: 'key-limit-payment',
    code: 'KEY_LIMIT',
    status: 402,
    message: `Key limit exceeded (monthly limit). Manage it using ${KEYS}`,
    metadata: { limit_source: 'openrouter_key_limit' },
  },
  {
    fault: 'workspace-budget',
    code: 'BUDGET_LIMIT',
    status: 403,
    message: 'Workspace budget exceeded (monthly). Manage it at https://openrouter.ai/workspaces/default/budgets',
  },
  {
    fault: 'workspace-budget-amount',
    code: 'BUDGET_LIMIT',
    status: 402,
    message: 'Workspace monthly budget of $40.00 exceeded. Manage it at https://openrouter.ai/workspaces/default/budgets',
  },
  {
    fault: 'guardrail-budget',
    code: 'BUDGET_LIMIT',
    status: 402,
    message: 'Guardrail budget limit exceeded (daily). Manage it at https://openrouter.ai/settings/guardrails',
  },
  {
    fault: 'attestation',
    code: 'ATTESTATION',
    status: 403,
    message:
      'This model requires you to complete the following before use: 18+ age confirmation. Confirm at https://openrouter.ai/settings/preferences.',
    ...step('Gate Endpoints with Attestations', { missing_attestation_types: ['age_18plus'] }),
  },
  {
    fault: 'region',
    code: 'REGION',
    status: 403,
    message: 'acme/one is not available in your region',
    ...unavailable('region_restricted'),
  },
  {
    fault: 'guardrail-block',
    code: 'GUARDRAIL',
    status: 403,
    message: 'Request blocked: prompt injection patterns detected',
    metadata: { patterns: ['disregard all'] },
  },
  {
    fault: 'moderation',
    code: 'REFUSAL',
    status: 403,
    message: 'Your input was flagged',
    metadata: { reasons: ['harassment'], flagged_input: 'You …' },
    also: ['Your chosen model requires moderation and your input was flagged'],
  },
  { code: 'ACCESS_REFUSED', status: 403, message: 'This account may not do that' },
  { fault: 'management-key', code: 'KEY_IS_MANAGEMENT', status: 403, message: 'Management keys cannot be used for inference' },
  {
    fault: 'mgmt-key-needed',
    code: 'MANAGEMENT_KEY_NEEDED',
    status: 403,
    message: 'Only management keys can perform this operation',
    envelope: null,
  },
  {
    fault: 'rate-free-day',
    code: 'FREE_QUOTA_DAY',
    status: 429,
    model: 'acme/one:free',
    message: 'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
    ...quota(50, 'openrouter_free_tier_daily'),
    also: ['Rate limit exceeded: free-models-per-day-high-balance. '],
  },
  {
    fault: 'rate-free-minute',
    code: 'FREE_QUOTA_MINUTE',
    status: 429,
    model: 'acme/one:free',
    message: 'Rate limit exceeded: free-models-per-min. ',
    ...quota(20, 'openrouter_free_tier_per_minute'),
  },
  {
    fault: 'rate-free-rpm',
    code: 'FREE_QUOTA_MINUTE',
    status: 429,
    model: 'acme/one:free',
    message: 'Rate limit exceeded: free-models-per-min. ',
    ...quota(20, 'openrouter_free_tier_rpm'),
  },
  {
    fault: 'rate-model-day',
    code: 'MODEL_DAILY_LIMIT',
    status: 429,
    model: 'acme/one:free',
    message:
      'Rate limit exceeded: limit_rpd/acme/one-20260301/77aa00ff. Daily limit reached for acme/one:free via Google AI Studio. Credits do not affect this cap.',
    ...quota(200, 'openrouter_shared_capacity'),
  },
  {
    fault: 'byok-required',
    code: 'BYOK_KEY_NEEDED',
    status: 403,
    message:
      'OpenAI is requiring a key to access this model, which you can add in https://openrouter.ai/settings/integrations - you can also switch to gpt-5-chat',
  },
  {
    fault: 'byok-key-refused',
    code: 'BYOK_KEY_REFUSED',
    status: 401,
    ...returned({ error: { message: 'Incorrect API key provided: sk-0000', type: 'invalid_request_error' } }, { is_byok: true }),
  },
  {
    code: 'BYOK_NO_CREDITS',
    status: 402,
    ...returned({ error: { message: 'You exceeded your current quota.' } }, { is_byok: true }),
    bare: 'PROVIDER_ERROR',
  },
  {
    code: 'BYOK_RATE_LIMITED',
    status: 429,
    ...returned({ error: { message: 'Rate limit reached for requests' } }, { is_byok: true }),
    bare: 'UPSTREAM_BUSY',
  },
];
