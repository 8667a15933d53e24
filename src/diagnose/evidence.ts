import { type ErrorBody, ApiError, parseErrorBody } from '../openrouter/error-body.ts';
import { NetworkError } from '../core/network-error.ts';
import { redact, stripControls } from '../text/text.ts';
import type { Signs, StreamFault } from './clue.ts';

/** What a failed call left behind. Every field is optional: the table takes what there is. */
export interface Evidence {
  readonly status?: number | undefined;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Raw text of the answer, bounded by the reader. */
  readonly body?: string | undefined;
  /** The parsed error, where it did not come as a whole body (an `event: error` of a stream). */
  readonly error?: ErrorBody | undefined;
  readonly network?: NetworkError | undefined;
  readonly stream?: StreamFault | undefined;
  /** What was wrong with a stream, in words. */
  readonly detail?: string | undefined;
  readonly model?: string | undefined;
  readonly alias?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly baseUrl?: string | undefined;
  /** Ids of the catalog that look like the given one. */
  readonly nearest?: ((id: string) => readonly string[]) | undefined;
  /** Milliseconds since 1970, for the time a quota resets. */
  readonly now?: number | undefined;
  /** Values that must never be printed, such as the key that was sent. */
  readonly secrets?: readonly string[] | undefined;
}

/** Anthropic's types, where `error_type` is missing; the ones left out say too little. */
const TYPES: Readonly<Record<string, string>> = {
  authentication_error: 'authentication',
  permission_error: 'permission_denied',
  billing_error: 'payment_required',
  not_found_error: 'not_found',
  rate_limit_error: 'rate_limit_exceeded',
  overloaded_error: 'provider_overloaded',
  timeout_error: 'timeout',
  request_too_large: 'payload_too_large',
  invalid_request_error: 'invalid_request',
};

/** The error of the evidence in either of OpenRouter's shapes; undefined for pages, garbage and nothing. */
export function errorOf(evidence: Evidence): ErrorBody | undefined {
  return evidence.error ?? (evidence.body === undefined ? undefined : parseErrorBody(evidence.body));
}

/** Evidence of a thrown NetworkError or ApiError; undefined for any other error. */
export function evidenceOf(error: unknown): Evidence | undefined {
  if (error instanceof NetworkError) return { network: error };
  if (error instanceof ApiError) return { status: error.status, headers: error.headers, body: error.body, error: error.parsed };
  return undefined;
}

/** Reduces the evidence to what the table looks at. */
export function readSigns(evidence: Evidence): Signs {
  const error = errorOf(evidence);
  const metadata = error?.metadata ?? {};
  const code = typeof error?.code === 'number' && error.code >= 400 && error.code < 600 ? error.code : undefined;
  // A 200 that carries an error (mid-stream, or as a JSON body) has its true status inside.
  const status = evidence.status !== undefined && evidence.status >= 300 ? evidence.status : (code ?? evidence.status);
  return {
    network: evidence.network?.kind,
    stream: evidence.stream,
    html: isHtml(evidence),
    oddBase: evidence.baseUrl !== undefined && isOddBase(evidence.baseUrl),
    availability: word(error?.availability?.['code']),
    limit: word(metadata['limit_source']) ?? word(metadata['reason']),
    step: word(metadata['failed_routing_step']),
    type: error?.errorType ?? (error?.type === undefined ? undefined : TYPES[error.type]),
    text: error === undefined ? '' : [error.message, providerText(error) ?? '', ...reasons(metadata)].join('\n'),
    status,
    shaped: error !== undefined,
  };
}

/** What the provider behind OpenRouter said (`metadata.raw`), safe to print; a JSON text is reduced to its message. */
export function providerText(error: ErrorBody): string | undefined {
  const raw = error.metadata?.['raw'];
  const text = typeof raw === 'string' ? raw : raw === undefined || raw === null ? undefined : JSON.stringify(raw);
  if (text === undefined || text === '') return undefined;
  return redact(stripControls(innerMessage(text) ?? text)).slice(0, 1000);
}

function innerMessage(text: string): string | undefined {
  const parsed = parseErrorBody(text);
  if (parsed !== undefined) return parsed.message;
  const match = /"message"\s*:\s*"((?:[^"\\]|\\.){1,900})"/.exec(text);
  return match?.[1]?.replaceAll('\\"', '"');
}

function reasons(metadata: Readonly<Record<string, unknown>>): string[] {
  const list = metadata['ineligibility_reasons'];
  if (!Array.isArray(list)) return [];
  return list.slice(0, 5).flatMap((each: unknown) => {
    const reason = typeof each === 'object' && each !== null && 'reason' in each ? each.reason : undefined;
    return typeof reason === 'string' ? [redact(stripControls(reason)).slice(0, 200)] : [];
  });
}

function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
}

function isHtml(evidence: Evidence): boolean {
  if (evidence.network?.kind === 'html') return false; // the kind itself says it
  const type = evidence.headers?.['content-type'] ?? '';
  return /^\s*text\/html/i.test(type) || /^\s*</.test(evidence.body ?? '');
}

/** Ends in /v1, or is openrouter.ai without /api (where the web site answers). */
export function isOddBase(baseUrl: string): boolean {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    return true;
  }
  const path = url.pathname.replace(/\/+$/, '');
  return /\/v1$/.test(path) || (/(?:^|\.)openrouter\.ai$/.test(url.hostname) && path !== '/api');
}
