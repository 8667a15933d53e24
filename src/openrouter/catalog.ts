import type { Context } from '../core/context.ts';
import type { OrccError } from '../core/errors.ts';
import { defined } from '../text/defined.ts';
import { stripControls } from '../text/text.ts';
import { BUILTIN_AS_OF, BUILTIN_MODELS } from './builtin.ts';
import { readCache, type CachedCatalog } from './catalog-cache.ts';
import type { CatalogModel } from './catalog-model.ts';
import type { Endpoint } from './endpoint.ts';
import { baseModelId } from './model-id.ts';
import { nearestIds } from './nearest-ids.ts';

/** How long a cached catalog counts as fresh, in milliseconds. */
const MAX_AGE_MS = 24 * 3_600_000;

export interface Catalog {
  readonly models: readonly CatalogModel[];
  readonly source: 'live' | 'cache' | 'builtin';
  /** When OpenRouter last confirmed it, in milliseconds since 1970. */
  readonly asOf: number;
  /** True if it is older than a day, or built in. */
  readonly stale: boolean;
  /** The ETag of a live catalog, for the next request. */
  readonly etag?: string | undefined;
  /** One sentence, if OpenRouter was asked but gave no catalog. */
  readonly warning?: string;
  /** The error of that request. */
  readonly failure?: OrccError;
  /** The row for an id or a full name; an id with `:nitro`, `:floor`, `:exacto`, `:online` or `@preset/…` gets its base model's row. */
  find(id: string): CatalogModel | undefined;
  /** Up to `count` ids that may be meant by a mistyped one, best first. */
  nearest(id: string, count: number): string[];
}

export interface CatalogOptions {
  /** orcc's own folder; the cache is in `<folder>/cache`. */
  readonly folder: string;
  readonly endpoint: Endpoint;
  /** Asks OpenRouter whatever the age of the cache. */
  readonly refresh?: boolean;
  /** Makes no requests. */
  readonly offline?: boolean;
  /** false: does not write the cache; `keepCatalog` writes it later, once the command may write. */
  readonly keep?: boolean;
  /** The models behind the account's presets, as far as recorded. */
  readonly bases?: PresetBases | undefined;
}

export type CacheSlice = Pick<Context, 'fs' | 'platform' | 'clock'>;

/** The cache or else the built-in list, whatever its age. Loads no network library and never throws. */
export function readCachedCatalog(ctx: CacheSlice, options: Pick<CatalogOptions, 'folder' | 'endpoint' | 'bases'>): Catalog {
  const cached = readCache(ctx, options.folder, options.endpoint.baseUrl);
  return withBases(fallback(cached, !isFresh(cached, ctx.clock.now())), options.bases);
}

/** True for a cache of the last 24 hours; false if there is none, or if the clock was set back to before it. */
export function isFresh(cached: Pick<CachedCatalog, 'asOf'> | undefined, now: number): boolean {
  const age = cached === undefined ? Infinity : now - cached.asOf;
  return age >= 0 && age <= MAX_AGE_MS;
}

/** A catalog over the cache that reads rows only when they are needed. */
function createCachedCatalog(cached: CachedCatalog, about: Pick<Catalog, 'source' | 'asOf' | 'stale' | 'warning' | 'failure'>): Catalog {
  let whole: Catalog | undefined;
  const all = (): Catalog => (whole ??= createCatalog(cached.models, about));
  return {
    ...about,
    get models() {
      return cached.models;
    },
    find: (id) => (cached.find === undefined || cached.findSlug === undefined ? all().find(id) : lookUp(id, cached.find, cached.findSlug)),
    nearest: (id, count) => all().nearest(id, count),
  };
}

/** A catalog over any rows; the index is built at the first `find`. */
export function createCatalog(
  models: readonly CatalogModel[],
  about: Pick<Catalog, 'source' | 'asOf' | 'stale' | 'etag' | 'warning' | 'failure'>,
): Catalog {
  let index: Map<string, CatalogModel> | undefined;
  let slugs: Map<string, CatalogModel> | undefined;
  return {
    models,
    ...about,
    find(id) {
      const ids = (index ??= new Map(models.map((model) => [model.id, model])));
      const names = (slugs ??= new Map(
        models.flatMap((model) => (model.canonicalSlug === undefined ? [] : [[nameOf(model.canonicalSlug, model.variant), model]])),
      ));
      return lookUp(
        id,
        (each) => ids.get(each),
        (slug, variant) => names.get(nameOf(slug, variant)),
      );
    },
    nearest: (id, count) =>
      nearestIds(
        id,
        models.filter((model) => !model.batch).map((model) => model.id),
        count,
      ),
  };
}

const nameOf = (slug: string, variant: string | undefined): string => (variant === undefined ? slug : `${slug}:${variant}`);

/** Looks up the id as given, then without a dynamic variant or preset, then as a canonical slug with its variant. */
function lookUp(
  id: string,
  find: NonNullable<CachedCatalog['find']>,
  findSlug: NonNullable<CachedCatalog['findSlug']>,
): CatalogModel | undefined {
  const base = baseModelId(id);
  const [slug = '', variant] = base.split(':');
  return find(id) ?? find(base) ?? findSlug(slug, variant);
}

/** The catalog if OpenRouter is not asked or gave none (`failure`): from the cache, else from the built-in list. */
export function fallback(cached: CachedCatalog | undefined, stale: boolean, failure?: OrccError): Catalog {
  const warning = failure === undefined ? {} : { warning: stripControls(failure.message), failure };
  if (cached !== undefined) return createCachedCatalog(cached, { source: 'cache', asOf: cached.asOf, stale, ...warning });
  return createCatalog(builtinModels(), { source: 'builtin', asOf: Date.parse(`${BUILTIN_AS_OF}-01`), stale: true, ...warning });
}

function builtinModels(): readonly CatalogModel[] {
  return BUILTIN_MODELS.map((model) => {
    const { input, output, ...row } = model;
    const plain = { toolChoice: row.tools, textIn: true, textOut: true, batch: false, free: input === 0 && output === 0 };
    return { ...row, inputPrice: input, outputPrice: output, ...plain, ...defined({ variant: row.id.split(':')[1] }) };
  });
}

/** A catalog over another one, with its own `find` and with every row passed through `change`. Reads rows only when needed. */
export function catalogOver(
  catalog: Catalog,
  find: (id: string) => CatalogModel | undefined,
  change: (row: CatalogModel) => CatalogModel = (row) => row,
): Catalog {
  let all: readonly CatalogModel[] | undefined;
  const { source, asOf, stale, etag, warning, failure } = catalog;
  return {
    ...{ source, asOf, stale, etag },
    ...defined({ warning, failure }),
    get models() {
      return (all ??= catalog.models.map(change));
    },
    find(id) {
      const row = find(id);
      return row && change(row);
    },
    nearest: (id, count) => catalog.nearest(id, count),
  };
}

/** The model behind each mapped id that is only a preset of the account: `@preset/cheap` -> `z-ai/glm-4.7-flash`. */
export type PresetBases = Readonly<Record<string, string>>;

/** A catalog in which `@preset/x` has the row of the model behind it, if that is known. */
export function withBases(catalog: Catalog, bases: PresetBases | undefined): Catalog {
  if (bases === undefined || Object.keys(bases).length === 0) return catalog;
  return catalogOver(catalog, (id) => {
    const base = Object.hasOwn(bases, id) ? bases[id] : undefined;
    const row = base === undefined ? undefined : catalog.find(base);
    return row === undefined ? catalog.find(id) : presetRow(id, row);
  });
}

/** The row of a preset: its model's row under the preset's id. */
export function presetRow(id: string, row: CatalogModel): CatalogModel {
  return { ...row, id, base: row.base ?? row.id };
}
