import type { Answer } from '../../claude/transcript-answer.ts';
import type { Context } from '../../core/context.ts';
import type { ModelPrice } from '../../openrouter/charge.ts';
import { readCachedCatalog } from '../../openrouter/catalog.ts';
import { createPricer } from '../../openrouter/price-answer.ts';
import { readPriceBook } from '../../openrouter/price-log.ts';

/** What answers are priced by and how large a window is, as far as that is known here. */
interface CachedPrices {
  readonly priceOf: (answer: Answer) => ModelPrice | null;
  readonly windowOf: (model: string) => number | null;
}

/** Prices of the cached catalog and the log, and windows; asks nobody. Loaded only where there is something to price. */
export function cachedPrices(ctx: Pick<Context, 'fs' | 'platform' | 'clock'>, folder: string, baseUrl: string): CachedPrices {
  const catalog = readCachedCatalog(ctx, { folder, endpoint: { baseUrl } });
  const priceAnswer = createPricer(catalog, readPriceBook(ctx, folder, baseUrl));
  return {
    priceOf: (answer) => priceAnswer(answer).pricing.price ?? null,
    windowOf: (model) => catalog.find(model)?.context ?? null,
  };
}
