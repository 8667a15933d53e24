import type { CachedCatalog } from './catalog-cache.ts';
import type { CatalogModel } from './catalog-model.ts';
import { get, throwApiError, type ClientContext } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { NetworkError } from '../core/network-error.ts';
import { normaliseModel } from './normalise.ts';
import { MAX_MODELS_BYTES, readJson } from './read.ts';
import { modelRowSchema, modelsSchema } from './schemas.ts';

/** Milliseconds for the whole list, also on a slow line. */
const WHOLE_MS = 60_000;
/** Within its first kilobytes a catalog names a model: 100 MB of something else are not read. */
const FIRST_ROW = /^(?:\xef\xbb\xbf)?\s*\{[^]*"id"\s*:/;

/**
 * GET /models. Where the cache is still what OpenRouter has (304), its rows come back with a new date.
 *
 * @param now milliseconds since 1970
 * @throws NetworkError, ApiError; an empty list is 'unexpected-shape', so that it never replaces a good cache
 */
export async function fetchCatalog(
  ctx: ClientContext,
  endpoint: Endpoint,
  cached: CachedCatalog | undefined,
  now: number,
): Promise<CachedCatalog> {
  const condition = cached?.etag === undefined ? {} : { 'if-none-match': cached.etag };
  const { response, limits } = await get(ctx, endpoint, '/v1/models', condition);
  if (response.status === 304 && cached !== undefined) {
    await response.cancel();
    return { ...cached, asOf: now };
  }
  if (response.status !== 200) await throwApiError('/v1/models', response, limits, endpoint);
  const { data } = await readJson(response, { ...limits, maxBytes: MAX_MODELS_BYTES, maxMs: WHOLE_MS, begins: FIRST_ROW }, modelsSchema);
  const models = readRows(data);
  if (models.length === 0) throw new NetworkError('unexpected-shape', { host: limits.host, status: 200, reason: 'no models in the list' });
  const etag = response.headers['etag'];
  return { baseUrl: endpoint.baseUrl, asOf: now, ...(etag === undefined || etag.length > 200 ? {} : { etag }), models };
}

/** The models that this key can reach under its account's settings (GET /models/user). */
export async function fetchUserModels(ctx: ClientContext, endpoint: Endpoint): Promise<readonly CatalogModel[]> {
  const { response, limits } = await get(ctx, endpoint, '/v1/models/user');
  if (response.status !== 200) await throwApiError('/v1/models/user', response, limits, endpoint);
  return readRows((await readJson(response, { ...limits, maxBytes: MAX_MODELS_BYTES, maxMs: WHOLE_MS }, modelsSchema)).data);
}

/** Rows that are none, or whose id is none, are left out. */
export function readRows(rows: readonly unknown[]): CatalogModel[] {
  return rows.flatMap((row) => {
    const parsed = modelRowSchema.safeParse(row);
    return parsed.success ? (normaliseModel(parsed.data) ?? []) : [];
  });
}
