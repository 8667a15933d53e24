import type { Context } from '../core/context.ts';
import { passStop } from '../core/errors.ts';
import { isOpenRouter } from '../core/hosts.ts';
import { readCache, writeCache, type CachedCatalog } from './catalog-cache.ts';
import { isFresh, createCatalog, fallback, type CacheSlice, type Catalog, type CatalogOptions, withBases } from './catalog.ts';
import { appendCatalogPrices } from './price-log.ts';

/**
 * The catalog: from the cache while it is fresh, else from OpenRouter (by ETag),
 * else the old cache, else the built-in list. With `refresh`, a failure of the
 * network still gives the cache, with `warning` set. The key is sent only to other gateways, which
 * list their models only to those who have one; OpenRouter's list is public.
 *
 * @throws only Cancelled
 */
export async function loadCatalog(
  ctx: CacheSlice & Pick<Context, 'http' | 'version' | 'signal'>,
  options: CatalogOptions,
): Promise<Catalog> {
  return withBases(await loadRows(ctx, options), options.bases);
}

async function loadRows(ctx: Parameters<typeof loadCatalog>[0], options: CatalogOptions): Promise<Catalog> {
  const now = ctx.clock.now();
  const cached = readCache(ctx, options.folder, options.endpoint.baseUrl);
  const fresh = isFresh(cached, now);
  if (options.offline === true || (fresh && options.refresh !== true)) return fallback(cached, !fresh);
  try {
    const { fetchCatalog } = await import('./fetch-catalog.ts');
    const { baseUrl } = options.endpoint;
    const endpoint = isOpenRouter(baseUrl) ? { baseUrl } : options.endpoint;
    const live = await fetchCatalog(ctx, endpoint, cached, now);
    if (options.keep !== false) keep(ctx, options.folder, live);
    return createCatalog(live.models, { source: 'live', asOf: live.asOf, stale: false, etag: live.etag });
  } catch (error) {
    passStop(error);
    return fallback(cached, true, error);
  }
}

/** Writes a live catalog that was fetched with `keep: false` to the cache. Never throws. */
export function keepCatalog(ctx: CacheSlice, options: Pick<CatalogOptions, 'folder' | 'endpoint'>, catalog: Catalog): void {
  if (catalog.source !== 'live') return;
  const { asOf, models, etag } = catalog;
  keep(ctx, options.folder, { baseUrl: options.endpoint.baseUrl, asOf, models, ...(etag === undefined ? {} : { etag }) });
}

/** Replaces the cache and logs price changes. */
function keep(ctx: CacheSlice, folder: string, live: CachedCatalog): void {
  appendCatalogPrices(ctx, folder, live);
  writeCache(ctx, folder, live);
}
