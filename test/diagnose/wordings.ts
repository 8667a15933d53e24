import type { Evidence } from '../../src/diagnose/evidence.ts';
import type { FindingCode } from '../../src/diagnose/table.ts';
import { envelope, plain } from './neighbours.ts';

const said = (message: string): object => ({ error: { message } });
/** A provider's own words, as a text or as an object. */
const provider = (status: number, raw: unknown, more: object = {}): Evidence =>
  plain(status, 'Provider returned error', { raw: typeof raw === 'string' ? raw : JSON.stringify(raw), provider_name: 'Acme', ...more });

/** Answers of the same kinds in other words, languages, letters and places, and what they must be taken for. */
export const WORDINGS: readonly (readonly [FindingCode, Evidence])[] = [
  // provider errors in other languages
  ['UPSTREAM_BUSY', provider(429, { error: { code: '1113', message: '余额不足或无可用资源包,请充值。' } })],
  [
    'TRANSLATION_400',
    provider(400, {
      contentFilter: [{ level: 1, role: 'user' }],
      error: { code: '1301', message: '系统检测到输入或生成内容可能包含不安全或敏感内容' },
    }),
  ],
  ['TRANSLATION_400', provider(400, { error: { code: '1211', message: '模型不存在,请检查模型代码。' } })],
  ['UPSTREAM_BUSY', provider(429, said('您的账户已达到速率限制,请您控制请求频率'))],
  ['MAX_OUTPUT_TOO_BIG', provider(400, said('Le paramètre max_tokens doit être compris entre 1 et 8192'))],
  ['TRANSLATION_400', provider(400, said('Die maximale Kontextlänge beträgt 32768 Tokens'))],
  ['NO_CREDITS', plain(402, 'Créditos insuficientes')],
  ['KEY_BAD', plain(401, 'APIキーが無効です')],
  // casing
  ['FREE_ENDED', envelope(404, 'not_found_error', 'x', 'NOT_FOUND', { availability: { code: 'FREE_VARIANT_ENDED' } })],
  ['FREE_QUOTA_DAY', plain(429, 'x', { limit_source: 'OPENROUTER_FREE_TIER_DAILY' })],
  ['CONTEXT_MISMATCH', envelope(400, 'invalid_request_error', 'x', 'CONTEXT_LENGTH_EXCEEDED')],
  // other nesting
  ['MODEL_UNKNOWN', { status: 400, body: JSON.stringify({ error: 'acme/x is not a valid model ID' }) }],
  ['KEY_BAD', { status: 401, body: JSON.stringify({ error: 'Invalid API key' }) }],
  ['NO_CREDITS', { status: 402, body: JSON.stringify({ message: 'Insufficient credits', code: 402 }) }],
  [
    'REGION',
    {
      status: 400,
      body: JSON.stringify([
        { error: { code: 400, message: 'User location is not supported for the API use.', status: 'FAILED_PRECONDITION' } },
      ]),
    },
  ],
  ['REGION', provider(400, [{ error: { code: 400, message: 'User location is not supported for the API use.' } }])],
  ['FREE_QUOTA_DAY', { status: 429, body: JSON.stringify({ error: { error: { message: 'free-models-per-day', code: 429 } } }) }],
  ['MODEL_UNKNOWN', { status: 400, body: JSON.stringify({ error: { code: 400, message: { text: 'a/b is not a valid model ID' } } }) }],
  ['MAX_OUTPUT_TOO_BIG', provider(400, JSON.stringify({ detail: { error: { msg: 'max_tokens must be between 1 and 16384' } } }))],
  ['TRANSLATION_400', provider(422, { detail: [{ loc: ['body', 'messages', 1, 'role'], msg: "Input should be 'user' or 'assistant'" }] })],
  [
    'NO_TOOLS',
    plain(400, 'Provider returned error', { provider_name: 'X', raw: { error: { message: 'This model does not support tools.' } } }),
  ],
  ['NO_CREDITS', plain(402, 'Insufficient credits', undefined, { metadata: 'x' })],
  ['CONTEXT_MISMATCH', provider(400, JSON.stringify(JSON.stringify({ error: { message: 'context length exceeded: 140000 > 131072' } })))],
  // html in the raw
  [
    'PROVIDER_ERROR',
    provider(
      502,
      '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>',
    ),
  ],
  ['TOO_LARGE', provider(413, '<html><head><title>413 Request Entity Too Large</title></head></html>')],
  ['PROVIDER_ERROR', provider(403, '<!DOCTYPE html><title>Attention Required! | Cloudflare</title>')],
  ['UPSTREAM_BUSY', provider(429, '<html><title>429 Too Many Requests</title></html>')],
  // OpenAI-like wordings
  [
    'CONTEXT_MISMATCH',
    provider(400, said("This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.")),
  ],
  ['CONTEXT_MISMATCH', provider(400, said('The decoder prompt (length 41000) is longer than the maximum model length of 32768.'))],
  ['CONTEXT_MISMATCH', provider(400, said('The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'))],
  [
    'CONTEXT_MISMATCH',
    provider(400, said('Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length')),
  ],
  ['CONTEXT_MISMATCH', provider(400, said('The prompt is too long: 140000, model maximum context length: 131071'))],
  [
    'CONTEXT_MISMATCH',
    provider(
      422,
      said(
        'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 32769. Given: 30000 `inputs` tokens and 32000 `max_new_tokens`',
      ),
    ),
  ],
  ['CONTEXT_MISMATCH', provider(400, said("Requested token count exceeds the model's maximum context length of 65536 tokens."))],
  ['CONTEXT_MISMATCH', provider(400, said('Range of input length should be [1, 98304]'))],
  ['MAX_OUTPUT_TOO_BIG', provider(400, said('Range of max_tokens should be [1, 16384]'))],
  [
    'MAX_OUTPUT_TOO_BIG',
    provider(400, said('max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided 32000.')),
  ],
  ['MAX_OUTPUT_TOO_BIG', provider(400, said('max_completion_tokens must be less than or equal to 8192'))],
  [
    'MAX_OUTPUT_TOO_BIG',
    provider(
      400,
      said(
        'Unable to submit request because it has a maxOutputTokens value of 128000 but the supported range is from 1 (inclusive) to 65537 (exclusive).',
      ),
    ),
  ],
  ['NO_TOOLS', provider(400, said('"auto" tool choice requires --enable-auto-tool-choice'))],
  ['NO_TOOLS', provider(400, said('models.example/library/x does not support tools'))],
  ['TRANSLATION_400', provider(400, said("Invalid schema for function 'Bash': None is not of type 'object'"))],
  [
    'TRANSLATION_400',
    provider(400, said('GenerateContentRequest.tools[0].function_declarations[3].parameters.properties[x].exclusiveMinimum: Unknown name')),
  ],
  ['TRANSLATION_400', provider(400, said('Function call is missing a thought_signature in functionCall parts.'))],
  [
    'TRANSLATION_400',
    provider(400, said('thinking is enabled but reasoning_content is missing in assistant tool call message at index 2')),
  ],
  [
    'EFFORT_UNSUPPORTED',
    provider(
      400,
      said(
        "Unsupported value: 'reasoning.effort' does not support 'xhigh' with this model. Supported values are: 'low', 'medium', and 'high'.",
      ),
    ),
  ],
  ['UPSTREAM_BUSY', provider(429, said('Despite our best effort the request could not be scheduled; not supported capacity'))],
  ['REQUEST_REFUSED', plain(400, 'Best effort routing is not supported for this model')],
  ['NO_IMAGES', provider(400, said('Invalid content type. image_url is only supported by certain models.'))],
  ['NO_IMAGES', provider(400, said('This model does not support image inputs'))],
  ['NO_IMAGES', provider(400, said('At most 0 image(s) may be provided in one request.'))],
  // texts about things that are not so
  ['ACCESS_REFUSED', plain(403, 'Please accept our updated content policy in the account before use')],
  ['SERVER_ERROR', plain(500, 'Internal error in region us-east: not available')],
  ['SERVER_ERROR', plain(500, 'Too many in-flight operations; internal error')],
  ['REQUEST_REFUSED', plain(400, 'provider.max_price.prompt: expected number')],
  ['ACCESS_REFUSED', plain(403, 'Your organization must accept the data policy addendum')],
  ['PROVIDER_ERROR', provider(403, said('The token has expired. Please refresh.'), { is_byok: false })],
  ['PROVIDER_ERROR', provider(404, said('The model `acme-x` does not exist or you do not have access to it.'), { is_byok: false })],
  ['PROVIDER_ERROR', provider(404, said('model not found'), { is_byok: false })],
  ['TRANSLATION_400', provider(400, said('Unknown Model, please check the model code.'), { is_byok: false })],
  ['PROVIDER_ERROR', provider(401, said('invalid api key'), { is_byok: false })],
  ['PROVIDER_ERROR', provider(402, said('Insufficient Balance'), { is_byok: false })],
  ['PROVIDER_ERROR', provider(402, said('Insufficient credits'), { is_byok: false })],
  [
    'PROVIDER_ERROR',
    provider(403, said('You exceeded your current quota, please check your plan and billing details.'), { is_byok: false }),
  ],
  ['PROVIDER_ERROR', provider(403, said('Key limit exceeded for project'), { is_byok: false })],
  ['PROVIDER_ERROR', provider(403, said('You need a management key to use this deployment'), { is_byok: false })],
  ['REFUSAL', provider(400, said('The request was blocked by guardrail'), { is_byok: false })],
  [
    'REFUSAL',
    provider(400, {
      error: {
        code: 'content_filter',
        message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      },
    }),
  ],
  ['REFUSAL', provider(400, said('The prompt was blocked for safety reasons: PROHIBITED_CONTENT'))],
  ['REFUSAL', provider(400, said('Your request was rejected as a result of our safety system.'))],
  ['BYOK_NO_CREDITS', provider(400, said('Your credit balance is too low to access the Anthropic API.'), { is_byok: true })],
  [
    'TOO_LARGE',
    provider(413, said('Request too large for model x on tokens per minute (TPM): Limit 6000, Requested 20000'), { is_byok: true }),
  ],
  ['UPSTREAM_BUSY', provider(429, said('Rate limit reached for model `x` on tokens per day (TPD): Limit 100000, Used 99000'))],
  // free quota wordings
  ['FREE_QUOTA_MINUTE', plain(429, 'Rate limit exceeded: 20 requests per minute for free models')],
  ['FREE_QUOTA_DAY', plain(429, 'You have used all 50 free model requests for today. Resets at 00:00 UTC')],
  ['FREE_QUOTA_DAY', plain(429, 'Daily free request limit exceeded')],
  ['UPSTREAM_BUSY', plain(429, 'Rate limit exceeded: limit_rpm/key_abc')],
  [
    'UPSTREAM_BUSY',
    {
      status: 503,
      body: 'upstream connect error or disconnect/reset before headers. reset reason: overflow',
      headers: { 'content-type': 'text/plain' },
    },
  ],
  ['REGION', plain(451, 'Unavailable for legal reasons in your country')],
  ['UNKNOWN_FAILURE', plain(499, 'Client closed request')],
  ['REQUEST_REFUSED', plain(400, 'bad \u001b[31mred\u001b[0m \u0007 thing \u202e rtl')],
  ['UNKNOWN_FAILURE', plain(599, 'odd \u001b]0;x\u0007 <b>html</b> \u0000 text')],
  ['KEY_BAD', plain(401, 'This API key has been disabled.')],
  ['KEY_BAD', plain(403, 'API key is disabled')],
  ['ACCESS_REFUSED', plain(403, 'Your account has been suspended. Contact support@openrouter.ai')],
  ['GUARDRAIL', plain(403, 'Request blocked: your IP address is not on the key allowlist')],
  ['GUARDRAIL', plain(403, 'Model a/b is not allowed by your guardrail')],
  ['DATA_POLICY', plain(404, 'No endpoints found with zero data retention for a/b')],
  ['PARAMETERS_UNSUPPORTED', plain(404, 'No endpoints found with the requested quantizations')],
  [
    'PROVIDER_ALLOWLIST',
    plain(
      404,
      'All providers have been ignored. To change your default ignored providers, visit: https://openrouter.ai/settings/preferences',
    ),
  ],
  ['PROVIDER_ALLOWLIST', plain(404, 'No endpoints found matching the requested providers: acme')],
  ['MODEL_RETIRED', plain(410, 'a/b has been sunset. Use c/d')],
  ['MODEL_RETIRED', plain(404, 'a/b was discontinued on 2026-10-01; try c/d instead')],
  ['MODEL_RETIRED', plain(404, 'Model a/b has moved to c/d')],
  ['MODEL_UNKNOWN', plain(404, 'The model a/b does not exist')],
  ['MODEL_UNKNOWN', plain(400, 'Invalid model: a/b')],
  ['UPSTREAM_BUSY', plain(429, 'Too many concurrent requests')],
  ['UPSTREAM_BUSY', envelope(200, 'overloaded_error', 'Overloaded', 'provider_overloaded')],
  ['TIMEOUT', { status: 200, body: JSON.stringify({ error: { code: 'server_error', message: 'Upstream idle timeout exceeded' } }) }],
  ['PROVIDER_ERROR', provider(504, '<html>504 Gateway Time-out</html>')],
  // an event of a stream, whose type stands for the status
  ['UPSTREAM_BUSY', envelope(200, 'rate_limit_error', 'Provider returned error', 'rate_limit_exceeded')],
  ['TRANSLATION_400', envelope(200, 'invalid_request_error', 'Provider returned error', 'invalid_request')],
  ['BYOK_KEY_REFUSED', envelope(200, 'authentication_error', 'Provider returned error', 'authentication')],
  ['PROVIDER_ERROR', envelope(200, 'api_error', 'Provider returned error', 'unmapped')],
];
