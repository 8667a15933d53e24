import type { Json } from './json.ts';

export type Headers = Readonly<Record<string, string>>;

/** What a handler returns: data, so that a fault can spoil it on its way out. */
export type Answer =
  | { readonly kind: 'body'; readonly status: number; readonly headers: Headers; readonly body: string }
  /** A stream of server-sent events; `events` are complete pieces, blank line included. */
  | { readonly kind: 'events'; readonly headers: Headers; readonly events: readonly string[]; readonly model: string };

/** An answer with a JSON body. */
export function jsonAnswer(status: number, body: Json, headers: Headers = {}): Answer {
  return { kind: 'body', status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** An answer with a web page, such as a proxy or a foreign server sends. */
export function htmlAnswer(status: number, title: string, inner = '', headers: Headers = {}): Answer {
  const body = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${inner}</body></html>`;
  return { kind: 'body', status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}

/** An error in OpenRouter's own shape, which every path but `/messages` uses. */
export function plainError(status: number, message: string, more: Json = {}, headers: Headers = {}): Answer {
  return jsonAnswer(status, { error: { message, code: status, ...more }, user_id: 'user_simulator' }, headers);
}
