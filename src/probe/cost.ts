import { FIRST_REQUEST_TOKENS, USUAL_OUTPUT } from '../claude/compaction.ts';
import { requestShapeFor } from '../claude/request-shape.ts';
import { charge, USD, type ModelPrice, type Moment } from '../openrouter/charge.ts';
import { formatUsd } from '../text/format.ts';
import { stripControls } from '../text/text.ts';
import type { Usage } from './assemble.ts';

/** The price steps: for `worst` the most expensive one, whatever the size; for `likely` that of short prompts, as a probe's are. */
const DEAREST = { at: 'dearest', promptTokens: Infinity } as const;
const SHORT = { at: 'dearest', promptTokens: 0 } as const;

/** Tokens of the two turns' requests together, rounded up: measured with orcc's own texts and tools, about 600 and 750. */
const INPUT_TOKENS = 1500;
/** Tokens of a terse model's two answers. */
const LIKELY_OUTPUT_TOKENS = 150;
/** The first try and the one retry. */
const TRIES = 2;

export interface CostEstimate {
  /** USD. */
  readonly likely: number;
  /**
   * USD that orcc's own calls can cost at most: each answer as long as `max_tokens` allows, hidden thinking included
   * (a provider may go on, and bill, after orcc has stopped at 2000 tokens), and everything once more for the one retry.
   * Refused requests cost nothing.
   */
  readonly worst: number;
  /** Whether Claude Code's own sessions come on top, whose cost has no upper bound. */
  readonly unbounded: boolean;
  /** Models whose price is not known: their cost is not in the sums. */
  readonly unpriced: readonly string[];
}

/**
 * Estimates what a test of these models will cost. The same model behind two aliases is called, and
 * counted, once.
 *
 * @param options `via`: Claude Code runs too; `maxTokens`: `CLAUDE_CODE_MAX_OUTPUT_TOKENS`
 * @param prices USD per million tokens; undefined if not known (a router, say)
 */
export function estimateCost(
  models: readonly string[],
  prices: (model: string) => ModelPrice | undefined,
  options: {
    readonly quick?: boolean;
    readonly repeat?: number;
    readonly via?: 'claude' | undefined;
    readonly maxTokens?: number | undefined;
  } = {},
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
    likely += share * cost(price, INPUT_TOKENS, LIKELY_OUTPUT_TOKENS, SHORT);
    const { maxTokens } = requestShapeFor(model, { maxOutput: options.maxTokens ?? USUAL_OUTPUT });
    // The second turn sends the first answer back.
    const turns = options.quick === true ? 1 : 2;
    const input = INPUT_TOKENS + (turns - 1) * maxTokens;
    worst += (options.repeat ?? 1) * TRIES * cost(price, input, turns * maxTokens, DEAREST);
  }
  // Claude Code asks twice for each alias, even when aliases share a model.
  for (const price of options.via === undefined ? [] : models.map(prices)) {
    if (price !== undefined)
      likely += cost(price, 2 * FIRST_REQUEST_TOKENS, LIKELY_OUTPUT_TOKENS, { at: 'dearest', promptTokens: FIRST_REQUEST_TOKENS });
  }
  return { likely, worst, unbounded: options.via !== undefined, unpriced };
}

/** "about $0.01, at most $0.30", with what that leaves out. */
export function describeEstimate(estimate: CostEstimate): string {
  const { likely, worst, unbounded, unpriced } = estimate;
  const most = `at most ${formatUsd(worst)}${unbounded ? " for orcc's own calls (what Claude Code's sessions request has no upper bound)" : ''}`;
  const unknown = unpriced.length === 0 ? '' : `, and what ${unpriced.map(stripControls).join(', ')} costs, whose price is not known`;
  if (worst === 0 && !unbounded && unpriced.length === 0) return 'free';
  return `likely ${formatUsd(likely)}, ${most}${unknown}`;
}

/** USD. */
function cost(price: ModelPrice, input: number, output: number, moment: Moment): number {
  return charge(price, { input, output }, moment) / USD;
}

/** What a usage should cost by the catalog's price, USD: an upper bound, with cached tokens in full and at the most expensive step. */
export function priceUsage(usage: Usage, price: ModelPrice): number {
  return cost(price, usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens, usage.outputTokens, DEAREST);
}

/** A duration as people read it: `46 ms`, `3.2 s`, `14 s`. */
export function seconds(ms: number): string {
  return ms < 995 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
}
