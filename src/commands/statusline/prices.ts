import type { Answer } from '../../claude/transcript-answer.ts';
import type { Context } from '../../core/context.ts';
import type { ModelPrice } from '../../openrouter/charge.ts';
import { readCachedCatalog } from '../../openrouter/catalog.ts';
import { createPricer } from '../../openrouter/price-answer.ts';
import { readPriceBook } from '../../openrouter/price-log.ts';

/** Prices of answers and windows of models; null if not known on this machine. */
interface CachedPrices {
  readonly priceOf: (answer: Answer) => ModelPrice | null;
  readonly windowOf: (model: string) => number | null;
}

/** Prices and windows from the cached catalog and the price log; sends no request. Loaded only if there is something to look up. */
export function cachedPrices(ctx: Pick<Context, 'fs' | 'platform' | 'clock'>, folder: string, baseUrl: string): CachedPrices {
  const catalog = readCachedCatalog(ctx, { folder, endpoint: { baseUrl } });
  const priceAnswer = createPricer(catalog, readPriceBook(ctx, folder, baseUrl));
  return {
    priceOf: (answer) => priceAnswer(answer).pricing.price ?? null,
    windowOf: (model) => catalog.find(model)?.context ?? null,
  };
}
