import { SESSION_REQUEST_TOKENS } from '../claude/compaction.ts';
import { formatPrice, formatTokens } from '../text/format.ts';
import type { CatalogModel, SessionPrice } from './catalog-model.ts';
import type { PriceStep } from './schemas.ts';

/** Converts USD per token (a string in the API) to USD per million; null if absent, negative or not a number. */
export function perMillion(price: string | number | undefined): number | null {
  if (price === undefined || isBlank(price)) return null;
  const value = Number(price);
  if (!Number.isFinite(value) || value < 0) return null;
  // Rounded to a millionth of a cent: 0.0000012 * 1e6 would be 1.2000000000000002.
  return Math.round(value * 1e14) / 1e8;
}

/** Whether a price is blank: `Number(' ')` is 0, but a blank price is missing, not free. */
export function isBlank(price: string | number): boolean {
  return typeof price === 'string' && price.trim() === '';
}

type Side = 'prompt' | 'completion';

function highest(base: number, steps: readonly PriceStep[], side: Side): number {
  return Math.max(base, ...steps.map((step) => perMillion(step[side]) ?? 0));
}

/** The highest price of any step; undefined if it is not above the base price. */
export function peakOf(base: number | null, steps: readonly PriceStep[], side: Side): number | undefined {
  const peak = base === null ? null : highest(base, steps, side);
  return peak === null || peak === base ? undefined : peak;
}

/**
 * The price of a typical request of a session: that of the step for prompts of its size, at the most expensive hour of the day, since
 * the time of future work is unknown.
 *
 * @returns undefined if that is the base price
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

/** What a session pays, in USD per million tokens; null if the price is not fixed or not stated. */
export interface Rate {
  readonly input: number | null;
  readonly output: number | null;
}

/** The prices that count for Claude Code: those of the step for its sessions. */
export function rateOf(model: Pick<CatalogModel, 'inputPrice' | 'outputPrice' | 'session'>): Rate {
  return model.session ?? { input: model.inputPrice, output: model.outputPrice };
}

/** A price of this model as text: `?` if it is not stated, `varies` if it is not fixed. */
export function showPrice(usd: number | null, { priceUntold }: Pick<CatalogModel, 'priceUntold'>): string {
  return usd === null && priceUntold === true ? '?' : formatPrice(usd);
}

/** The step that `rateOf` uses: `price from 32K prompt tokens; below that $0.03 / $0.13`. Undefined if it is the base price. */
export function describeStep(model: Pick<CatalogModel, 'inputPrice' | 'outputPrice' | 'session' | 'priceUntold'>): string | undefined {
  const { session } = model;
  if (session === undefined) return undefined;
  const base = `${showPrice(model.inputPrice, model)} / ${showPrice(model.outputPrice, model)}`;
  return session.from > 0
    ? `price from ${formatTokens(session.from)} prompt tokens; below that ${base}`
    : `price at the most expensive hours of the day; otherwise from ${base}`;
}
