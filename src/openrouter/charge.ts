import type { AnswerTokens } from '../claude/transcript-answer.ts';

/** What a model costs: 10^-12 USD for each token, for each web search, for each request. What is absent costs what the comments say. */
interface Rates {
  readonly input: number;
  readonly output: number;
  /** Tokens that a cache served; absent: as input. */
  readonly cacheRead?: number;
  /** Tokens written to a cache; absent: as input. */
  readonly cacheWrite?: number;
  /** The same for an hour; absent: as `cacheWrite`. */
  readonly cacheWrite1h?: number;
  readonly webSearch?: number;
  readonly request?: number;
}

/**
 * Other prices under a condition (OpenRouter's description, PricingOverride): all of an entry's conditions must hold, later
 * entries win over earlier ones, and what an entry leaves out stays as it was.
 */
export interface PriceStep extends Partial<Rates> {
  /** Prompts of more tokens than this, cached ones included. */
  readonly over?: number;
  /** Minutes of the UTC day, the first inclusive; `from` above `to` passes midnight. */
  readonly from?: number;
  readonly to?: number;
  /** 0 for Sunday; absent: every day. */
  readonly days?: readonly number[];
}

/** The price of one model, from one provider or as the catalog has it. */
export interface ModelPrice extends Rates {
  readonly steps?: readonly PriceStep[];
}

/** The tokens of one answer, each in one bucket only. */
export type Tokens = Partial<AnswerTokens> & Pick<AnswerTokens, 'input' | 'output'>;

/** When a request was made, in milliseconds since 1970, or the most expensive hour; and how long its prompt was, if the tokens don't say. */
export interface Moment {
  readonly at: number | 'dearest';
  readonly promptTokens?: number;
}

/** How many parts of `charge` make a USD. */
export const USD = 1_000_000_000_000;

/** All tokens of a prompt, cached or not. */
function promptTokensOf(tokens: Tokens): number {
  return tokens.input + (tokens.cacheRead ?? 0) + (tokens.cacheWrite ?? 0) + (tokens.cacheWrite1h ?? 0);
}

/**
 * What these tokens cost, in whole 10^-12 USD. The one place where prices become money: `usage`, `statusline`, `models compare`
 * and `test` all ask here.
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
