import * as z from 'zod/mini';

import type { HttpResponse } from '../core/context.ts';
import { NetworkError } from '../core/network-error.ts';
import { redactForeign } from '../text/text.ts';

/** Bytes after decompression: the whole catalog has about 1 MB, 10 000 models would have 22 MB. */
export const MAX_MODELS_BYTES = 23_000_000;
/** The most bytes of any other answer. */
export const MAX_ANSWER_BYTES = 1_000_000;

export interface ReadLimits {
  /** The host that answers, for messages. */
  readonly host: string;
  /** The most bytes, after decompression. */
  readonly maxBytes: number;
  /** Milliseconds for the whole body, so that a server that sends one byte a second can't block for ever. */
  readonly maxMs: number;
  /** What the body must begin with; any other body is not read to its end, however long it is. */
  readonly begins?: RegExp;
}

/** How many bytes are read before `begins` is checked; of a wrong body, enough for the message. */
const WRONG_BYTES = 8192;

/**
 * The whole body as text; bytes that are not UTF-8 become U+FFFD.
 *
 * @throws NetworkError 'too-big' (the rest is not read), 'timeout-total', or what the port throws
 */
export async function readText(response: HttpResponse, limits: ReadLimits): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let late = false;
  let isChecked = false;
  const timer = setTimeout(() => {
    late = true;
    void response.cancel();
  }, limits.maxMs);
  const tooLate = (): NetworkError =>
    new NetworkError('timeout-total', { host: limits.host, afterMs: limits.maxMs, status: response.status });
  try {
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      if (size > limits.maxBytes) {
        throw new NetworkError('too-big', { host: limits.host, limit: limits.maxBytes, status: response.status });
      }
      chunks.push(chunk);
      if (isChecked || size <= WRONG_BYTES) continue;
      isChecked = true;
      if (limits.begins?.test(Buffer.concat(chunks).toString('latin1')) === false) break;
    }
  } catch (error) {
    throw late ? tooLate() : error;
  } finally {
    clearTimeout(timer);
    await response.cancel();
  }
  if (late) throw tooLate();
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/**
 * The body as JSON that matches a schema.
 *
 * @throws NetworkError 'html', 'not-json' or 'unexpected-shape', one sentence each, and what `readText` throws
 */
export async function readJson<T>(response: HttpResponse, limits: ReadLimits, schema: z.ZodMiniType<T>): Promise<T> {
  const text = await readText(response, { begins: /^(?:\xef\xbb\xbf)?\s*[[{]/, ...limits });
  const { host } = limits;
  const { status } = response;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (looksLikeHtml(text, response.headers['content-type'])) throw new NetworkError('html', { host, status });
    throw new NetworkError('not-json', { host, status, reason: whyNotJson(text) }, error);
  }
  const parsed = z.safeParse(schema, value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? 'the top level' : `\`${issue.path.map(String).join('.')}\``;
    throw new NetworkError('unexpected-shape', { host, status, reason: `${where}: ${issue?.message ?? 'unexpected'}` });
  }
  return parsed.data;
}

/** Whether a body is a web page, by its type or its first characters. */
export function looksLikeHtml(text: string, contentType: string | undefined): boolean {
  return /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text.slice(0, 500)) || (contentType?.includes('text/html') ?? false);
}

/** The wait that `Retry-After` (in seconds or a date) asks for, in milliseconds; undefined if it is missing or invalid. */
export function waitAsked(headers: Readonly<Record<string, string>> | undefined, now: number | undefined): number | undefined {
  const header = headers?.['retry-after'];
  if (header === undefined) return undefined;
  if (/^\s*\d{1,7}(?:\.\d+)?\s*$/.test(header)) return Math.ceil(Number(header) * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) || now === undefined ? undefined : Math.max(0, date - now);
}

/**
 * Whether Cloudflare, which openrouter.ai is behind, answered itself. Recognised by headers that only it sets (the text of a
 * page proves nothing) and a body that is a web page, empty, or its own short text.
 */
export function isFromEdge(headers: Readonly<Record<string, string>> | undefined, body: string): boolean {
  if (headers === undefined || (headers['cf-ray'] === undefined && !/^\s*cloudflare\b/i.test(headers['server'] ?? ''))) return false;
  return body.trim() === '' || looksLikeHtml(body, headers['content-type']) || /^\s*error code: \d+|"cloudflare_error"/.test(body);
}

function whyNotJson(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'an empty answer';
  return trimmed.startsWith('{') || trimmed.startsWith('[')
    ? 'cut off or damaged JSON'
    : `it begins with ${JSON.stringify(redactForeign(trimmed).slice(0, 30))}`;
}
