import * as z from 'zod/mini';

import { OrccError } from '../core/errors.ts';
import { later } from '../core/later.ts';
import { defined } from '../text/defined.ts';
import { clip, redactForeign, stripControls } from '../text/text.ts';
import { isFromEdge, looksLikeHtml } from './read.ts';
import { tryJson, jsonText } from '../text/json.ts';

/**
 * An error from OpenRouter, in either of its two shapes: the
 * Anthropic envelope of /messages or the plain `{error: {code, message}}`.
 */
export interface ErrorBody {
  /** Stripped of control characters, keys masked, at most 2000 characters. */
  readonly message: string;
  /** The number or string in `error.code`. */
  readonly code?: string | number;
  /** Anthropic's `error.type`, such as `not_found_error`. */
  readonly type?: string;
  /** OpenRouter's own stable `error_type`, such as `payment_required`. */
  readonly errorType?: string;
  readonly availability?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** `gen-…`, if the body has one. */
  readonly requestId?: string;
  readonly shape: 'anthropic' | 'openrouter';
}

const record = later(() => z.record(z.string(), z.unknown()));
const loose = later(() => {
  const any = z.optional(z.unknown());
  return z.looseObject({
    type: any,
    error: z.looseObject({ message: any, code: any, type: any, error_type: any, metadata: any, availability: any }),
    error_type: any,
    metadata: any,
    availability: any,
    request_id: any,
  });
});

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? clip(redactForeign(stripControls(value)), 2000) : undefined;
const object = (...values: unknown[]): Readonly<Record<string, unknown>> | undefined => {
  for (const value of values) {
    const parsed = record.safeParse(value);
    if (parsed.success) return parsed.data;
  }
  return undefined;
};

/**
 * Parses an error body of either shape; a mid-stream `event: error` has the
 * same envelope.
 *
 * @param body the text of the answer, of any size and content
 * @returns undefined if it is not such a body (HTML, empty, cut off, another vendor's)
 */
export function parseErrorBody(body: string): ErrorBody | undefined {
  return readErrorBody(tryJson(body));
}

/**
 * The message in a JSON body that has neither shape: another server's error, or one that is wrapped once more.
 *
 * @returns text as safe to print as `ErrorBody.message`; undefined if there is none
 */
export function messageOf(body: string): string | undefined {
  let value = tryJson(body);
  for (let depth = 0; depth < 4; depth += 1) {
    const inner: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof inner === 'string') return text(inner);
    const said = object(inner);
    if (said === undefined) return undefined;
    value = said['error'] ?? said['errors'] ?? said['message'] ?? said['detail'] ?? said['msg'];
  }
  return undefined;
}

/** `parseErrorBody` for JSON that is already parsed, such as an event of a stream. */
export function readErrorBody(value: unknown): ErrorBody | undefined {
  const parsed = loose.safeParse(value);
  if (!parsed.success) return undefined;
  const { error } = parsed.data;
  const message =
    text(error.message) ?? (typeof error.message === 'object' && error.message !== null ? text(jsonText(error.message)) : undefined);
  const code = typeof error.code === 'number' ? error.code : text(error.code);
  const type = text(error.type);
  if (message === undefined && code === undefined && type === undefined) return undefined;
  const errorType = text(error.error_type) ?? text(parsed.data.error_type) ?? text(object(error.metadata)?.['error_type']);
  const availability = object(error.availability, parsed.data.availability, object(error.metadata)?.['availability']);
  const metadata = object(error.metadata, parsed.data.metadata);
  return {
    message: message ?? '(no message)',
    ...defined({ code, type, errorType, availability, metadata, requestId: text(parsed.data.request_id) }),
    shape: parsed.data.type === 'error' ? 'anthropic' : 'openrouter',
  };
}

/**
 * OpenRouter answered with an error status. `body` is the raw text (bounded)
 * for the diagnosis table; `message` is safe to print.
 */
export class ApiError extends OrccError {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly parsed: ErrorBody | undefined;
  /** The base URL that answered, so that a finding can name OpenRouter or another gateway. */
  readonly baseUrl: string;

  constructor(what: string, status: number, headers: Readonly<Record<string, string>>, body: string, baseUrl: string) {
    const parsed = parseErrorBody(body);
    const said = parsed?.message ?? messageOf(body) ?? describePage(headers, body);
    super(status === 401 ? 'key' : 'network', `${what} answered HTTP ${status}${said === undefined ? '' : `: ${clip(said, 300)}`}`, {
      data: { status },
    });
    this.name = 'ApiError';
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.parsed = parsed;
    this.baseUrl = baseUrl;
  }

  /** True for a 404 or 405: the server has no such page, which is normal for a gateway other than OpenRouter. */
  get isNoPage(): boolean {
    return this.status === 404 || this.status === 405;
  }
}

/** Describes a body without a message of its own; undefined if it is not a web page. */
function describePage(headers: Readonly<Record<string, string>>, body: string): string | undefined {
  if (isFromEdge(headers, body)) return 'a Cloudflare page';
  return looksLikeHtml(body, headers['content-type']) ? 'a web page' : undefined;
}
