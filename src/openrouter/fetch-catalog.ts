import type { CachedCatalog } from './catalog-cache.ts';
import type { CatalogModel } from './catalog-model.ts';
import { get, throwApiError, type ClientContext } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { NetworkError } from '../core/network-error.ts';
import { normaliseModel } from './normalise.ts';
import { MAX_MODELS_BYTES, readJson } from './read.ts';
import { modelRowSchema, modelsSchema } from './schemas.ts';

/** Milliseconds for the whole list, enough for a slow connection. */
const WHOLE_MS = 60_000;
/** A catalog names a model within its first kilobytes; anything else is not read to its end, which may be 100 MB away. */
const FIRST_ROW = /^(?:\xef\xbb\xbf)?\s*\{[^]*"id"\s*:/;

/**
 * GET /models. If the cache is still current (304), returns its rows with a new date.
 *
 * @param now milliseconds since 1970
 * @throws NetworkError ('unexpected-shape' for an empty list, which must never replace a good cache), and as `throwApiError`
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

/** The models that the account's settings allow this key to use (GET /models/user). Throws NetworkError, and as `throwApiError`. */
export async function fetchUserModels(ctx: ClientContext, endpoint: Endpoint): Promise<readonly CatalogModel[]> {
  const { response, limits } = await get(ctx, endpoint, '/v1/models/user');
  if (response.status !== 200) await throwApiError('/v1/models/user', response, limits, endpoint);
  return readRows((await readJson(response, { ...limits, maxBytes: MAX_MODELS_BYTES, maxMs: WHOLE_MS }, modelsSchema)).data);
}

/** Parses rows of the catalog; invalid ones, or with an invalid id, are left out. */
export function readRows(rows: readonly unknown[]): CatalogModel[] {
  return rows.flatMap((row) => {
    const parsed = modelRowSchema.safeParse(row);
    return parsed.success ? (normaliseModel(parsed.data) ?? []) : [];
  });
}
