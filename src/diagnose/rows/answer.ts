import { USUAL_OUTPUT } from '../../claude/compaction.ts';
import { nameOfGateway, PAGES } from '../../core/hosts.ts';
import { type FindingRow, modelName, quoteSaid, switchCommand, withSuffix, testCommand } from '../row.ts';

/** Statuses of a server, or of the edge in front of it, that is down; those of timeouts are not among them. */
const SERVER_STATUSES = [500, 501, 502, 503, 505, 507, 508, 511, 520, 521, 522, 523, 525, 526, 527, 529, 530];
/** Those that say nothing of the provider behind it. */
const OWN_STATUSES = SERVER_STATUSES.filter((status) => ![502, 503, 529].includes(status));
const STREAM_HIDDEN = 'it asks again without streaming, then says "API returned an empty or malformed response"';

/** The call went through but the answer is useless, or the provider refused the request itself. */
export const ANSWER_ROWS = [
  {
    code: 'THINKING_SIGNATURE',
    title: "The conversation holds another provider's thinking",
    recognised: 'HTTP 400 whose text says ``Invalid `signature` in `thinking` block``',
    clues: [{ text: /invalid [`'"]?signature[`'"]? in [`'"]?thinking/i }],
    cause: () => 'the conversation contains thinking that another provider signed, which happens when the model changes during a session',
    fix: () => 'start a new session, or `/clear` in this one',
  },
  {
    code: 'THINKING_REFUSED',
    title: 'A provider refuses its own thinking',
    recognised: "the same refusal in the second turn of orcc's own probe, where only one model has answered, even without the thinking",
    cause: (a) =>
      `${a.provider ?? 'the provider'} refuses the thinking that ${modelName(a)} itself returned just before (OpenRouter may have sent the second call to another provider)`,
    fix: (a) => `${switchCommand(a)} with another model, or with a preset that fixes one provider: ${PAGES.presets}`,
    hidden: 'it sends the conversation again without the thinking, then shows "API Error: 400"',
  },
  {
    code: 'EFFORT_UNSUPPORTED',
    title: 'The model does not accept an effort',
    recognised: 'HTTP 400 that refuses `output_config` or the effort',
    clues: [
      {
        text: /\b(?:not support|unsupported|unknown|unrecogni[sz]ed|invalid|not permitted)[^\n]{0,60}(?<!best[ -])\b(?:reasoning[_. ]?)?effort\b|(?<!best[ -])\b(?:reasoning[_. ]?)?effort\b[^\n]{0,60}(?:not support|unsupported|not permitted|not allowed|invalid|extra inputs)|output_config[^\n]{0,60}(?:not support|unsupported|not permitted|not allowed|extra inputs)/i,
        status: [200, 400, 404, 422],
      },
      { excluded: /effort/ },
    ],
    cause: (a) => `${modelName(a)} or its provider refuses the effort that Claude Code sends with each request${quoteSaid(a)}`,
    fix: (a) => `\`orcc switch --effort unset\` leaves it out for every model; or ${switchCommand(a)} with another model`,
    hidden: 'if the text says "effort parameter", it tries again without; otherwise it shows "API Error: 400"',
  },
  {
    code: 'DEFERRAL_REFUSED',
    title: 'Deferred tools are refused',
    recognised: 'HTTP 400 `Deferred custom tools are only supported on Anthropic models`, or one that names `defer_loading`',
    clues: [{ text: /deferred (?:custom )?tools|defer_loading/i, status: [200, 400, 422] }, { excluded: /defer/ }],
    cause: (a) => `OpenRouter accepts deferred tools only for Anthropic's models, and ${modelName(a)} is not one of them`,
    fix: () => "set `ENABLE_TOOL_SEARCH=false`, which `orcc init` writes if a mapped model is not Anthropic's",
    hidden: 'in every session and subagent, three requests are refused before it sends all tools',
  },
  {
    code: 'TRANSLATION_400',
    title: 'The provider does not understand the translated request',
    recognised:
      'HTTP 400 `Provider returned error` whose `metadata.raw` names tool messages, roles, empty content, thinking, cache_control or extra inputs; or that gives no details',
    clues: [
      {
        text: /insufficient tool messages|tool_call_id|tool_use_id|tool_use[`'"]? ids|redacted_thinking|tool_result|roles? must alternate|unexpected role|role[^\n]{0,40}system|extra inputs are not permitted|(?:content|message)s? (?:cannot|can't|must not|may not) be empty|empty (?:assistant )?content|thinking[^\n]{0,40}not supported|cache_control|output_config|context_management/i,
        status: [200, 400, 422],
      },
      { text: /provider returned error/i, status: [400, 422] },
    ],
    cause: (a) => `${a.provider ?? 'the provider'} refused the request after OpenRouter had translated it${quoteSaid(a)}`,
    fix: (a) => `\`/clear\` in a running session; or another provider (${switchCommand(a, withSuffix(a, 'exacto'))}) or another model`,
    hidden:
      'it repairs some of these itself (a system message, context_management, adaptive thinking, deferred tools), tries six times, then shows "API Error: 400"',
  },
  {
    code: 'TOO_LARGE',
    title: 'The request is too large',
    recognised: 'HTTP 413, or `error_type` payload_too_large or string_too_long',
    clues: [
      { html: true, status: [413] },
      { edge: true, status: [413] },
      { type: /^(?:payload_too_large|string_too_long)$/ },
      { text: /payload too large|request entity too large/i },
      { text: /provider returned error/i, status: [413] },
      { status: [413] },
    ],
    cause: (a) => `the request is larger than ${a.provider ?? 'OpenRouter or a proxy in between'} takes${quoteSaid(a)}`,
    fix: () => 'use `/compact` or a new session; keep large files and images out of the conversation',
    hidden: 'it compacts the conversation and tries again',
  },
  {
    code: 'UPSTREAM_BUSY',
    severity: 'warning',
    title: 'The provider is busy',
    recognised:
      '`availability.code` capacity_exhausted or temporarily_unavailable, `limit_source` upstream_provider_shared_pool, `error_type` provider_overloaded, `temporarily rate-limited upstream`, HTTP 429, 503 or 529',
    clues: [
      { availability: /^(?:capacity_exhausted|temporarily_unavailable)$/ },
      { limit: /^upstream_provider|shared_capacity/ },
      { type: /^provider_overloaded$/ },
      { text: /provider returned error/i, status: [429, 503, 529] },
      { text: /rate-limited upstream|temporarily (?:overloaded|rate-limited)|at capacity/i },
      { type: /^rate_limit_exceeded$/, broad: true },
      { status: [429, 503, 529] },
    ],
    cause: (a) => `${a.provider ?? 'the provider'} has no capacity for ${modelName(a)} at the moment`,
    fix: (a) =>
      `wait ${a.retryAfterMs === undefined ? 'a little' : `${Math.ceil(a.retryAfterMs / 1000)} s`} and try again; if it persists, use another model or (for free models) the paid variant`,
    transient: true,
    hidden: 'it retries silently for about three minutes',
  },
  {
    code: 'PROVIDER_ERROR',
    title: 'The provider failed',
    recognised: '`error_type` provider_unavailable or unmapped, HTTP 502, or `Provider returned error` with another status than 400',
    clues: [
      { type: /^provider_unavailable$/ },
      { text: /provider returned error|upstream error/i },
      { type: /^unmapped$/, broad: true },
      { type: /^api_error$/, status: [200], broad: true },
      { provider: true, status: [401, 402, 403, 502] },
      { status: [502] },
    ],
    cause: (a) => `${a.provider ?? 'the provider'} behind ${modelName(a)} failed${quoteSaid(a)}`,
    fix: (a) => `try again; if it persists, run ${switchCommand(a)} with another model`,
    transient: true,
    hidden: 'it retries silently for about three minutes',
  },
  {
    code: 'SERVER_ERROR',
    title: 'OpenRouter failed',
    recognised:
      '`error_type` server, HTTP 500, a page of Cloudflare or another web page with a 5xx status, or any 5xx when the key, the credits or the catalog are requested',
    clues: [
      { edge: true, status: SERVER_STATUSES },
      { html: true, status: SERVER_STATUSES },
      { general: true, status: SERVER_STATUSES },
      { type: /^server$/, broad: true },
      { status: OWN_STATUSES },
    ],
    account: true,
    cause: (a) => `${nameOfGateway(a.baseUrl)} had an internal error${a.status === undefined ? '' : ` (HTTP ${a.status})`}`,
    fix: (a) =>
      nameOfGateway(a.baseUrl) === 'OpenRouter'
        ? 'try again; https://status.openrouter.ai says whether it is a known problem'
        : 'try again; if it persists, ask whoever runs that server',
    transient: true,
    hidden: 'it retries silently for about three minutes',
  },
  {
    code: 'REQUEST_REFUSED',
    title: 'OpenRouter rejected the request as malformed',
    recognised: 'HTTP 400 `Invalid Anthropic Messages API request`, HTTP 422, or a 400 that no other row covers',
    clues: [
      { text: /invalid anthropic messages api request/i },
      {
        type: /^(?:invalid_request|invalid_prompt|unprocessable|precondition_failed|invalid_image|unsupported_image_format|image_\w+)$/,
        broad: true,
      },
      { status: [400, 409, 412, 422] },
    ],
    cause: (a) => `${nameOfGateway(a.baseUrl)} rejected the request as malformed${quoteSaid(a)}`,
    fix: (a) => `check whether the real client works: ${testCommand(a, ' --via claude')}`,
    hidden: 'it tries up to six times, leaving out more each time, then shows "API Error: 400"',
  },
  {
    code: 'EMPTY_ANSWER',
    title: "The model's answer was empty",
    recognised: 'HTTP 200 and a stream or message without a single block, or an empty body',
    clues: [{ stream: 'empty' }],
    cause: (a) => `the call succeeded, but ${modelName(a)} returned neither text nor a tool call`,
    fix: (a) => `try again; if it persists, run ${switchCommand(a)} with another model`,
    transient: true,
    hidden: STREAM_HIDDEN,
  },
  {
    code: 'STREAM_CUT',
    title: 'The answer broke off',
    recognised: 'the stream ends before the answer does, or the connection is closed in the middle',
    clues: [{ stream: 'cut' }],
    cause: () => 'the answer broke off before its end: the provider, or a proxy in between, closed the connection',
    fix: () => 'try again; behind a company proxy, ask for event streams to be let through',
    transient: true,
    hidden: STREAM_HIDDEN,
  },
  {
    code: 'STREAM_STALLED',
    title: 'The answer stopped coming',
    recognised: 'the stream began, then only keep-alive lines came until the time limit',
    clues: [{ stream: 'stall' }],
    cause: (a) => `${modelName(a)} began to answer, then sent nothing more`,
    fix: (a) => `try again; if it persists, use a faster provider (${switchCommand(a, withSuffix(a, 'nitro'))}) or another model`,
    transient: true,
    hidden: 'it waits up to ten minutes',
  },
  {
    code: 'STREAM_MALFORMED',
    title: 'The answer does not follow the API',
    recognised: 'events that are not JSON, a message without the required fields, a truncated JSON body, or an absurdly long answer',
    clues: [{ stream: 'malformed' }],
    cause: (a) => `the answer does not follow the Messages API${quoteSaid(a)}`,
    fix: () => 'check for a proxy or gateway in between, and check the base URL with `orcc status`',
    hidden: STREAM_HIDDEN,
  },
  {
    code: 'TOOL_CALL_MISSING',
    title: 'The model did not call the tool',
    recognised: 'the first turn ends without the requested tool call',
    cause: (a) => `${modelName(a)} was asked for a tool call and wrote text instead; Claude Code can't work with that`,
    fix: (a) => `${switchCommand(a)} with a model that uses tools well: \`orcc models --tools --sort score\``,
  },
  {
    code: 'TOOL_CALL_WRONG',
    title: 'The tool call is wrong',
    recognised: 'another tool, arguments that are not JSON, or not the requested arguments',
    cause: (a) => `${modelName(a)} called the tool wrongly${a.reason === undefined ? '' : `: ${a.reason}`}`,
    fix: (a) =>
      `try again with \`orcc test --repeat 3\`; if it persists, use another provider (${switchCommand(a, withSuffix(a, 'exacto'))}) or another model`,
  },
  {
    code: 'STOPS_AFTER_TOOL',
    title: 'The model stops after a tool result',
    recognised: 'the second turn, after the tool result, ends without a word',
    cause: (a) => `${modelName(a)} called the tool, got its result and then stopped; Claude Code would stop there too`,
    fix: (a) => `another provider (${switchCommand(a, withSuffix(a, 'exacto'))}) or another model`,
  },
  {
    code: 'TOOL_RESULT_LOST',
    title: 'The tool result does not reach the model',
    recognised: 'the answer after the tool result does not contain the word that the tool returned',
    cause: (a) =>
      `${modelName(a)} called the tool, but its answer does not use the result: the provider loses tool results, or the model ignores them`,
    fix: (a) =>
      `try again with \`orcc test --repeat 3\`; if it persists, use another provider (${switchCommand(a, withSuffix(a, 'exacto'))}) or another model`,
  },
  {
    code: 'ANSWER_CAPPED',
    severity: 'warning',
    title: 'The answer hit its length limit',
    recognised: '`stop_reason` max_tokens before the tool call or the answer was complete',
    cause: (a) =>
      `${modelName(a)} stopped at max_tokens${a.count === undefined ? '' : ` after ${a.count} tokens`}, before it had finished: its provider gives shorter answers than the ${a.maxTokens ?? USUAL_OUTPUT} tokens requested, or it thought for too long`,
    fix: (a) =>
      `Claude Code continues after such a stop; to see whether that is enough, run ${testCommand(a, ' --via claude')}; \`orcc models show ${a.model ?? 'MODEL'}\` shows the caps`,
    hidden: 'it asks the model to continue where it stopped',
  },
  {
    code: 'REPAIRED',
    severity: 'warning',
    title: 'Works only after refused requests',
    recognised: 'the first request was refused, and one of the variants that Claude Code tries next was accepted',
    cause: (a) =>
      `${modelName(a)} works, but only after ${a.count === undefined ? 'refused requests' : a.count === 1 ? 'one refused request' : `${a.count} refused requests`} in every session and every subagent${a.reason === undefined ? '' : `: Claude Code then ${a.reason}`}`,
    fix: (a) => (a.right === undefined ? `${switchCommand(a)} with another model avoids that` : a.right),
  },
  {
    code: 'OTHER_MODEL',
    severity: 'warning',
    title: 'Another model answered',
    recognised: "the answer's `model` is neither the requested id nor its dated name",
    cause: (a) => `${modelName(a)} was requested, but ${a.value === undefined ? 'another model' : `\`${a.value}\``} answered`,
    fix: (a) => `if you don't want that, ${switchCommand(a)} with another id; check for fallbacks in the preset or the account's settings`,
  },
  {
    code: 'ANSWER_TOO_LONG',
    severity: 'warning',
    title: 'The probe was cut off',
    recognised: 'more than 2000 output tokens, thinking included, without the requested tool call',
    cause: (a) => `${modelName(a)} wrote more than 2000 tokens before calling the tool, and orcc stopped it to save money`,
    fix: (a) => `try the real client: ${testCommand(a, ' --via claude')}`,
  },
] as const satisfies readonly FindingRow[];
