import { OrccError } from '../core/errors.ts';
import { type Catalog, catalogOver, createCatalog } from './catalog.ts';
import type { CatalogModel } from './catalog-model.ts';
import type { ClientContext } from './client.ts';
import type { KeyedEndpoint } from './endpoint.ts';
import { ApiError } from './error-body.ts';

/** A catalog in which the models that the account doesn't allow are marked. */
interface AccountCatalog {
  readonly catalog: Catalog;
  /** One sentence if OpenRouter did not say which models the account allows. */
  readonly remark?: string;
}

/**
 * Marks as `barred` the models that the account's privacy settings and guardrails keep the key from (GET /models/user lists the others).
 * Routers, which choose a model themselves, are never marked; an alias is judged by its target, a preset by its model. The catalog is
 * returned unchanged for a gateway without such a list, and if it is the built-in list, which may contain models that no longer exist.
 *
 * @param wait milliseconds for the whole answer; by default the usual time limits of a call
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
    if (error instanceof ApiError && error.isNoPage) return { catalog };
    const why = timer?.aborted === true ? `no answer within ${(wait ?? 0) / 1000} s` : error.message;
    return { catalog, remark: `Could not ask which models the account allows: ${why}` };
  }
}

/** The catalog with every row marked as `barred` that is not in `allowed`. */
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
