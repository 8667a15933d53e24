import type { Evidence } from '../../src/diagnose/evidence.ts';
import type { FindingCode } from '../../src/diagnose/table.ts';
import { NetworkError } from '../../src/core/network-error.ts';

/** An answer that must give a finding, and the nearest one that must not: it has a finding of its own. */
export interface Pair {
  readonly code: FindingCode;
  readonly must: readonly Evidence[];
  readonly not: readonly (readonly [FindingCode, Evidence])[];
}

export const HTML = { 'content-type': 'text/html; charset=UTF-8' };
export const EDGE = { ...HTML, server: 'cloudflare', 'cf-ray': '9a-FRA' };
const PAGE = '<!DOCTYPE html><html><head><title>Just a moment</title></head><body>cloudflare</body></html>';

/** OpenRouter's own shape. */
export function plain(status: number, message: string, metadata?: object, more: object = {}): Evidence {
  return { status, body: JSON.stringify({ error: { message, code: status, ...(metadata && { metadata }), ...more }, user_id: 'user_1' }) };
}

/** The Anthropic envelope. */
export function envelope(
  status: number,
  type: string,
  message: string,
  errorType: string,
  error: object = {},
  more: object = {},
): Evidence {
  const body = { type: 'error', error: { type, message, error_type: errorType, ...error }, request_id: null, ...more };
  return { status, body: JSON.stringify(body) };
}

const missing = (message: string, error: object = {}): Evidence => envelope(404, 'not_found_error', message, 'not_found', error);
const noEndpoints = (message: string, more: object = {}): Evidence =>
  missing(message, { availability: { code: 'no_endpoints', retryable: false, ...more } });
const filtered = (field: string, message = 'No endpoint is left.'): Evidence =>
  missing(message, { availability: { code: 'constraint_filtered', constraint: { field } } });
const provider = (status: number, raw: string, more: object = {}): Evidence =>
  plain(status, 'Provider returned error', { raw: JSON.stringify({ error: { message: raw } }), provider_name: 'Acme', ...more });
const page = (status: number, headers: Record<string, string> = EDGE, body = PAGE): Evidence => ({ status, headers, body });
const network = (kind: ConstructorParameters<typeof NetworkError>[0]): Evidence => ({
  network: new NetworkError(kind, { host: 'openrouter.ai', status: 200 }),
});
const excluded = (reasons: string): string =>
  `0 endpoints out of 4 requested are available matching your guardrail restrictions and data policy. We removed them for the following reasons (an endpoint may have matched multiple reasons): ${reasons}`;

export const PAIRS: readonly Pair[] = [
  {
    code: 'BYOK_KEY_NEEDED',
    must: [
      plain(403, 'OpenAI is requiring a key to access this model, which you can add in https://openrouter.ai/settings/integrations'),
      plain(403, 'This model is only available with your own key. Add one at https://openrouter.ai/settings/integrations'),
    ],
    not: [
      [
        'UPSTREAM_BUSY',
        provider(
          429,
          'a/b is rate-limited upstream, or add your own key to accumulate limits: https://openrouter.ai/settings/integrations',
          {
            is_byok: false,
          },
        ),
      ],
    ],
  },
  {
    code: 'BYOK_KEY_REFUSED',
    must: [
      provider(401, 'Incorrect API key provided: sk-x', { is_byok: true }),
      provider(401, 'invalid x-api-key'),
      provider(403, 'Permission denied for this API key', { is_byok: true }),
    ],
    not: [
      ['KEY_BAD', plain(401, 'User not found.')],
      ['PROVIDER_ERROR', provider(401, 'Unauthorized', { is_byok: false })],
    ],
  },
  {
    code: 'BYOK_NO_CREDITS',
    must: [
      provider(402, 'Payment required', { is_byok: true }),
      provider(429, 'You exceeded your current quota, please check your plan and billing details.', { is_byok: true }),
    ],
    not: [
      ['NO_CREDITS', plain(402, 'Insufficient credits. Add more using https://openrouter.ai/settings/credits')],
      ['PROVIDER_ERROR', provider(402, 'Payment required', { is_byok: false })],
    ],
  },
  {
    code: 'BYOK_RATE_LIMITED',
    must: [provider(429, 'Rate limit reached for requests', { is_byok: true })],
    not: [['UPSTREAM_BUSY', provider(429, 'Rate limit reached for requests', { is_byok: false })]],
  },
  {
    code: 'KEY_MISSING',
    must: [plain(401, 'No auth credentials found')],
    not: [['KEY_BAD', plain(401, 'User not found.')]],
  },
  {
    code: 'KEY_EXPIRED',
    must: [plain(401, 'API key expired')],
    not: [['ACCESS_REFUSED', plain(403, 'Authorization code expired')]],
  },
  {
    code: 'MANAGEMENT_KEY_NEEDED',
    must: [plain(403, 'Only management keys can perform this operation')],
    not: [['KEY_IS_MANAGEMENT', plain(403, 'Management keys cannot be used for inference')]],
  },
  {
    code: 'KEY_IS_MANAGEMENT',
    must: [plain(403, 'Provisioning keys cannot call models')],
    not: [['MANAGEMENT_KEY_NEEDED', plain(403, 'Only provisioning keys may list keys')]],
  },
  {
    code: 'KEY_BAD',
    must: [plain(401, 'User not found.'), envelope(401, 'authentication_error', 'Whatever', 'authentication')],
    not: [['BYOK_KEY_REFUSED', envelope(401, 'authentication_error', 'Provider returned error', 'authentication')]],
  },
  {
    code: 'KEY_LIMIT',
    must: [plain(403, 'Key limit exceeded (monthly limit). Manage it using https://openrouter.ai/settings/keys')],
    not: [['BUDGET_LIMIT', plain(403, 'Workspace monthly budget of $500.00 exceeded')]],
  },
  {
    code: 'BUDGET_LIMIT',
    must: [
      envelope(
        403,
        'permission_error',
        'Workspace budget exceeded (monthly). Manage it at https://openrouter.ai/workspaces/x/budgets',
        'permission_denied',
      ),
      plain(402, 'Guardrail budget limit exceeded (daily). Manage it at https://openrouter.ai/settings/guardrails'),
      plain(402, 'Workspace monthly budget of $500.00 exceeded.', { limit_source: 'openrouter_credits' }),
      plain(402, 'Some new words', { limit_source: 'openrouter_workspace_budget' }),
    ],
    not: [
      ['KEY_LIMIT', plain(403, 'Key limit exceeded (daily limit). Manage it using https://openrouter.ai/settings/keys')],
      ['IN_FLIGHT_BUDGET', plain(402, 'Some new words', { limit_source: 'openrouter_in_flight_budget' })],
      ['GUARDRAIL', plain(403, 'Request blocked: prompt injection patterns detected')],
    ],
  },
  {
    code: 'IN_FLIGHT_BUDGET',
    must: [plain(402, 'This request would exceed your available credits given your current in-flight requests.')],
    not: [['NO_CREDITS', plain(402, 'Insufficient credits.')]],
  },
  {
    code: 'CREDITS_TOO_LOW_FOR_MAX_TOKENS',
    must: [
      plain(402, 'This request requires more credits, or fewer max_tokens. You requested up to 32000 tokens, but can only afford 9000.'),
    ],
    not: [['NO_CREDITS', plain(402, 'This account never purchased credits.')]],
  },
  {
    code: 'NO_CREDITS',
    must: [plain(402, 'Insufficient credits.'), plain(402, 'x', { limit_source: 'openrouter_credits' })],
    not: [['KEY_LIMIT', plain(402, 'x', { limit_source: 'openrouter_key_limit' })]],
  },
  {
    code: 'RATE_LIMITED',
    must: [page(429), { ...plain(429, 'Rate limit exceeded'), general: true }, { status: 429, headers: EDGE, body: 'error code: 1015' }],
    not: [
      ['UPSTREAM_BUSY', plain(429, 'Rate limit exceeded')],
      ['NOT_OPENROUTER', page(418, HTML)],
    ],
  },
  {
    code: 'FREE_QUOTA_MINUTE',
    must: [
      plain(429, 'Rate limit exceeded: free-models-per-min. ', { limit_source: 'openrouter_free_tier_rpm' }),
      plain(429, 'x', { limit_source: 'openrouter_free_tier_per_minute' }),
      plain(429, 'Rate limit exceeded: free-models-per-min. ', { limit_source: 'openrouter_free_tier' }),
    ],
    not: [['FREE_QUOTA_DAY', plain(429, 'x', { limit_source: 'openrouter_free_tier_daily' })]],
  },
  {
    code: 'FREE_QUOTA_DAY',
    must: [
      plain(429, 'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day'),
      plain(429, 'x', { limit_source: 'openrouter_free_tier_per_day' }),
      plain(429, 'x', { limit_source: 'openrouter_free_tier' }),
    ],
    not: [['FREE_QUOTA_MINUTE', plain(429, 'Rate limit exceeded: free-models-per-min.')]],
  },
  {
    code: 'MODEL_DAILY_LIMIT',
    must: [
      plain(429, 'Rate limit exceeded: limit_rpd/a/b-20260101/ab12. Daily limit reached for a/b:free via Acme.', {
        limit_source: 'openrouter_shared_capacity',
      }),
      provider(429, 'Quota exceeded for quota metric generate_requests_per_model_per_day', { is_byok: false }),
    ],
    not: [
      ['UPSTREAM_BUSY', plain(429, 'Rate limit exceeded: limit_rpm/a/b/ab12.', { limit_source: 'openrouter_shared_capacity' })],
      ['FREE_QUOTA_DAY', plain(429, 'Rate limit exceeded: free-models-per-day-high-balance.')],
    ],
  },
  {
    code: 'MAX_PRICE',
    must: [missing('No endpoints found under your max price.'), filtered('max_price')],
    not: [['MODEL_RETIRED', missing('No endpoints found for a/b.')]],
  },
  {
    code: 'HARNESS_GATE',
    must: [
      plain(403, 'a/b:free is only available on agentic harnesses.'),
      plain(403, 'This model is only available to approved coding agents.'),
    ],
    not: [['ACCESS_REFUSED', plain(403, 'a/b is only available to some')]],
  },
  {
    code: 'ATTESTATION',
    must: [plain(403, 'This model requires you to complete the following before use: 18+ age confirmation.')],
    not: [['ACCESS_REFUSED', plain(403, 'This model is for grown-ups')]],
  },
  {
    code: 'REGION',
    must: [
      provider(400, 'User location is not supported for the API use.', { is_byok: false }),
      plain(403, 'Country, region, or territory not supported'),
      missing(excluded('Not offered in your data region: 4 endpoints excluded; configurable at https://openrouter.ai/settings/privacy')),
    ],
    not: [['TRANSLATION_400', provider(400, 'Content location header is broken')]],
  },
  {
    code: 'GUARDRAIL',
    must: [
      missing(
        excluded('Provider not allowed by guardrail: 4 endpoints excluded; configurable at https://openrouter.ai/workspaces/x/guardrails'),
      ),
      filtered('guardrail'),
    ],
    not: [
      ['DATA_POLICY', missing('No endpoints available matching your guardrail restrictions and data policy.')],
      [
        'DATA_POLICY',
        missing(
          excluded(
            'Provider not allowed by guardrail: 1 endpoint excluded; configurable at https://openrouter.ai/workspaces/x/guardrails. Paid model training: 4 endpoints excluded; configurable at https://openrouter.ai/settings/privacy',
          ),
        ),
      ],
    ],
  },
  {
    code: 'DATA_POLICY',
    must: [
      missing('No endpoints found matching your data policy (Free model training).'),
      noEndpoints('x', { excluded_by: ['data_policy'] }),
    ],
    not: [['GUARDRAIL', noEndpoints('x', { excluded_by: ['guardrail'] })]],
  },
  {
    code: 'PROVIDER_ALLOWLIST',
    must: [missing('No allowed providers are available for the selected model.'), filtered('provider.only')],
    not: [['GUARDRAIL', missing(excluded('Provider not allowed by guardrail: 4 endpoints excluded'))]],
  },
  {
    code: 'PARAMETERS_UNSUPPORTED',
    must: [
      plain(404, 'No endpoints found that support cache control'),
      missing('No endpoints found that can handle the requested parameters.'),
    ],
    not: [
      ['MODEL_RETIRED', plain(404, 'No endpoints found for a/b.')],
      ['NO_TOOLS', plain(404, 'No endpoints found that support tool use.')],
    ],
  },
  {
    code: 'NO_MATCHING_PROVIDER',
    must: [filtered('something_new')],
    not: [['CONTEXT_MISMATCH', filtered('context_length')]],
  },
  {
    code: 'ACCESS_REFUSED',
    must: [envelope(403, 'permission_error', 'Some new words', 'permission_denied')],
    not: [['REFUSAL', envelope(403, 'permission_error', 'Some new words', 'permission_denied', {}, { metadata: { flagged_input: 'x' } })]],
  },
  {
    code: 'FREE_ENDED',
    must: [
      plain(404, 'The free Acme 2 period has ended. To continue using this model, please migrate to the paid slug: acme/acme-2'),
      plain(404, 'This model is unavailable for free. The paid version is available now - use this slug instead: acme/acme-2'),
    ],
    not: [['MODEL_RETIRED', plain(404, 'acme/acme-2 has been deprecated.')]],
  },
  {
    code: 'PRESET_MISSING',
    must: [missing('Preset not found: mine'), { ...plain(400, '@preset/mine is not a valid model ID'), model: '@preset/mine' }],
    not: [
      ['MODEL_UNKNOWN', plain(400, 'acme/preset is not a valid model ID')],
      ['MODEL_RETIRED', { ...missing('No endpoints found for acme/one.'), model: '@preset/mine' }],
    ],
  },
  {
    code: 'MODEL_UNKNOWN',
    must: [plain(400, 'No models provided'), plain(400, 'a/b is not a valid model ID')],
    not: [['REQUEST_REFUSED', plain(400, 'No messages provided')]],
  },
  {
    code: 'MODEL_RETIRED',
    must: [
      missing('Every provider of this model answered 404.', { availability: { code: 'model_unavailable_upstream' } }),
      noEndpoints('Some new words'),
    ],
    not: [
      ['UPSTREAM_BUSY', missing('x', { availability: { code: 'temporarily_unavailable' } })],
      ['NO_TOOLS', noEndpoints('No endpoints found that support tool use. Try disabling "x".')],
    ],
  },
  {
    code: 'MODEL_NOT_CHAT',
    must: [missing('x', { availability: { code: 'wrong_endpoint' } }), filtered('output_modalities')],
    not: [['NO_IMAGES', filtered('input_modalities')]],
  },
  {
    code: 'NO_TOOLS',
    must: [
      noEndpoints('No endpoints found that support tool use.'),
      noEndpoints('x', { excluded_by: ['tools'] }),
      provider(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
      provider(400, "This model doesn't support tool calling"),
    ],
    not: [
      ['MODEL_RETIRED', noEndpoints('x', { excluded_by: [] })],
      ['TRANSLATION_400', provider(400, 'deepseek-reasoner does not support this tool_choice')],
    ],
  },
  {
    code: 'NO_IMAGES',
    must: [missing('No endpoints found that support image input')],
    not: [['PARAMETERS_UNSUPPORTED', missing('No endpoints found that support audio output')]],
  },
  {
    code: 'MAX_OUTPUT_TOO_BIG',
    must: [
      provider(400, 'max_tokens (current value: 65536) must be between 0 and 32768'),
      provider(400, 'Invalid max_tokens value, the valid range of max_tokens is [1, 8192]'),
      filtered('max_tokens'),
    ],
    not: [['CREDITS_TOO_LOW_FOR_MAX_TOKENS', plain(402, 'fewer max_tokens')]],
  },
  {
    code: 'CONTEXT_MISMATCH',
    must: [
      missing('No endpoints found that support the requested context length.', {
        availability: { code: 'constraint_filtered', excluded_by: ['context_length'] },
      }),
      plain(400, "This endpoint's maximum context length is 131072 tokens."),
    ],
    not: [['MAX_OUTPUT_TOO_BIG', filtered('output_length')]],
  },
  {
    code: 'REFUSAL',
    must: [
      envelope(
        403,
        'permission_error',
        'Your input was flagged',
        'permission_denied',
        {},
        { metadata: { reasons: ['violence'], flagged_input: 'x' } },
      ),
      plain(403, 'Your chosen model requires moderation and your input was flagged'),
    ],
    not: [['GUARDRAIL', plain(403, 'Request blocked: prompt injection patterns detected')]],
  },
  {
    code: 'THINKING_SIGNATURE',
    must: [plain(400, 'messages.1.content.0: Invalid `signature` in `thinking` block')],
    not: [['TRANSLATION_400', plain(400, 'messages.1.content.0: redacted_thinking must come first')]],
  },
  {
    code: 'EFFORT_UNSUPPORTED',
    must: [
      envelope(400, 'invalid_request_error', 'This model does not support the effort parameter.', 'invalid_request'),
      provider(400, 'output_config: Extra inputs are not permitted'),
      provider(400, 'reasoning_effort is not supported'),
    ],
    not: [['TRANSLATION_400', provider(400, 'context_management: Extra inputs are not permitted')]],
  },
  {
    code: 'DEFERRAL_REFUSED',
    must: [
      plain(400, 'Deferred custom tools are only supported on Anthropic models. Received acme/one-20260101.'),
      provider(400, 'tools.2.custom.defer_loading: Extra inputs are not permitted'),
    ],
    not: [['NO_TOOLS', plain(404, 'No endpoints found that support tool use.')]],
  },
  {
    code: 'TRANSLATION_400',
    must: [provider(400, 'insufficient tool messages following tool_calls message')],
    not: [['REQUEST_REFUSED', plain(400, 'Some new words')]],
  },
  {
    code: 'TOO_LARGE',
    must: [page(413), page(413, HTML), envelope(413, 'invalid_request_error', 'x', 'payload_too_large')],
    not: [['NOT_OPENROUTER', page(404)]],
  },
  {
    code: 'UPSTREAM_BUSY',
    must: [plain(503, 'x'), provider(429, 'a/b is temporarily rate-limited upstream.', { limit_source: 'upstream_provider_shared_pool' })],
    not: [
      ['SERVER_ERROR', { ...plain(503, 'x'), general: true }],
      ['MODEL_RETIRED', missing('x', { availability: { code: 'model_unavailable_upstream' } })],
    ],
  },
  {
    code: 'PROVIDER_ERROR',
    must: [
      envelope(200, 'api_error', 'An error occurred', 'unmapped'),
      envelope(500, 'api_error', 'x', 'unmapped'),
      plain(502, 'Provider returned error'),
    ],
    not: [['SERVER_ERROR', envelope(500, 'api_error', 'x', 'server')]],
  },
  {
    code: 'SERVER_ERROR',
    must: [page(529), page(522), { status: 530, headers: EDGE, body: 'error code: 1033' }, { ...plain(502, 'x'), general: true }],
    not: [
      ['PROVIDER_ERROR', plain(502, 'x')],
      ['EDGE_BLOCKED', page(403)],
      ['TIMEOUT', page(524)],
    ],
  },
  {
    code: 'REQUEST_REFUSED',
    must: [plain(400, 'Some new words'), plain(422, 'Invalid argument')],
    not: [['MODEL_UNKNOWN', plain(400, 'No models provided')]],
  },
  {
    code: 'EMPTY_ANSWER',
    must: [{ status: 200, stream: 'empty' }],
    not: [['STREAM_CUT', { status: 200, stream: 'cut' }]],
  },
  { code: 'STREAM_CUT', must: [{ status: 200, stream: 'cut' }], not: [['STREAM_STALLED', { status: 200, stream: 'stall' }]] },
  { code: 'STREAM_STALLED', must: [{ status: 200, stream: 'stall' }], not: [['TIMEOUT', network('timeout-first-byte')]] },
  { code: 'STREAM_MALFORMED', must: [{ status: 200, stream: 'malformed' }], not: [['EMPTY_ANSWER', { status: 200, stream: 'empty' }]] },
  { code: 'PROXY', must: [network('proxy'), { status: 407, body: '' }, page(407, HTML)], not: [['UNREACHABLE', network('refused')]] },
  { code: 'DNS', must: [network('dns')], not: [['UNREACHABLE', network('unreachable')]] },
  { code: 'UNREACHABLE', must: [network('refused')], not: [['DNS', network('dns')]] },
  { code: 'TLS', must: [network('tls')], not: [['CONNECTION_LOST', network('reset')]] },
  {
    code: 'TIMEOUT',
    must: [network('timeout-total'), page(524), plain(408, 'x')],
    not: [['SERVER_ERROR', page(522)]],
  },
  {
    code: 'EDGE_BLOCKED',
    must: [page(403), { status: 403, headers: EDGE, body: 'error code: 1020' }, { ...page(403), general: true }],
    not: [
      ['NOT_OPENROUTER', page(403, HTML)],
      ['ACCESS_REFUSED', { ...plain(403, 'x'), headers: EDGE }],
    ],
  },
  { code: 'CONNECTION_LOST', must: [network('reset')], not: [['TLS', network('tls')]] },
  {
    code: 'BASE_URL_WRONG',
    must: [{ ...page(404), baseUrl: 'https://openrouter.ai/api/v1' }],
    not: [
      ['NOT_OPENROUTER', { ...page(404), baseUrl: 'https://openrouter.ai/api' }],
      ['SERVER_ERROR', { ...page(503), baseUrl: 'https://openrouter.ai/api/v1' }],
    ],
  },
  {
    code: 'NOT_OPENROUTER',
    must: [page(200, HTML), page(404), page(403, HTML), { status: 404, body: '{"detail":"Not Found"}' }],
    not: [['EDGE_BLOCKED', page(403)]],
  },
  { code: 'UNKNOWN_FAILURE', must: [plain(599, 'Some new words'), {}], not: [['SERVER_ERROR', plain(500, 'Some new words')]] },
];
