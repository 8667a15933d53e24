import type { AnswerTokens } from '../claude/transcript-answer.ts';

/** What a model costs, in 10^-12 USD per token, per web search and per request. Absent prices are 0 unless the comments say otherwise. */
interface Rates {
  readonly input: number;
  readonly output: number;
  /** Tokens read from a cache; if absent, as `input`. */
  readonly cacheRead?: number;
  /** Tokens written to a cache; if absent, as `input`. */
  readonly cacheWrite?: number;
  /** Tokens written to a cache for an hour; if absent, as `cacheWrite`. */
  readonly cacheWrite1h?: number;
  readonly webSearch?: number;
  readonly request?: number;
}

/**
 * Prices that differ under conditions (PricingOverride in OpenRouter's API description): all of an entry's conditions must hold, later
 * entries override earlier ones, and prices that an entry leaves out stay unchanged.
 */
export interface PriceStep extends Partial<Rates> {
  /** Applies to prompts of more tokens than this, cached ones included. */
  readonly over?: number;
  /** Minutes of the UTC day, `from` inclusive, `to` exclusive; if `from` is greater than `to`, the range crosses midnight. */
  readonly from?: number;
  readonly to?: number;
  /** Days of the week, 0 for Sunday; every day if absent. */
  readonly days?: readonly number[];
}

/** The price of a model, from one provider or in the catalog. */
export interface ModelPrice extends Rates {
  readonly steps?: readonly PriceStep[];
}

/** The tokens of an answer, each counted in exactly one bucket. */
type Tokens = Partial<AnswerTokens> & Pick<AnswerTokens, 'input' | 'output'>;

/** When a request was made (milliseconds since 1970, or the most expensive hour), and its prompt's length if the tokens don't tell. */
export interface Moment {
  readonly at: number | 'dearest';
  readonly promptTokens?: number;
}

/** One USD in the unit of `charge`. */
export const USD = 1_000_000_000_000;

/** All tokens of a prompt, including cached ones. */
function promptTokensOf(tokens: Tokens): number {
  return tokens.input + (tokens.cacheRead ?? 0) + (tokens.cacheWrite ?? 0) + (tokens.cacheWrite1h ?? 0);
}

/**
 * The cost of tokens, in whole 10^-12 USD. The only place where costs are calculated: `usage`, `statusline`, `models compare`
 * and `test` all use it.
 */
export function charge(price: ModelPrice, tokens: Tokens, moment: Moment): number {
  const promptTokens = moment.promptTokens ?? promptTokensOf(tokens);
  const rates = price.steps === undefined ? price : ratesAt(price, price.steps, promptTokens, moment.at);
  const cacheWrite = rates.cacheWrite ?? rates.input;
  return Math.round(
    tokens.input * rates.input +
      tokens.output * rates.output +
      (tokens.cacheRead ?? 0) * (rates.cacheRead ?? rates.input) +
      (tokens.cacheWrite ?? 0) * cacheWrite +
      (tokens.cacheWrite1h ?? 0) * (rates.cacheWrite1h ?? cacheWrite) +
      (tokens.webSearches ?? 0) * (rates.webSearch ?? 0) +
      (rates.request ?? 0),
  );
}

function ratesAt(base: Rates, steps: readonly PriceStep[], promptTokens: number, at: Moment['at']): Rates {
  let rates = base;
  for (const step of steps) {
    if (step.over !== undefined && promptTokens <= step.over) continue;
    if (!isTimed(step)) rates = { ...rates, ...step };
    else if (at === 'dearest') rates = dearer(rates, step);
    else if (isAt(step, at)) rates = { ...rates, ...step };
  }
  return rates;
}

function isTimed(step: PriceStep): boolean {
  return step.from !== undefined || step.to !== undefined || step.days !== undefined;
}

function isAt({ from = 0, to = 1440, days }: PriceStep, at: number): boolean {
  const time = new Date(at);
  const minute = time.getUTCHours() * 60 + time.getUTCMinutes();
  const isInside = from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  return isInside && (days?.includes(time.getUTCDay()) ?? true);
}

function dearer(rates: Rates, step: PriceStep): Rates {
  return {
    ...rates,
    input: Math.max(rates.input, step.input ?? 0),
    output: Math.max(rates.output, step.output ?? 0),
    ...(step.cacheRead === undefined ? {} : { cacheRead: Math.max(rates.cacheRead ?? rates.input, step.cacheRead) }),
    ...(step.cacheWrite === undefined ? {} : { cacheWrite: Math.max(rates.cacheWrite ?? rates.input, step.cacheWrite) }),
  };
}
