import { messageOf } from '../openrouter/error-body.ts';
import { waitAsked } from '../openrouter/read.ts';
import { clip } from '../text/text.ts';
import { errorOf, providerText, strongestReason, type Evidence } from './evidence.ts';
import { type FindingArgs, isPlainId, OUTPUT_RANGE } from './row.ts';

/**
 * What the sentences of a finding may mention, read from a failed call: numbers out of
 * OpenRouter's literal texts (OpenRouter docs, "Errors"), the successor of a model, the reset of
 * a quota. Nothing from the network but plain ids ends up in a command.
 */
export function readArguments(evidence: Evidence): FindingArgs {
  const error = errorOf(evidence);
  const metadata = error?.metadata ?? {};
  const raw = error === undefined ? undefined : providerText(error);
  const text = `${error?.message ?? ''}\n${raw ?? ''}`;
  const retryAfterMs = readRetryAfter(evidence);
  const { nearest, model } = evidence;
  return {
    model,
    alias: evidence.alias,
    maxTokens: evidence.maxTokens ?? number(/requested up to (\d+) tokens/.exec(text)),
    affordable: number(/can only afford (\d+)/.exec(text)),
    cap: number(
      /between \d+ and (\d+)/.exec(text) ??
        OUTPUT_RANGE.exec(text) ??
        /max_tokens: \d+ > (\d+)/.exec(text) ??
        /(?:at most|less than or equal to|maximum (?:value|of)(?: is)?) (\d{3,})/i.exec(text),
    ),
    window: number(
      /maximum (?:context|model) length(?: is| of|:)? (\d+)/i.exec(text) ??
        /with (\d+) maximum context length/i.exec(text) ??
        /context limit: .*> (\d+)/.exec(text) ??
        /\d+ tokens > (\d+) maximum/.exec(text) ??
        /(?:maximum number of tokens allowed|context length exceeded)\D{1,12}(?:\d+ > )?(\d+)/i.exec(text) ??
        /input length should be \[\d+, ?(\d+)\]/i.exec(text) ??
        /max_new_tokens[`'" ]* must be <= (\d+)/.exec(text),
    ),
    provider: name(metadata['provider_name']),
    said: said(evidence, raw, error?.message),
    status: evidence.status,
    successor: successor(text, error?.availability),
    nearest: nearest === undefined || model === undefined ? undefined : nearest(model).filter((id) => id !== model && isPlainId(id)),
    resetAt: resetTime(evidence, metadata),
    retryAfterMs,
    rules: evidence.rules,
    baseUrl: evidence.baseUrl,
    keyFrom: evidence.keyFrom,
    host: evidence.network?.details.host ?? hostOf(evidence.baseUrl),
    proxy: evidence.network?.details.proxy,
    link: link(`${strongestReason(metadata, text) ?? ''} ${text}`),
    period: /\b(daily|weekly|monthly|yearly|total)\b/i.exec(error?.message ?? '')?.[1]?.toLowerCase(),
  };
}

/** Milliseconds that the server asks to wait: `Retry-After` (seconds or a date), else from the body; undefined if nothing plausible. */
export function readRetryAfter(evidence: Evidence): number | undefined {
  const asked = waitAsked(evidence.headers, evidence.now);
  if (asked !== undefined) return asked;
  const error = errorOf(evidence);
  const places = [error?.metadata, error?.availability].flatMap((each) => [each?.['retry_after_seconds'], each?.['retry_after']]);
  for (const inside of [...places, copiedHeader(evidence, 'Retry-After')]) {
    const seconds = typeof inside === 'string' && /^\d{1,7}(?:\.\d+)?$/.test(inside) ? Number(inside) : inside;
    if (typeof seconds === 'number' && seconds >= 0 && seconds < 1e7) return Math.ceil(seconds * 1000);
  }
  return undefined;
}

/** A header of the answer, which some bodies copy into `metadata.headers`. */
function copiedHeader(evidence: Evidence, name: string): unknown {
  const copied = errorOf(evidence)?.metadata?.['headers'];
  return typeof copied === 'object' && copied !== null
    ? (Object.entries(copied).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] as unknown)
    : undefined;
}

/** When a quota resets, milliseconds since 1970 (`X-RateLimit-Reset` is epoch milliseconds; seconds are accepted too). */
export function readReset(evidence: Evidence): number | undefined {
  const told = Number(evidence.headers?.['x-ratelimit-reset'] ?? copiedHeader(evidence, 'X-RateLimit-Reset') ?? Number.NaN);
  const value = told > 1e9 && told < 1e11 ? told * 1000 : told;
  return value > 1e12 && value < 1e14 ? value : undefined;
}

function resetTime(evidence: Evidence, metadata: Readonly<Record<string, unknown>>): string | undefined {
  const reset = readReset(evidence);
  if (reset === undefined) return typeof metadata['limit_reset'] === 'string' ? clip(metadata['limit_reset'], 40) : undefined;
  return `${new Date(reset).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function said(evidence: Evidence, raw: string | undefined, message: string | undefined): string | undefined {
  if (raw !== undefined) return clip(raw, 300);
  if (message !== undefined) return clip(message, 300);
  return evidence.network?.details.reason ?? evidence.detail ?? clip(messageOf(evidence.body ?? '') ?? '', 300);
}

function successor(text: string, availability: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const list = availability?.['fallback_models'];
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  const id = typeof first === 'string' ? first : SUCCESSOR.exec(text)?.[1]?.replace(/[.:]+$/, '');
  return id !== undefined && isPlainId(id) ? id : undefined;
}

/** The id that a sentence offers ("use this slug instead: a/b", "migrate to the paid slug: a/b"); never a part of a URL. */
const SUCCESSOR =
  /\b(?:use|try|migrate to|switch to|moved? to|renamed to|replaced by|successor)\b[^\n/]{0,60}?(?<![\w.:/@-])([A-Za-z0-9~][\w.-]*\/[\w.:-]+)/i;

/** Only pages of openrouter.ai are passed on. */
function link(text: string): string | undefined {
  return /https:\/\/openrouter\.ai\/(?:settings|workspaces)\/[A-Za-z0-9/_-]+/.exec(text)?.[0];
}

function name(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w .:()&/+-]{1,60}$/.test(value) ? value : undefined;
}

function number(match: RegExpExecArray | null): number | undefined {
  const value = Number(match?.[1]);
  return match !== null && Number.isSafeInteger(value) ? value : undefined;
}

function hostOf(baseUrl: string | undefined): string | undefined {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return undefined;
  return new URL(baseUrl).host;
}
