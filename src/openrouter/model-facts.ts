import { USUAL_OUTPUT } from '../claude/compaction.ts';
import { passStop } from '../core/errors.ts';
import { defined } from '../text/defined.ts';
import { type Catalog, presetRow, type PresetBases } from './catalog.ts';
import type { CatalogModel } from './catalog-model.ts';
import { fetchModelEndpoints, fetchPreset, type ClientContext } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { presetOf } from './model-id.ts';
import type { EndpointRow } from './schemas.ts';

/** The models behind presets, taken from the facts of mapped models; undefined if there are none. */
export function basesOf(facts: readonly ModelFacts[]): PresetBases | undefined {
  const found = facts.flatMap(({ id, row }): [string, string][] => (row?.base === undefined ? [] : [[id, row.base]]));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** The limits of a model that Claude Code will run into, in tokens. */
export interface ModelFacts {
  readonly id: string;
  /** null if not stated. */
  readonly window: number | null;
  /** null if no provider has a cap, or it is not stated. */
  readonly maxOutput: number | null;
  /** Whether any source (OpenRouter, cache, built-in list) knows the model. */
  readonly known: boolean;
  readonly source: 'endpoints' | 'catalog' | 'none';
  /** Why its endpoints could not be read, in one sentence. */
  readonly failure?: string;
  /** The catalog's row and its date (milliseconds since 1970); absent if the catalog has none. */
  readonly row?: CatalogModel;
  readonly asOf?: number;
}

/** The number of concurrent calls. */
const AT_ONCE = 6;

/**
 * The limits of some models, read from their endpoints, since the top provider
 * alone is misleading: another provider behind the same id may allow more. If
 * OpenRouter must not be asked (`ctx` undefined) or does not answer, the
 * catalog's row is used.
 *
 * @returns one entry per id, in the same order
 * @throws only Cancelled
 */
export async function fetchModelFacts(
  ctx: ClientContext | undefined,
  endpoint: Endpoint,
  ids: readonly string[],
  catalog: Catalog,
): Promise<ModelFacts[]> {
  const facts: ModelFacts[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    facts.push(...(await Promise.all(ids.slice(start, start + AT_ONCE).map((id) => factsOf(ctx, endpoint, id, catalog)))));
  }
  return facts;
}

async function factsOf(ctx: ClientContext | undefined, endpoint: Endpoint, id: string, catalog: Catalog): Promise<ModelFacts> {
  const row = catalog.find(id);
  const fromCatalog: ModelFacts =
    row === undefined
      ? { id, window: null, maxOutput: null, known: false, source: 'none' }
      : { id, window: row.context, maxOutput: row.maxOutput, known: true, source: 'catalog', row, asOf: catalog.asOf };
  if (ctx === undefined) return fromCatalog;
  if (id.startsWith('@')) return factsOfPreset(ctx, endpoint, id, catalog, fromCatalog);
  try {
    const limits = limitsOf(await fetchModelEndpoints(ctx, endpoint, id));
    return limits === undefined
      ? fromCatalog
      : { ...fromCatalog, ...limits, window: limits.window ?? fromCatalog.window, known: true, source: 'endpoints' };
  } catch (error) {
    passStop(error);
    return { ...fromCatalog, failure: error.message };
  }
}

/** The facts of the model that a preset names; `unknown` if the key can't see the preset or it names no model. */
async function factsOfPreset(
  ctx: ClientContext,
  endpoint: Endpoint,
  id: string,
  catalog: Catalog,
  unknown: ModelFacts,
): Promise<ModelFacts> {
  const slug = presetOf(id);
  if (slug === undefined || endpoint.key === undefined) return unknown;
  try {
    const { base } = await fetchPreset(ctx, endpoint, slug);
    if (base === undefined) return unknown;
    const { row, ...facts } = await factsOf(ctx, endpoint, base, catalog);
    return { ...facts, id, ...defined({ row: row && presetRow(id, row) }) };
  } catch (error) {
    passStop(error);
    return unknown;
  }
}

/**
 * The limits across a model's providers: of those that support tools and are
 * up, the largest output cap, and the largest window among those that accept
 * a request with the usual max_tokens.
 *
 * @returns undefined for an empty list (routers)
 */
function limitsOf(endpoints: readonly EndpointRow[]): { window: number | null; maxOutput: number | null } | undefined {
  const up = endpoints.filter((each) => each.supported_parameters?.includes('tools') !== false && (each.status ?? 0) >= 0);
  const eligible = up.length > 0 ? up : endpoints;
  if (eligible.length === 0) return undefined;
  const caps = eligible.map((each) => each.max_completion_tokens).filter(isNumber);
  const maxOutput = caps.length === 0 ? null : Math.max(...caps);
  const needed = Math.min(maxOutput ?? USUAL_OUTPUT, USUAL_OUTPUT);
  const windows = eligible
    .filter((each) => each.max_completion_tokens === null || each.max_completion_tokens >= needed)
    .map((each) => each.context_length)
    .filter(isNumber);
  return { window: windows.length === 0 ? null : Math.max(...windows), maxOutput };
}

const isNumber = (value: number | null): value is number => value !== null && value > 0;
