import type { Context } from '../../core/context.ts';
import { readCachedCatalog } from '../../openrouter/catalog.ts';
import { createPricer } from '../../openrouter/price-answer.ts';
import { readPriceBook } from '../../openrouter/price-log.ts';
import type { Price } from './spending.ts';

/** What an answer costs and how large a window is, as far as that is known here. */
export interface CachedPrices {
  readonly price: Price;
  readonly windowOf: (model: string) => number | null;
}

/** Prices of the cached catalog and the log, and windows; asks nobody. Loaded only where there is something to price. */
export function cachedPrices(ctx: Pick<Context, 'fs' | 'random' | 'platform' | 'clock'>, folder: string, baseUrl: string): CachedPrices {
  const catalog = readCachedCatalog(ctx, { folder, endpoint: { baseUrl } });
  const priceAnswer = createPricer(catalog, readPriceBook(ctx, folder, baseUrl));
  return {
    price: (answer) => priceAnswer(answer).cost ?? null,
    windowOf: (model) => catalog.find(model)?.context ?? null,
  };
}
