import { isOpenRouter } from '../../core/hosts.ts';
import * as z from 'zod/mini';
import type { HttpResponse } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { parseKey } from '../../config/parse-key.ts';
import { userAgent, type ClientContext } from '../../openrouter/client.ts';
import { ApiError } from '../../openrouter/error-body.ts';
import { NetworkError } from '../../core/network-error.ts';
import { looksLikeHtml, MAX_ANSWER_BYTES, readText, type ReadLimits } from '../../openrouter/read.ts';
import { stripControls } from '../../text/text.ts';
import { tryJson } from '../../text/json.ts';

/** An answer whose key is printable and safe in every file that orcc writes. */
const answer = z.object({ key: z.string().check(z.regex(/^[\x21-\x7e]{8,512}$/)) });

/** A code that OpenRouter refused: mistyped, already used, too old, or made for another login. A new one may work. */
export class CodeRefused extends OrccError {
  constructor(why: string) {
    super('key', `OpenRouter did not accept the code (${why})`, {
      code: 'LOGIN_REFUSED',
      hint: 'A code works once, within ten minutes, and only for the login that created it: run `orcc login` again',
    });
    this.name = 'CodeRefused';
  }
}

/**
 * Checks with an empty exchange, which creates nothing, that this base URL offers a login. For OpenRouter itself this only checks
 * that it can be reached before a browser opens. Throws exit 2 for a gateway without a login, NetworkError if nothing answers.
 */
export async function requireLogin(ctx: ClientContext, baseUrl: string): Promise<void> {
  const { response, limits } = await post(ctx, baseUrl, {});
  const body = await readText(response, limits);
  if (isOpenRouter(baseUrl)) return;
  // OpenRouter answers 400 to a body without a code (OpenRouter docs); validators elsewhere answer 422.
  const isKnown =
    [400, 403, 422].includes(response.status) && !looksLikeHtml(body, response.headers['content-type']) && tryJson(body) !== undefined;
  if (!isKnown) throw noLogin(baseUrl, `HTTP ${response.status}`);
}

/**
 * Turns the code from the browser into a key (POST /auth/keys). Throws CodeRefused for a code that does not work, exit 2 if there
 * is no login, ApiError and NetworkError otherwise.
 */
export async function exchangeCode(ctx: ClientContext, baseUrl: string, code: string, verifier: string): Promise<string> {
  const { response, limits } = await post(ctx, baseUrl, { code, code_verifier: verifier, code_challenge_method: 'S256' });
  const body = await readText(response, limits);
  const { status, headers } = response;
  const isPage = looksLikeHtml(body, headers['content-type']);
  if (status === 404 || status === 405 || (isPage && status < 500)) throw noLogin(baseUrl, isPage ? 'a web page' : `HTTP ${status}`);
  if (isPage) throw new NetworkError('html', { host: limits.host, status });
  if (status !== 200) {
    const error = new ApiError(`${limits.host} (/v1/auth/keys)`, status, headers, body, baseUrl);
    if (status === 400 || status === 403) throw new CodeRefused(error.parsed?.message ?? `HTTP ${status}`);
    throw error;
  }
  const parsed = answer.safeParse(tryJson(body));
  if (!parsed.success) throw new NetworkError('unexpected-shape', { host: limits.host, status, reason: 'no usable key in it' });
  return parseKey(parsed.data.key).key;
}

/** The error for a gateway that serves models but has no accounts to log in to. */
function noLogin(baseUrl: string, seen: string): OrccError {
  return new OrccError('usage', `${stripControls(new URL(baseUrl).host)} has no login page (${seen})`, {
    code: 'NO_LOGIN',
    hint: 'It is a gateway with its own keys: get one from whoever runs it, then run `orcc key set`',
  });
}

async function post(ctx: ClientContext, baseUrl: string, body: unknown): Promise<{ response: HttpResponse; limits: ReadLimits }> {
  const url = `${baseUrl}/v1/auth/keys`;
  const response = await ctx.http.request({
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': userAgent(ctx.version) },
    body: JSON.stringify(body),
    firstByteMs: 20_000,
    ...(ctx.signal === undefined ? {} : { signal: ctx.signal }),
  });
  return { response, limits: { host: new URL(url).host, maxBytes: MAX_ANSWER_BYTES, maxMs: 30_000 } };
}
