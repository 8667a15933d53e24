import { OrccError } from '../core/errors.ts';
import { type Catalog, catalogOver, createCatalog } from './catalog.ts';
import type { CatalogModel } from './catalog-model.ts';
import type { ClientContext } from './client.ts';
import type { KeyedEndpoint } from './endpoint.ts';
import { ApiError } from './error-body.ts';

/** A catalog that knows what the account lets its key use, and what to say where that could not be found out. */
interface AccountCatalog {
  readonly catalog: Catalog;
  /** One sentence. */
  readonly remark?: string;
}

/**
 * Marks (`barred`) what privacy settings and guardrails of the account keep the key from (GET /models/user lists the rest). Routers
 * and presets choose a model themselves, so that nothing is said of them, and of an alias its target counts. A gateway that has no such
 * list leaves the catalog as it is, and so does the built-in list, which may name what is gone.
 *
 * @param wait milliseconds for the whole answer; without it those of every call
 * @throws only Cancelled
 */
export async function markBarred(ctx: ClientContext, endpoint: KeyedEndpoint, catalog: Catalog, wait?: number): Promise<AccountCatalog> {
  if (catalog.source === 'builtin') return { catalog };
  const timer = wait === undefined ? undefined : AbortSignal.timeout(wait);
  const signals = [timer, ctx.signal].filter((signal) => signal !== undefined);
  try {
    const { fetchUserModels } = await import('./fetch-catalog.ts');
    const rows = await fetchUserModels(signals.length === 0 ? ctx : { ...ctx, signal: AbortSignal.any(signals) }, endpoint);
    if (rows.length === 0) return { catalog, remark: 'OpenRouter lists no models for this key' };
    return { catalog: withBarred(catalog, rows) };
  } catch (error) {
    if (ctx.signal?.aborted === true || !(error instanceof OrccError)) throw error;
    if (error instanceof ApiError && (error.status === 404 || error.status === 405)) return { catalog };
    const why = timer?.aborted === true ? `no answer within ${(wait ?? 0) / 1000} s` : error.message;
    return { catalog, remark: `Could not ask which models the account allows: ${why}` };
  }
}

/** The same catalog in which the rows that `allowed` lacks are marked. */
export function withBarred(catalog: Catalog, allowed: readonly CatalogModel[]): Catalog {
  const user = createCatalog(allowed, { source: 'live', asOf: catalog.asOf, stale: false });
  const isBarred = ({ id, base = id, aliasTarget }: CatalogModel): boolean => {
    if (/^~?openrouter\//.test(base)) return false;
    return user.find(base) === undefined && (aliasTarget === undefined || user.find(aliasTarget) === undefined);
  };
  return catalogOver(
    catalog,
    (id) => catalog.find(id),
    (row) => (isBarred(row) ? { ...row, barred: true } : row),
  );
}
