import { SESSION_REQUEST_TOKENS } from '../claude/compaction.ts';
import { formatPrice, formatTokens } from '../text/format.ts';
import type { CatalogModel, SessionPrice } from './catalog-model.ts';
import type { PriceStep } from './schemas.ts';

/** USD per token (a string on the wire) to USD per million; null where absent, negative or no number. */
export function perMillion(price: string | number | undefined): number | null {
  if (price === undefined || isBlank(price)) return null;
  const value = Number(price);
  if (!Number.isFinite(value) || value < 0) return null;
  // Rounded to a millionth of a cent: 0.0000012 * 1e6 would be 1.2000000000000002.
  return Math.round(value * 1e14) / 1e8;
}

/** `Number(' ')` is 0: a blank price is none, not a free one. */
export function isBlank(price: string | number): boolean {
  return typeof price === 'string' && price.trim() === '';
}

type Side = 'prompt' | 'completion';

function highest(base: number, steps: readonly PriceStep[], side: Side): number {
  return Math.max(base, ...steps.map((step) => perMillion(step[side]) ?? 0));
}

/** The highest price of any step, where it is above the base price. */
export function peakOf(base: number | null, steps: readonly PriceStep[], side: Side): number | undefined {
  const peak = base === null ? null : highest(base, steps, side);
  return peak === null || peak === base ? undefined : peak;
}

/**
 * What a usual request of a session costs: the step for prompts of that size, and of hours of the day the dearest one, since
 * nobody knows when there will be work.
 *
 * @returns undefined where that is the base price
 */
export function sessionPrice(input: number | null, output: number | null, steps: readonly PriceStep[]): SessionPrice | undefined {
  if (input === null || output === null) return undefined;
  const reached = steps.filter((step) => (step.min_prompt_tokens ?? 0) <= SESSION_REQUEST_TOKENS);
  const bySize = reached.filter((step) => step.utc_start === null && step.min_prompt_tokens !== null);
  const bySteps = bySize.sort((a, b) => (b.min_prompt_tokens ?? 0) - (a.min_prompt_tokens ?? 0))[0];
  const found = { input: perMillion(bySteps?.prompt) ?? input, output: perMillion(bySteps?.completion) ?? output };
  const byHour = reached.filter((step) => step.utc_start !== null);
  const dearest = { input: highest(found.input, byHour, 'prompt'), output: highest(found.output, byHour, 'completion') };
  if (dearest.input === input && dearest.output === output) return undefined;
  const isBySize = dearest.input === found.input && dearest.output === found.output;
  return { ...dearest, from: isBySize ? (bySteps?.min_prompt_tokens ?? 0) : 0 };
}

/** USD per million tokens that a session pays; null where the price is not fixed. */
export interface Rate {
  readonly input: number | null;
  readonly output: number | null;
}

/** The prices that count for Claude Code: those of the step that its sessions reach. */
export function rateOf(model: Pick<CatalogModel, 'inputPrice' | 'outputPrice' | 'session'>): Rate {
  return model.session ?? { input: model.inputPrice, output: model.outputPrice };
}

/** A price of this model: `?` where nobody tells it, `varies` where it is not fixed. */
export function showPrice(usd: number | null, { priceUntold }: Pick<CatalogModel, 'priceUntold'>): string {
  return usd === null && priceUntold === true ? '?' : formatPrice(usd);
}

/** Which step `rateOf` takes: `price from 32K prompt tokens on; below $0.03 / $0.13`. Undefined where it is the base price. */
export function describeStep(model: Pick<CatalogModel, 'inputPrice' | 'outputPrice' | 'session' | 'priceUntold'>): string | undefined {
  const { session } = model;
  if (session === undefined) return undefined;
  const base = `${showPrice(model.inputPrice, model)} / ${showPrice(model.outputPrice, model)}`;
  return session.from > 0
    ? `price from ${formatTokens(session.from)} prompt tokens; below that ${base}`
    : `price at the most expensive hours of the day; otherwise from ${base}`;
}
