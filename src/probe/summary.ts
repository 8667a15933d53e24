import type { ProbeResult } from './probe.ts';

/** Median and range of one figure over the rounds that have it. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Summary {
  readonly rounds: number;
  readonly ok: number;
  readonly ttftMs: Spread | null;
  readonly totalMs: Spread | null;
  readonly tokensPerSecond: Spread | null;
  /** USD a round. */
  readonly cost: Spread | null;
}

/** Median and spread over the rounds of one model; times and speed count successful rounds alone. */
export function summarise(rounds: readonly ProbeResult[]): Summary {
  const good = rounds.filter(({ verdict }) => verdict === 'ok');
  return {
    rounds: rounds.length,
    ok: good.length,
    ttftMs: spread(good.map(({ ttftMs }) => ttftMs)),
    totalMs: spread(good.map(({ totalMs }) => totalMs)),
    tokensPerSecond: spread(good.map(({ tokensPerSecond }) => tokensPerSecond)),
    cost: spread(rounds.map(({ cost }) => cost)),
  };
}

/** Null without a value; the median of an even number is the mean of the two in the middle. */
export function spread(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return null;
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? min;
  const high = sorted[Math.floor(middle)] ?? max;
  return { median: (low + high) / 2, min, max };
}
