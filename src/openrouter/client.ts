import { atKeysPage, nameOfGateway } from '../core/hosts.ts';
import type * as z from 'zod/mini';

import type { Clock, Http, HttpRequest, HttpResponse } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { ApiError } from './error-body.ts';
import { baseModelId } from './model-id.ts';
import { NetworkError } from '../core/network-error.ts';
import { zdrKey } from './remaining.ts';
import { isFromEdge, looksLikeHtml, MAX_ANSWER_BYTES, readJson, readText, type ReadLimits, waitAsked } from './read.ts';
import type * as schemas from './schemas.ts';
import type { EndpointRow, GenerationRow, KeyRow, ModelRow } from './schemas.ts';

/** Loaded only when OpenRouter is asked, since most runs make no request. */
type Schemas = typeof schemas;

/** What a call needs: the port, a clock for the one retry, orcc's version for User-Agent, and a signal to abort it. */
export interface ClientContext {
  readonly http: Http;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly version: string;
  readonly signal?: AbortSignal;
}

/** In milliseconds: these endpoints answer quickly, with little data. */
const FIRST_BYTE_MS = 20_000;
const WHOLE_MS = 30_000;

/** Details of the key in `endpoint` (GET /key; about a minute behind). Throws exit 4 KEY_BAD for a 401, else as `getJson`. */
export async function fetchKey(ctx: ClientContext, endpoint: Endpoint): Promise<KeyRow> {
  return (await getJson(ctx, endpoint, '/v1/key', (all) => all.keySchema)).data;
}

/** The account's credits in USD (GET /credits). Throws ApiError 403 for most keys, which may not see it. */
export async function fetchCredits(ctx: ClientContext, endpoint: Endpoint): Promise<{ readonly bought: number; readonly used: number }> {
  const { data } = await getJson(ctx, endpoint, '/v1/credits', (all) => all.creditsSchema);
  return { bought: data.total_credits, used: data.total_usage };
}

/** A call's cost and provider (GET /generation). May throw ApiError 404 for a few seconds after the call. */
export async function fetchGeneration(ctx: ClientContext, endpoint: Endpoint, id: string): Promise<GenerationRow> {
  return (await getJson(ctx, endpoint, `/v1/generation?id=${encodeURIComponent(id)}`, (all) => all.generationSchema)).data;
}

/** A model's row (GET /model/{author}/{slug}); resolves aliases and variants. Throws ApiError 404 if there is none. */
export async function fetchModel(ctx: ClientContext, endpoint: Endpoint, id: string): Promise<ModelRow> {
  return (await getJson(ctx, endpoint, `/v1/model/${pathOf(id)}`, (all) => all.modelSchema)).data;
}

/** A model's endpoints, each with its provider's window, cap and prices (GET /models/{author}/{slug}/endpoints). */
export async function fetchModelEndpoints(ctx: ClientContext, endpoint: Endpoint, id: string): Promise<readonly EndpointRow[]> {
  return (await getJson(ctx, endpoint, `/v1/models/${pathOf(baseModelId(id))}/endpoints`, (all) => all.endpointsSchema)).data.endpoints;
}

/**
 * One of the account's presets: `model` is the model that it names, null if it leaves that to the request; `base` is the same unless it
 * is itself a preset; `disabled` is true if requests with the preset are refused. Throws ApiError 404 if there is no such preset.
 */
export async function fetchPreset(
  ctx: ClientContext,
  endpoint: Endpoint,
  slug: string,
): Promise<{ readonly model: string | null; readonly base: string | undefined; readonly disabled: boolean }> {
  const { data } = await getJson(ctx, endpoint, `/v1/presets/${encodeURIComponent(slug)}`, (all) => all.presetSchema);
  const { status } = data;
  const model = data.designated_version?.config.model ?? null;
  return {
    model,
    base: model === null || model.startsWith('@') ? undefined : model,
    disabled: status !== null && /^(?:disabled|archived|deleted)$/i.test(status),
  };
}

/** The endpoints that keep no prompts (GET /endpoints/zdr), in the form of `ZdrList`. */
export async function fetchZdrEndpoints(ctx: ClientContext, endpoint: Endpoint): Promise<ReadonlySet<string>> {
  const { data } = await getJson(ctx, endpoint, '/v1/endpoints/zdr', (all) => all.zdrSchema);
  return new Set(data.flatMap((row) => (row.model_id === null ? [] : [zdrKey(row.model_id, row)])));
}

/** The slugs of all providers (GET /providers), sorted. */
export async function fetchProviders(ctx: ClientContext, endpoint: Endpoint): Promise<readonly string[]> {
  const { data } = await getJson(ctx, endpoint, '/v1/providers', (all) => all.providersSchema);
  return data.flatMap(({ slug }) => (slug === null ? [] : [slug])).sort();
}

/**
 * One GET below the base URL.
 *
 * @param path starts with `/v1/`
 * @returns the parsed answer
 * @throws NetworkError; ApiError for any other status than 200
 */
async function getJson<T>(ctx: ClientContext, endpoint: Endpoint, path: string, pick: (all: Schemas) => z.ZodMiniType<T>): Promise<T> {
  const { response, limits } = await get(ctx, endpoint, path);
  if (response.status !== 200) await throwApiError(path, response, limits, endpoint);
  return readJson(response, limits, pick(await import('./schemas.ts')));
}

/**
 * The call itself, for callers that need status and headers: the answer must be read or cancelled. If the server is busy
 * or failed, the call is repeated once, after the time that the answer names, or a second.
 */
export async function get(
  ctx: ClientContext,
  endpoint: Endpoint,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ response: HttpResponse; limits: ReadLimits }> {
  const url = `${endpoint.baseUrl}${path}`;
  const request: HttpRequest = {
    method: 'GET',
    url,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip, br',
      'user-agent': userAgent(ctx.version),
      ...(endpoint.key === undefined ? {} : { authorization: `Bearer ${endpoint.key}` }),
      ...headers,
    },
    firstByteMs: FIRST_BYTE_MS,
    ...(ctx.signal === undefined ? {} : { signal: ctx.signal }),
  };
  let response = await ctx.http.request(request);
  const wait = waitOf(response, ctx.clock.now());
  if (wait !== undefined) {
    await response.cancel();
    await ctx.clock.sleep(wait, ctx.signal);
    response = await ctx.http.request(request);
  }
  return { response, limits: { host: new URL(url).host, maxBytes: MAX_ANSWER_BYTES, maxMs: WHOLE_MS } };
}

/** Statuses of a busy or failed server, for which a retry may succeed. Not 501 and 505, which are permanent. */
const PASSING = [408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530];
/** Milliseconds before the retry if the answer names no time, and the longest time that it may name. */
const BACKOFF_MS = 1000;
const LONGEST_WAIT_MS = 5000;

/** Milliseconds until the retry; undefined for no retry. */
function waitOf(response: HttpResponse, now: number): number | undefined {
  if (!PASSING.includes(response.status)) return undefined;
  const wait = waitAsked(response.headers, now) ?? BACKOFF_MS;
  return wait <= LONGEST_WAIT_MS ? wait : undefined;
}

/** Statuses with which Cloudflare may block a request. */
const BLOCKS = [401, 403, 406, 409, 418, 429, 451];

/** The User-Agent by which orcc identifies itself to OpenRouter. */
export function userAgent(version: string): string {
  return `orcc/${version}`;
}

/**
 * Reads the body of an unsuccessful answer and throws the error in it.
 *
 * @throws OrccError 'key' for a 401, NetworkError 'html' for a web page that is not from Cloudflare or the server, ApiError otherwise
 */
export async function throwApiError(
  path: string,
  response: HttpResponse,
  limits: ReadLimits,
  { keyFrom = 'the key', baseUrl }: Endpoint,
): Promise<never> {
  const body = await readText(response, limits);
  const error = new ApiError(`${limits.host} (${path.split('?')[0] ?? path})`, response.status, response.headers, body, baseUrl);
  // A page from Cloudflare, or from a server that is down, means an outage or a block; any other page comes from something in between.
  const isOutage =
    response.status >= 500 || response.status === 413 || (BLOCKS.includes(response.status) && isFromEdge(response.headers, body));
  if (error.parsed === undefined && looksLikeHtml(body, response.headers['content-type']) && !isOutage) {
    throw new NetworkError('html', { host: limits.host, status: response.status }, error);
  }
  if (response.status === 401) {
    const url = `https://${limits.host}`;
    throw new OrccError('key', `${nameOfGateway(url)} does not accept ${keyFrom} (${error.parsed?.message ?? 'HTTP 401'})`, {
      code: 'KEY_BAD',
      hint: `copy the key again or create a new one ${atKeysPage(url)}; then run \`orcc key set\``,
      data: { status: 401 },
      cause: error,
    });
  }
  throw error;
}

/** Encodes author and slug for a path; the slash and the colon of a variant are kept, as in OpenRouter's own links. */
function pathOf(id: string): string {
  return encodeURIComponent(id).replace(/%2F/g, '/').replace(/%3A/g, ':');
}
