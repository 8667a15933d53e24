import type { Usage } from './assemble.ts';
import { CUT_OFF_TOKENS } from './stream.ts';

/** USD per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Tokens of the two turns' requests together, rounded up: measured with orcc's own texts and tools, about 600 and 750. */
const INPUT_TOKENS = 1500;
/** Tokens of a terse model's two answers. */
const LIKELY_OUTPUT_TOKENS = 150;
/** Tokens that one request of Claude Code itself sends before the user's first word: system prompt and tools (measured on 2.1.330). */
const CLIENT_INPUT_TOKENS = 13_000;
/** Each turn is cut off after 2000 output tokens and may be asked again once; what a provider bills after the cut is not counted. */
const WORST_TURNS = 4;

export interface CostEstimate {
  /** USD. */
  readonly likely: number;
  /** USD; each turn written up to the cut-off, and one full retry. */
  readonly worst: number;
  /** Models whose price is not known: their cost is not in the sums. */
  readonly unpriced: readonly string[];
}

/**
 * What a test of these models will cost. The same model behind two aliases is called, and
 * counted, once.
 *
 * @param options `via`: Claude Code runs too, and writes at most `maxTokens` per answer
 * @param prices USD per million tokens; undefined where not known (a router, say)
 */
export function estimateCost(
  models: readonly string[],
  prices: (model: string) => Price | undefined,
  options: { readonly quick?: boolean; readonly repeat?: number; readonly via?: 'claude' | undefined; readonly maxTokens?: number } = {},
): CostEstimate {
  const share = (options.quick === true ? 0.5 : 1) * (options.repeat ?? 1);
  let likely = 0;
  let worst = 0;
  const unpriced: string[] = [];
  for (const model of new Set(models)) {
    const price = prices(model);
    if (price === undefined) {
      unpriced.push(model);
      continue;
    }
    likely += (share * (INPUT_TOKENS * price.input + LIKELY_OUTPUT_TOKENS * price.output)) / 1e6;
    worst += (share * (2 * INPUT_TOKENS * price.input + WORST_TURNS * CUT_OFF_TOKENS * price.output)) / 1e6;
  }
  // Claude Code asks twice for each alias, whoever shares its model.
  for (const price of options.via === undefined ? [] : models.map(prices)) {
    const input = (2 * CLIENT_INPUT_TOKENS * (price?.input ?? 0)) / 1e6;
    likely += input + (LIKELY_OUTPUT_TOKENS * (price?.output ?? 0)) / 1e6;
    worst += input + (2 * (options.maxTokens ?? 32_000) * (price?.output ?? 0)) / 1e6;
  }
  return { likely, worst, unpriced };
}

/** What a usage should have cost by the catalog's price, USD; cached tokens are taken at the full price, so this is an upper bound. */
export function priceUsage(usage: Usage, price: Price): number {
  return ((usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens) * price.input + usage.outputTokens * price.output) / 1e6;
}

/** USD as people read it: `$0.0021`, `<$0.0001`, `$0` for free. */
export function formatUsd(amount: number): string {
  if (amount === 0) return '$0';
  if (amount < 0.0001) return '<$0.0001';
  return `$${amount < 0.01 ? amount.toFixed(4) : amount < 1 ? amount.toFixed(3) : amount.toFixed(2)}`;
}

/** A duration as people read it: `46 ms`, `3.2 s`, `14 s`. */
export function seconds(ms: number): string {
  return ms < 995 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
}
