import type { ApiErrorType } from '@openrouter/sdk/models';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { readSigns } from '../../src/diagnose/evidence.ts';
import { matchFailure, matchThrown } from '../../src/diagnose/match.ts';
import { findRow, type FindingCode } from '../../src/diagnose/table.ts';
import { ApiError } from '../../src/openrouter/error-body.ts';
import { NetworkError, type NetworkErrorKind } from '../../src/core/network-error.ts';

function plain(status: number, message: string, more: Readonly<Record<string, unknown>> = {}): { status: number; body: string } {
  return { status, body: JSON.stringify({ error: { message, code: status, ...more } }) };
}

/** Every error type that the API has (the list is OpenRouter's client's), and what it means by itself. */
const TYPES = {
  authentication: 'KEY_BAD',
  content_policy_violation: 'REFUSAL',
  context_length_exceeded: 'CONTEXT_MISMATCH',
  image_download_failed: 'REQUEST_REFUSED',
  image_not_found: 'REQUEST_REFUSED',
  image_too_large: 'REQUEST_REFUSED',
  image_too_small: 'REQUEST_REFUSED',
  invalid_image: 'REQUEST_REFUSED',
  invalid_prompt: 'REQUEST_REFUSED',
  invalid_request: 'REQUEST_REFUSED',
  max_tokens_exceeded: 'MAX_OUTPUT_TOO_BIG',
  not_found: 'MODEL_RETIRED',
  payload_too_large: 'TOO_LARGE',
  payment_required: 'NO_CREDITS',
  permission_denied: 'ACCESS_REFUSED',
  precondition_failed: 'REQUEST_REFUSED',
  provider_overloaded: 'UPSTREAM_BUSY',
  provider_unavailable: 'PROVIDER_ERROR',
  rate_limit_exceeded: 'UPSTREAM_BUSY',
  refusal: 'REFUSAL',
  server: 'SERVER_ERROR',
  string_too_long: 'TOO_LARGE',
  timeout: 'TIMEOUT',
  token_limit_exceeded: 'CONTEXT_MISMATCH',
  unmapped: 'PROVIDER_ERROR',
  unprocessable: 'REQUEST_REFUSED',
  unsupported_image_format: 'REQUEST_REFUSED',
} as const satisfies Readonly<Record<(typeof ApiErrorType)[keyof typeof ApiErrorType], FindingCode>>;

describe('the order of evidence', () => {
  it.each(Object.entries(TYPES))(
    'the error type %s decides by itself, with a status that says nothing and in a stream',
    (error_type, code) => {
      const body = JSON.stringify({ type: 'error', error: { type: 'api_error', message: 'some new words', error_type } });
      expect([418, 200].map((status) => matchFailure({ status, body }).code)).toEqual([code, code]);
    },
  );

  it.each([
    ['model_not_found', 400, 'MODEL_UNKNOWN'],
    ['wrong_endpoint', 400, 'MODEL_NOT_CHAT'],
    ['no_endpoints', 404, 'MODEL_RETIRED'],
    ['model_deprecated', 404, 'MODEL_RETIRED'],
    ['model_unavailable_upstream', 404, 'MODEL_RETIRED'],
    ['privacy_restricted', 404, 'DATA_POLICY'],
    ['constraint_filtered', 404, 'NO_MATCHING_PROVIDER'],
    ['free_variant_ended', 404, 'FREE_ENDED'],
    ['capacity_exhausted', 429, 'UPSTREAM_BUSY'],
    ['temporarily_unavailable', 503, 'UPSTREAM_BUSY'],
    ['region_restricted', 403, 'REGION'],
  ])('availability code %s decides, whatever the text says', (code, status, expected) => {
    expect(matchFailure(plain(status, 'some new text', { availability: { code } })).code).toBe(expected);
  });

  it.each([
    ['openrouter_credits', 402, 'NO_CREDITS'],
    ['openrouter_key_limit', 402, 'KEY_LIMIT'],
    ['openrouter_in_flight_budget', 402, 'IN_FLIGHT_BUDGET'],
    ['openrouter_free_tier_daily', 429, 'FREE_QUOTA_DAY'],
    ['upstream_provider_shared_pool', 429, 'UPSTREAM_BUSY'],
  ])('limit source %s decides over text and status', (limit_source, status, expected) => {
    expect(matchFailure(plain(status, 'some new text', { metadata: { limit_source } })).code).toBe(expected);
  });

  it('the key limit decides over the text of a 402 about max_tokens', () => {
    const message =
      'This request requires more credits, or fewer max_tokens. You requested up to 32000 tokens, but can only afford 100. To increase, visit https://openrouter.ai/settings/keys and create a key with a higher monthly limit';
    expect(matchFailure(plain(402, message, { metadata: { limit_source: 'openrouter_key_limit' } })).code).toBe('KEY_LIMIT');
    expect(matchFailure(plain(402, message)).code).toBe('KEY_LIMIT');
  });

  it.each([
    ['Filter by Data Policy', 'DATA_POLICY'],
    ['Filter by Guardrails', 'GUARDRAIL'],
    ['Filter by Allowed Providers', 'PROVIDER_ALLOWLIST'],
    ['Filter by Parameters', 'PARAMETERS_UNSUPPORTED'],
    ['Filter by Tool Compatibility', 'NO_TOOLS'],
    ['Filter by Max Price', 'MAX_PRICE'],
    ['Filter by Image Support', 'NO_IMAGES'],
    ['Filter by Model Output Modalities', 'MODEL_NOT_CHAT'],
    ['Gate Free Endpoints by Agentic Harness', 'HARNESS_GATE'],
    ['Gate Endpoints with Attestations', 'ATTESTATION'],
    ['Filter by Something New', 'NO_MATCHING_PROVIDER'],
  ])('routing step %s decides over the status', (failed_routing_step, expected) => {
    expect(matchFailure(plain(404, 'some new text', { metadata: { failed_routing_step } })).code).toBe(expected);
  });

  it('a text that says more decides over a broad error type', () => {
    const body = JSON.stringify({
      type: 'error',
      error: { type: 'not_found_error', message: 'No endpoints found that support tool use. Try', error_type: 'not_found' },
    });
    expect(matchFailure({ status: 404, body }).code).toBe('NO_TOOLS');
  });

  it.each([
    [400, 'REQUEST_REFUSED'],
    [401, 'KEY_BAD'],
    [402, 'NO_CREDITS'],
    [403, 'ACCESS_REFUSED'],
    [404, 'MODEL_RETIRED'],
    [407, 'PROXY'],
    [408, 'TIMEOUT'],
    [413, 'TOO_LARGE'],
    [422, 'REQUEST_REFUSED'],
    [429, 'UPSTREAM_BUSY'],
    [500, 'SERVER_ERROR'],
    [502, 'PROVIDER_ERROR'],
    [503, 'UPSTREAM_BUSY'],
    [504, 'TIMEOUT'],
    [524, 'TIMEOUT'],
    [529, 'UPSTREAM_BUSY'],
    [599, 'UNKNOWN_FAILURE'],
  ])('an unknown text falls back on the status %i', (status, expected) => {
    expect(matchFailure(plain(status, 'some new text')).code).toBe(expected);
  });

  it('the status inside an error that came with a 200 counts', () => {
    expect(matchFailure({ status: 200, body: JSON.stringify({ error: { message: 'x', code: 402 } }) }).code).toBe('NO_CREDITS');
  });
});

describe('bodies that are no error of OpenRouter', () => {
  const html = { 'content-type': 'text/html; charset=utf-8' };
  it.each([
    ['a sign-in page', { status: 200, headers: html, body: '<html><title>Guest network</title>' }, 'NOT_OPENROUTER'],
    ['a page for a wrong path', { status: 404, headers: html, body: '<!DOCTYPE html>' }, 'NOT_OPENROUTER'],
    [
      'a page, base URL ending in /v1',
      { status: 404, headers: html, body: '<!DOCTYPE html>', baseUrl: 'https://openrouter.ai/api/v1' },
      'BASE_URL_WRONG',
    ],
    [
      'a page, base URL without /api',
      { status: 405, headers: html, body: '<!DOCTYPE html>', baseUrl: 'https://openrouter.ai' },
      'BASE_URL_WRONG',
    ],
    ['405 without a body under /v1/v1', { status: 405, body: '', baseUrl: 'https://openrouter.ai/api/v1' }, 'BASE_URL_WRONG'],
    ['a page of the edge after a time-out', { status: 524, headers: html, body: '<html>' }, 'TIMEOUT'],
    ['a page of the edge while the server is down', { status: 502, headers: html, body: '<html>' }, 'SERVER_ERROR'],
    ["another vendor's JSON", { status: 404, body: '{"detail":"Not Found"}' }, 'NOT_OPENROUTER'],
    ['an empty 404', { status: 404, body: '' }, 'NOT_OPENROUTER'],
    ['a truncated body', { status: 404, body: '{"error":{"message":"No endp' }, 'NOT_OPENROUTER'],
    ['an empty 503', { status: 503, body: '' }, 'UPSTREAM_BUSY'],
    ['a truncated 402', { status: 402, body: '{"error":{"mess' }, 'NO_CREDITS'],
    ['an empty 401', { status: 401, body: '' }, 'KEY_BAD'],
    ['nothing at all', {}, 'UNKNOWN_FAILURE'],
  ])('%s', (_what, evidence, expected) => {
    expect(matchFailure(evidence).code).toBe(expected);
  });
});

describe('thrown errors', () => {
  it.each<[NetworkErrorKind, string]>([
    ['dns', 'DNS'],
    ['refused', 'UNREACHABLE'],
    ['unreachable', 'UNREACHABLE'],
    ['tls', 'TLS'],
    ['proxy', 'PROXY'],
    ['timeout-connect', 'TIMEOUT'],
    ['timeout-first-byte', 'TIMEOUT'],
    ['timeout-idle', 'TIMEOUT'],
    ['timeout-total', 'TIMEOUT'],
    ['reset', 'CONNECTION_LOST'],
    ['redirect', 'NOT_OPENROUTER'],
    ['too-big', 'NOT_OPENROUTER'],
    ['header-too-big', 'NOT_OPENROUTER'],
    ['not-http', 'NOT_OPENROUTER'],
    ['encoding', 'NOT_OPENROUTER'],
    ['html', 'NOT_OPENROUTER'],
    ['not-json', 'NOT_OPENROUTER'],
    ['unexpected-shape', 'NOT_OPENROUTER'],
    ['offline', 'UNREACHABLE'],
  ])('%s is %s, the code that the error itself names', (kind, expected) => {
    const error = new NetworkError(kind, { host: 'openrouter.ai', proxy: 'http://proxy.corp:3128' });
    const finding = matchThrown(error);
    expect(finding?.code).toBe(expected);
    expect(error.code).toBe(expected);
    expect(findRow(expected)).toBeDefined();
  });

  it('a failing proxy is named', () => {
    expect(matchThrown(new NetworkError('proxy', { host: 'openrouter.ai', proxy: 'http://proxy.corp:3128' }))?.cause).toContain(
      'proxy.corp:3128',
    );
  });

  it('an ApiError keeps its evidence', () => {
    const body = '{"error":{"message":"User not found.","code":401}}';
    const found = matchThrown(new ApiError('GET /key', 401, {}, body, 'https://gateway.example/api'));
    expect(found?.code).toBe('KEY_BAD');
    expect(found?.cause).toMatch(/gateway\.example(?!.*OpenRouter)/);
    const failed = matchThrown(new ApiError('GET /models', 500, {}, '', 'https://gateway.example/api'));
    expect(failed).toMatchObject({ code: 'SERVER_ERROR', cause: expect.stringContaining('gateway.example') });
    expect(failed?.fix).not.toContain('openrouter.ai');
  });

  it('any other error is not judged', () => {
    expect(matchThrown(new TypeError('x'))).toBeUndefined();
  });
});

describe('what a fix may say', () => {
  it('a retired model: the successor that OpenRouter names', () => {
    const finding = matchFailure({
      ...plain(404, 'gone', { availability: { code: 'model_deprecated', fallback_models: ['z-ai/glm-5.3'] } }),
      alias: 'opus',
      model: 'z-ai/glm-4',
    });
    expect(finding.fix).toContain('orcc switch opus=z-ai/glm-5.3');
  });

  it('a successor that would run something in a shell is not passed on', () => {
    const finding = matchFailure({
      ...plain(404, 'gone', { availability: { code: 'model_deprecated', fallback_models: ['x/y`; rm -rf ~`'] } }),
      model: 'a/b',
    });
    expect(finding.fix).not.toContain('rm -rf');
    expect(finding.data?.['successor']).toBeUndefined();
  });

  it('an ended free variant: the paid id', () => {
    const finding = matchFailure({
      ...plain(404, 'This model is unavailable for free. The paid version is available now - use this slug instead: openai/gpt-oss-20b'),
      alias: 'haiku',
      model: 'openai/gpt-oss-20b:free',
    });
    expect(finding.fix).toContain('orcc switch haiku=openai/gpt-oss-20b`');
  });

  it('a used-up free quota: when it comes back', () => {
    const reset = Date.UTC(2026, 10, 23);
    const finding = matchFailure({
      ...plain(429, 'Rate limit exceeded: free-models-per-day. Add 10 credits'),
      headers: { 'x-ratelimit-reset': String(reset) },
      model: 'a/b:free',
    });
    expect(finding).toMatchObject({ code: 'FREE_QUOTA_DAY', data: { resetAt: '2026-11-23 00:00 UTC' } });
    expect(finding.cause).toContain('2026-11-23 00:00 UTC');
    expect(finding.fix).toContain('`a/b`');
  });

  it('the reset is also read from the copy in the body', () => {
    const reset = Date.UTC(2026, 10, 23);
    const body = plain(429, 'Rate limit exceeded: free-models-per-day.', { metadata: { headers: { 'X-RateLimit-Reset': String(reset) } } });
    expect(matchFailure(body).data?.['resetAt']).toBe('2026-11-23 00:00 UTC');
  });

  it('the privacy page that the answer names, and no page of another site', () => {
    expect(
      matchFailure(plain(404, 'No endpoints found matching your data policy. Configure: https://openrouter.ai/settings/privacy')).fix,
    ).toContain('https://openrouter.ai/settings/privacy');
    const bad = matchFailure(
      plain(404, 'No endpoints found matching your data policy. Configure: https://openrouter.ai.evil.example/settings/privacy'),
    );
    expect(bad.fix).not.toContain('evil');
  });

  it('the cap that a provider names', () => {
    const raw = '{"code":400,"message":"max_tokens (current value: 65536) must be between 0 and 32768 "}';
    expect(matchFailure(plain(400, 'Provider returned error', { metadata: { raw, provider_name: 'Novita' } })).data).toMatchObject({
      cap: 32768,
      provider: 'Novita',
    });
  });

  it.each([
    ['Invalid max_tokens value, the valid range of max_tokens is [1, 8192]', 8192],
    ['max_tokens: 32000 > 16384, which is the maximum allowed number of output tokens', 16384],
    ['max_completion_tokens must be at most 4096 for this model', 4096],
  ])('the cap of %s', (raw, cap) => {
    const found = matchFailure(plain(400, 'Provider returned error', { metadata: { raw, provider_name: 'Acme' } }));
    expect([found.code, found.data?.['cap']]).toEqual(['MAX_OUTPUT_TOO_BIG', cap]);
  });

  it('the window that the answer names', () => {
    expect(
      matchFailure(plain(400, "This endpoint's maximum context length is 131072 tokens. However, you requested about 138956 tokens")).data,
    ).toMatchObject({ window: 131072 });
  });
});

describe('safety', () => {
  it.each(['constructor', 'toString', '__proto__'])('an error type called %s is one that nobody knows', (name) => {
    expect(readSigns({ status: 200, error: { shape: 'openrouter', message: 'x', errorType: name } })).toMatchObject({ status: 200 });
    expect(readSigns({ status: 200, error: { shape: 'openrouter', message: 'x', type: name } })).toMatchObject({
      status: 200,
      type: undefined,
    });
  });

  it('neither keys nor terminal escapes get into a finding', () => {
    const key = `sk-or-v1-${'ab'.repeat(32)}`;
    const secret = 'token-of-another-shape';
    const body = JSON.stringify({
      error: {
        message: `\u001b[2J${key} ${secret}`,
        code: 400,
        metadata: { raw: `\u001b]0;x\u0007${key} ${secret}`, provider_name: `\u001b[31m${key}` },
      },
    });
    const printed = JSON.stringify(matchFailure({ status: 400, body, secrets: [secret] }));
    expect(printed).not.toContain(key);
    expect(printed).not.toContain(secret);
    expect(printed).not.toContain('\\u001b');
  });

  it('whatever JSON comes, there is a finding with a known code', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), fc.jsonValue(), (status, metadata, availability) => {
        const finding = matchFailure({ status, body: JSON.stringify({ error: { message: 'x', metadata, availability } }) });
        expect(findRow(finding.code)).toBeDefined();
        expect(finding.cause).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });
});
