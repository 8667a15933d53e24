import { defined } from '../text/defined.ts';
import { isObject } from '../text/json.ts';
import type { CatalogModel } from './catalog-model.ts';
import { isBlank } from './price.ts';
import { USD, type ModelPrice, type PriceStep } from './charge.ts';
import type { Pricing, PriceStep as WireStep } from './schemas.ts';

type Wire = string | number | undefined;

/**
 * Converts USD for one token, search or request, as in the API, to 10^-12 USD. A few prices are repeating decimals
 * (`0.0000000208333333333333`): six digits after the point are kept. Undefined if blank, negative or not a number.
 */
function amountOf(price: Wire): number | undefined {
  if (price === undefined || isBlank(price)) return undefined;
  const value = Number(price);
  return Number.isFinite(value) && value >= 0 ? Math.round(value * USD * 1e6) / 1e6 : undefined;
}

/** The price in a row of the catalog or of a model's endpoints; undefined if it is not fixed (routers) or not stated. */
export function readPrice(pricing: Pricing): ModelPrice | undefined {
  const input = amountOf(pricing.prompt);
  const output = amountOf(pricing.completion);
  if (input === undefined || output === undefined) return undefined;
  const steps = (pricing.overrides ?? []).flatMap((step) => readStep(step) ?? []);
  return {
    input,
    output,
    ...defined({
      cacheRead: amountOf(pricing.input_cache_read),
      cacheWrite: amountOf(pricing.input_cache_write),
      cacheWrite1h: amountOf(pricing.input_cache_write_1h),
      webSearch: amountOf(pricing.web_search),
      request: amountOf(pricing.request),
    }),
    ...(steps.length === 0 ? {} : { steps }),
  };
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** A price step; undefined if it changes no price. */
function readStep(step: WireStep): PriceStep | undefined {
  const prices = defined({
    input: amountOf(step.prompt),
    output: amountOf(step.completion),
    cacheRead: amountOf(step.input_cache_read),
    cacheWrite: amountOf(step.input_cache_write),
    cacheWrite1h: amountOf(step.input_cache_write_1h),
  });
  if (Object.keys(prices).length === 0) return undefined;
  const days = step.utc_days?.flatMap((name) => {
    const day = DAYS.indexOf(String(name).slice(0, 3).toLowerCase());
    return day < 0 ? [] : [day];
  });
  return {
    ...defined({ over: step.min_prompt_tokens ?? undefined, from: minuteOf(step.utc_start), to: minuteOf(step.utc_end), days }),
    ...prices,
  };
}

/** The minute of the day for a time of OpenRouter's, in which 1030 means 10:30. */
function minuteOf(clock: number | null): number | undefined {
  return clock === null ? undefined : Math.floor(clock / 100) * 60 + (clock % 100);
}

type Row = Pick<CatalogModel, 'inputPrice' | 'outputPrice' | 'cacheRead' | 'cacheWrite' | 'price'>;

/** The price of a catalog row; undefined if there is no row, or its price is not fixed or not stated. */
export function priceOfModel(model: Row | undefined): ModelPrice | undefined {
  if (model === undefined) return undefined;
  if (model.price !== undefined) return model.price;
  const [input, output] = [perToken(model.inputPrice), perToken(model.outputPrice)];
  if (input === undefined || output === undefined) return undefined;
  return { input, output, ...defined({ cacheRead: perToken(model.cacheRead), cacheWrite: perToken(model.cacheWrite) }) };
}

/** Converts USD per million tokens to 10^-12 USD per token. */
function perToken(usdPerMillion: number | null | undefined): number | undefined {
  return usdPerMillion === null || usdPerMillion === undefined ? undefined : Math.round(usdPerMillion * 1e12) / 1e6;
}

/** Whether a value from one of orcc's own files is a price. */
export function isModelPrice(value: unknown): value is ModelPrice {
  if (!isRates(value) || typeof value['input'] !== 'number' || typeof value['output'] !== 'number') return false;
  const steps = value['steps'];
  return steps === undefined || (Array.isArray(steps) && steps.every(isRates));
}

const LISTS = new Set(['steps', 'days']);

function isRates(value: unknown): value is Record<string, unknown> {
  return (
    isObject(value) &&
    Object.entries(value).every(([name, each]) => (LISTS.has(name) ? Array.isArray(each) : typeof each === 'number' && each >= 0))
  );
}
