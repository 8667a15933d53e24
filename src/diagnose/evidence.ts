import { type ErrorBody, ApiError, messageOf, parseErrorBody } from '../openrouter/error-body.ts';
import type { RuleLine } from '../openrouter/routing.ts';
import { isFromEdge, looksLikeHtml } from '../openrouter/read.ts';
import { NetworkError } from '../core/network-error.ts';
import { redactForeign, stripControls } from '../text/text.ts';
import type { Signs, StreamFault } from './clue.ts';
import { jsonText } from '../text/json.ts';

/** What a failed call left behind. Every field is optional: the table takes what there is. */
export interface Evidence {
  readonly status?: number | undefined;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Raw text of the answer, bounded by the reader. */
  readonly body?: string | undefined;
  /** The parsed error, if it did not come as a whole body (an `event: error` of a stream). */
  readonly error?: ErrorBody | undefined;
  readonly network?: NetworkError | undefined;
  readonly stream?: StreamFault | undefined;
  /** The answer is from a path other than `/messages`: the key, the money, the catalog. */
  readonly general?: boolean | undefined;
  /** What was wrong with a stream, in words. */
  readonly detail?: string | undefined;
  readonly model?: string | undefined;
  readonly alias?: string | undefined;
  /** Output tokens asked for. */
  readonly maxTokens?: number | undefined;
  readonly baseUrl?: string | undefined;
  /** Which key was sent, in words for a sentence. */
  readonly keyFrom?: string | undefined;
  /** Ids of the catalog that look like the given one. */
  readonly nearest?: ((id: string) => readonly string[]) | undefined;
  /** The user's own routing rules that were sent along. */
  readonly rules?: readonly RuleLine[] | undefined;
  /** Milliseconds since 1970, for the time a quota resets. */
  readonly now?: number | undefined;
  /** Values that must never be printed, such as the key that was sent. */
  readonly secrets?: readonly string[] | undefined;
}

/** Error types for Anthropic's, if `error_type` is missing; those left out say too little. */
const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    authentication_error: 'authentication',
    permission_error: 'permission_denied',
    billing_error: 'payment_required',
    not_found_error: 'not_found',
    rate_limit_error: 'rate_limit_exceeded',
    overloaded_error: 'provider_overloaded',
    timeout_error: 'timeout',
    server_error: 'server',
    request_too_large: 'payload_too_large',
    invalid_request_error: 'invalid_request',
    api_error: 'api_error',
  }),
);

/** The status that goes with an error type: an event of a stream has none of its own. */
const STATUSES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    invalid_request: 400,
    authentication: 401,
    payment_required: 402,
    permission_denied: 403,
    not_found: 404,
    timeout: 408,
    payload_too_large: 413,
    unprocessable: 422,
    rate_limit_exceeded: 429,
    server: 500,
    provider_unavailable: 502,
    provider_overloaded: 529,
  }),
);

/** The error of the evidence in either of OpenRouter's shapes; undefined for pages, garbage and nothing. */
export function errorOf(evidence: Evidence): ErrorBody | undefined {
  return evidence.error ?? (evidence.body === undefined ? undefined : parseErrorBody(evidence.body));
}

/** Evidence of a thrown NetworkError or ApiError; undefined for any other error. */
export function evidenceOf(error: unknown): Evidence | undefined {
  if (error instanceof NetworkError) return { network: error };
  if (error instanceof ApiError) {
    const { status, headers, body, parsed, baseUrl } = error;
    return { status, headers, body, error: parsed, baseUrl, general: true };
  }
  return undefined;
}

/** Reduces the evidence to what the table looks at. */
export function readSigns(evidence: Evidence): Signs {
  const error = errorOf(evidence);
  const metadata = error?.metadata ?? {};
  const code = typeof error?.code === 'number' && error.code >= 400 && error.code < 600 ? error.code : undefined;
  const type = error?.errorType?.toLowerCase() ?? TYPES.get(error?.type ?? '') ?? typeOfCode(error?.code);
  // A 200 that carries an error (mid-stream, or as a JSON body) has its true status inside: as a number, or in the name of its type.
  const inside = code ?? STATUSES.get(type ?? '');
  const status = evidence.status !== undefined && evidence.status >= 300 ? evidence.status : (inside ?? evidence.status);
  // A body that is OpenRouter's error is one, whatever its content type says.
  const html = error === undefined && isHtml(evidence);
  const own = error?.message ?? messageOf(evidence.body ?? '') ?? '';
  const provider = word(metadata['provider_name']) !== undefined || /^\s*provider returned error/i.test(error?.message ?? '');
  return {
    network: evidence.network?.kind,
    stream: evidence.stream,
    html,
    edge: error === undefined && isFromEdge(evidence.headers, evidence.body ?? ''),
    general: evidence.general === true,
    oddBase: evidence.baseUrl !== undefined && isOddBase(evidence.baseUrl),
    availability: word(error?.availability?.['code'])?.toLowerCase(),
    excluded: excludedBy(error?.availability),
    reason: strongestReason(metadata, error?.message ?? ''),
    limit: (word(metadata['limit_source']) ?? word(metadata['reason']))?.toLowerCase(),
    step: word(metadata['failed_routing_step']),
    type,
    provider,
    // The key that a provider refuses is the account's own: OpenRouter's own keys for it are OpenRouter's business.
    byok: typeof metadata['is_byok'] === 'boolean' ? metadata['is_byok'] : provider && status === 401 ? true : undefined,
    flagged: metadata['flagged_input'] !== undefined,
    preset: evidence.model?.startsWith('@preset/') === true,
    text: error === undefined ? own : [own, providerText(error) ?? ''].join('\n'),
    own,
    status,
    shaped: error !== undefined,
  };
}

/** A word in `error.code` is a type as well ("server_error", "context_length_exceeded"). */
function typeOfCode(code: ErrorBody['code']): string | undefined {
  if (typeof code !== 'string') return undefined;
  const lower = code.toLowerCase();
  return TYPES.get(lower) ?? lower;
}

/** What the provider behind OpenRouter said (`metadata.raw`), safe to print: of JSON only the message, of a web page only the words. */
export function providerText(error: ErrorBody): string | undefined {
  const raw = error.metadata?.['raw'];
  const text = typeof raw === 'string' ? raw : raw === undefined || raw === null ? undefined : jsonText(raw);
  if (text === undefined || text === '') return undefined;
  return redactForeign(stripControls(innerMessage(text) ?? wordsOfPage(text) ?? text)).slice(0, 1000);
}

function innerMessage(text: string): string | undefined {
  const parsed = parseErrorBody(text);
  if (parsed !== undefined) return parsed.message;
  const match = /"message"\s*:\s*"((?:[^"\\]|\\.){1,900})"/.exec(text);
  return match?.[1]?.replaceAll('\\"', '"');
}

/** The title of a web page, else its text without the tags; undefined for anything else. */
function wordsOfPage(text: string): string | undefined {
  if (!looksLikeHtml(text, undefined)) return undefined;
  const start = text.slice(0, 20_000);
  const title = /<title>([^<]{1,200})/i.exec(start)?.[1];
  const words = (title ?? start.replaceAll(/<(?:script|style)[^]*?<\/(?:script|style)>|<[^<>]*>/gi, ' ')).replaceAll(/\s+/g, ' ').trim();
  return words === '' ? undefined : `a web page: ${words}`;
}

/** What the constraint that left no endpoint names; if it names nothing, everything that excluded some. */
function excludedBy(availability: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const constraint = availability?.['constraint'];
  const field = typeof constraint === 'object' && constraint !== null && 'field' in constraint ? word(constraint.field) : undefined;
  if (field !== undefined) return field.toLowerCase();
  const list: unknown[] = [availability?.['excluded_by']].flat();
  const names = list.slice(0, 10).flatMap((each) => word(each)?.toLowerCase() ?? []);
  return names.length === 0 ? undefined : names.join('\n');
}

/**
 * The reason that removed most endpoints, with the page where it is configured: one that removed fewer is not
 * why none is left. From `ineligibility_reasons`, else from the sentence that says the
 * same ("Provider not allowed by guardrail: 5 endpoints excluded; configurable at …").
 */
export function strongestReason(metadata: Readonly<Record<string, unknown>>, message: string): string | undefined {
  const list: unknown = metadata['ineligibility_reasons'];
  const given = !Array.isArray(list) ? [] : list.slice(0, 20).flatMap((each: unknown) => readReason(each));
  const told = [...message.slice(0, 4000).matchAll(/([^:;.\n]{3,80}): (\d{1,6}) endpoints? excluded(?:; configurable at (\S{1,200}))?/gi)];
  const all = given.length > 0 ? given : told.map(([, text = '', count, url = '']) => ({ text: `${text} ${url}`, count: Number(count) }));
  const [first, ...others] = all;
  if (first === undefined) return undefined;
  return others.reduce((best, each) => (each.count > best.count ? each : best), first).text;
}

function readReason(value: unknown): { readonly text: string; readonly count: number }[] {
  if (typeof value !== 'object' || value === null || !('reason' in value) || typeof value.reason !== 'string') return [];
  const count = 'count' in value && typeof value.count === 'number' ? value.count : 0;
  const url = 'configure_url' in value && typeof value.configure_url === 'string' ? value.configure_url : '';
  return [{ text: redactForeign(`${value.reason} ${url}`).slice(0, 400), count }];
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? redactForeign(value).slice(0, 200) : undefined;
}

function isHtml(evidence: Evidence): boolean {
  if (evidence.network?.kind === 'html') return false; // the kind itself says it
  const type = evidence.headers?.['content-type'] ?? '';
  return /^\s*text\/html/i.test(type) || /^\s*</.test(evidence.body ?? '');
}

/** Ends in /v1, or is openrouter.ai without /api (where the web site answers). */
function isOddBase(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return true;
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, '');
  return /\/v1$/.test(path) || (/(?:^|\.)openrouter\.ai$/.test(url.hostname) && path !== '/api');
}
