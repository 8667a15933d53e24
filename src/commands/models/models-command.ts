import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { flag, parseIntent, text, wholeNumber } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { readCatalogSource } from '../../change/catalog-source.ts';

const schema = z.object({
  words: z.array(z.string()),
  tools: flag,
  free: flag,
  minContext: wholeNumber(0, 100_000_000),
  maxPrice: z.optional(z.pipe(z.string().check(z.regex(/^\d{1,6}(\.\d{1,6})?$/, 'an amount in USD is wanted')), z.transform(Number))),
  author: text,
  sort: z.exactOptional(z.enum(['price', 'context', 'new', 'score'], 'price, context, new or score is wanted')),
  tokensIn: wholeNumber(0, 999_999_999),
  tokensOut: wholeNumber(0, 999_999_999),
  refresh: flag,
  offline: flag,
  csv: flag,
  json: flag,
});

/** `orcc models [words]`, `models show ID`, `models compare [ID...]`: flags to query. */
export async function runModelsCommand(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const { folder, baseUrl, config } = await readCatalogSource(ctx);
  const source = { folder, endpoint: { baseUrl }, refresh: intent.refresh, offline: intent.offline };
  const [verb, ...rest] = intent.words;
  if (verb === 'show') {
    const id = rest[0];
    if (id === undefined || rest.length > 1)
      throw new OrccError('usage', '`orcc models show` wants one model id', { hint: 'For example `orcc models show z-ai/glm-4.7`' });
    return (await import('./models-show.ts')).showModel(ctx, source, id);
  }
  const tokens = {
    ...(intent.tokensIn === undefined ? {} : { tokensIn: intent.tokensIn }),
    ...(intent.tokensOut === undefined ? {} : { tokensOut: intent.tokensOut }),
  };
  if (verb === 'compare') {
    const models = config?.mapping;
    return (await import('./models-compare.ts')).compareModels(ctx, source, {
      ids: rest,
      csv: intent.csv,
      ...tokens,
      ...(models === undefined ? {} : { models }),
    });
  }
  return (await import('./models.ts')).runModels(ctx, source, {
    query: intent.words.join(' '),
    tools: intent.tools,
    free: intent.free,
    csv: intent.csv,
    ...(intent.minContext === undefined ? {} : { minContext: intent.minContext }),
    ...(intent.maxPrice === undefined ? {} : { maxPrice: intent.maxPrice }),
    ...(intent.author === undefined ? {} : { author: intent.author }),
    ...(intent.sort === undefined ? {} : { sort: intent.sort }),
  });
}
