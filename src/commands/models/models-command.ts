import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { isOpenRouterHost } from '../../core/hosts.ts';
import { flag, parseIntent, text, tokenCount } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { admitKnownUrl, type KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { readCatalogSource } from '../../change/catalog-source.ts';
import { extrasOf, type Config } from '../../config/config.ts';
import type { ModelsSource } from './models.ts';

const catalogFlags = { refresh: flag, offline: flag, json: flag };
const searchSchema = z.object({
  words: z.array(z.string()),
  tools: flag,
  free: flag,
  minContext: tokenCount(100_000_000),
  maxPrice: z.optional(z.pipe(z.string().check(z.regex(/^\d{1,6}(\.\d{1,6})?$/, 'expected an amount in USD')), z.transform(Number))),
  author: text,
  sort: z.exactOptional(z.enum(['price', 'context', 'new', 'score'], 'expected price, context, new or score')),
  csv: flag,
  ...catalogFlags,
});
const showSchema = z.object({ id: z.string(), ...catalogFlags });
const compareSchema = z.object({
  ids: z.array(z.string()),
  tokensIn: tokenCount(999_999_999),
  tokensOut: tokenCount(999_999_999),
  csv: flag,
  ...catalogFlags,
});

/** `orcc models [words]`: flags to query. */
export async function runModelsSearch(ctx: Context, input: unknown): Promise<Outcome> {
  const { words, csv, tools, free, minContext, maxPrice, author, sort, ...how } = parseIntent(searchSchema, input);
  const { source } = await sourceOf(ctx, how);
  return (await import('./models.ts')).runModels(ctx, source, {
    query: words.join(' '),
    ...{ tools, free, csv },
    ...(minContext === undefined ? {} : { minContext }),
    ...(maxPrice === undefined ? {} : { maxPrice }),
    ...(author === undefined ? {} : { author }),
    ...(sort === undefined ? {} : { sort }),
  });
}

/** `orcc models show ID`. */
export async function runModelsShow(ctx: Context, input: unknown): Promise<Outcome> {
  const { id, ...how } = parseIntent(showSchema, input, ['id']);
  const { source, config } = await sourceOf(ctx, how);
  const account = { rules: extrasOf(config).routing, bases: config?.limits.bases, keyed: () => keyedEndpoint(ctx) };
  return (await import('./models-show.ts')).showModel(ctx, { ...source, ...account }, id);
}

/** `orcc models compare [ID...]`. */
export async function runModelsCompare(ctx: Context, input: unknown): Promise<Outcome> {
  const { ids, csv, tokensIn, tokensOut, ...how } = parseIntent(compareSchema, input);
  const { source, config } = await sourceOf(ctx, how);
  const models = config?.mapping;
  return (await import('./models-compare.ts')).compareModels(ctx, source, {
    ...{ ids, csv },
    ...(tokensIn === undefined ? {} : { tokensIn }),
    ...(tokensOut === undefined ? {} : { tokensOut }),
    ...(models === undefined ? {} : { models }),
  });
}

async function sourceOf(
  ctx: Context,
  { refresh, offline }: { readonly refresh: boolean; readonly offline: boolean },
): Promise<{ readonly source: ModelsSource; readonly config: Config | undefined }> {
  const { folder, baseUrl, config } = await readCatalogSource(ctx);
  // Gateways tell their models to those alone who have a key there.
  const isAsked = !offline && !isOpenRouterHost(new URL(baseUrl).hostname);
  const keyed = isAsked ? await keyedEndpoint(ctx) : undefined;
  const endpoint = keyed?.baseUrl === baseUrl ? keyed : { baseUrl };
  return { source: { folder, endpoint, refresh, offline }, config };
}

/** Where the key in effect goes of itself; undefined where there is none, or somebody would have to agree. */
async function keyedEndpoint(ctx: Context): Promise<KeyedEndpoint | undefined> {
  const { readApiSource } = await import('../../change/api-source.ts');
  const { key, destination, storedFor } = await readApiSource(ctx);
  return key === undefined || key === '' ? undefined : admitKnownUrl(destination, { storedFor })?.with(key);
}
