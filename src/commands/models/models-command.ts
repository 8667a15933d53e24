import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { flag, parseIntent, text, tokenCount } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { catalogEndpoint, readCatalogSource } from '../../change/catalog-source.ts';
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

/** `orcc models [words]`: turns flags into a query and runs it. */
export async function runModelsSearch(ctx: Context, input: unknown): Promise<Outcome> {
  const { words, csv, tools, free, minContext, maxPrice, author, sort, ...how } = parseIntent(searchSchema, input);
  const { source } = await sourceOf(ctx, how);
  const query = { query: words.join(' '), tools, free, minContext, maxPrice, author, sort, csv };
  return (await import('./models.ts')).runModels(ctx, source, query);
}

/** `orcc models show ID`. */
export async function runModelsShow(ctx: Context, input: unknown): Promise<Outcome> {
  const { id, ...how } = parseIntent(showSchema, input, ['id']);
  const { source, config } = await sourceOf(ctx, how);
  const account = {
    rules: extrasOf(config).routing,
    bases: config?.limits.bases,
    keyed: async () => (await import('../../change/api-source.ts')).keyedEndpoint(ctx),
  };
  return (await import('./models-show.ts')).showModel(ctx, { ...source, ...account }, id);
}

/** `orcc models compare [ID...]`. */
export async function runModelsCompare(ctx: Context, input: unknown): Promise<Outcome> {
  const { ids, csv, tokensIn, tokensOut, ...how } = parseIntent(compareSchema, input);
  const { source, config } = await sourceOf(ctx, how);
  return (await import('./models-compare.ts')).compareModels(ctx, source, { ids, csv, tokensIn, tokensOut, models: config?.mapping });
}

async function sourceOf(
  ctx: Context,
  { refresh, offline }: { readonly refresh: boolean; readonly offline: boolean },
): Promise<{ readonly source: ModelsSource; readonly config: Config | undefined }> {
  const { folder, baseUrl, config } = await readCatalogSource(ctx);
  const endpoint = offline ? { baseUrl } : await catalogEndpoint(ctx, baseUrl);
  return { source: { folder, endpoint, refresh, offline }, config };
}
