import type { Context } from '../core/context.ts';
import type { ModelPrice } from '../openrouter/charge.ts';
import { probeModel, type ProbeResult } from './probe.ts';
import type { ProbeSettings } from './input.ts';

/** One alias as Claude Code would ask for it. */
export interface AliasModel {
  /** An alias, or `fallback`, `fallback 2` … for a fallback model. */
  readonly alias: string;
  readonly model: string;
}

export interface RunInput extends ProbeSettings {
  readonly aliases: readonly AliasModel[];
  /** The effort in effect for a model, `unset` for none; undefined: Claude Code's own. */
  readonly effortOf?: ((model: string) => string | undefined) | undefined;
  /** Rounds for each model, one after another (default 1). */
  readonly repeat?: number | undefined;
  readonly price?: (model: string) => ModelPrice | undefined;
  /** Called as each model is done. */
  readonly onDone?: (result: ModelResult) => void;
}

/** All rounds of one model, and the aliases that share it. */
export interface ModelResult {
  readonly model: string;
  readonly aliases: readonly string[];
  /** The first failed round, else the first inconclusive one, else the last. */
  readonly result: ProbeResult;
  readonly rounds: readonly ProbeResult[];
  readonly summary: Summary;
}

export interface RunResult {
  /** In the order of the aliases. */
  readonly models: readonly ModelResult[];
  readonly cancelled: boolean;
  /** USD over all rounds; null if no answer stated a cost. */
  readonly cost: number | null;
  /** USD that providers charge to the account's own keys (BYOK), besides `cost`. */
  readonly ownKeyCost: number | null;
  /** Milliseconds. */
  readonly totalMs: number;
}

/**
 * Tests all aliases at the same time; a model behind two aliases is called once. When cancelled it returns
 * what is known at that moment, unfinished models as `inconclusive`.
 */
export async function probeAliases(deps: Pick<Context, 'http' | 'clock' | 'random' | 'version'>, input: RunInput): Promise<RunResult> {
  const started = deps.clock.monotonic();
  const byModel = new Map<string, string[]>();
  for (const { alias, model } of input.aliases) byModel.set(model, [...(byModel.get(model) ?? []), alias]);
  const models = await Promise.all(
    [...byModel].map(async ([model, aliases]) => {
      const result = await probeRounds(deps, input, model, aliases);
      input.onDone?.(result);
      return result;
    }),
  );
  const costs = models.map(({ rounds }) => sumOf(rounds.map(({ cost }) => cost)));
  return {
    models,
    cancelled: models.some(({ rounds }) => rounds.some(({ cancelled }) => cancelled)),
    cost: sumOf(costs),
    ownKeyCost: sumOf(models.flatMap(({ rounds }) => rounds.map(({ ownKeyCost }) => ownKeyCost))),
    totalMs: Math.round(deps.clock.monotonic() - started),
  };
}

async function probeRounds(
  deps: Pick<Context, 'http' | 'clock' | 'random' | 'version'>,
  input: RunInput,
  model: string,
  aliases: readonly string[],
): Promise<ModelResult> {
  const rounds: ProbeResult[] = [];
  for (let round = 0; round < Math.max(1, input.repeat ?? 1); round += 1) {
    const { effortOf, price, ...settings } = input;
    const result = await probeModel(deps, { ...settings, model, effort: effortOf?.(model), price: price?.(model), alias: aliases[0] });
    rounds.push(result);
    if (result.cancelled) break;
  }
  const result = pick(rounds);
  if (result === undefined) throw new TypeError('a probe has at least one round');
  return { model, aliases, result, rounds, summary: summarise(rounds) };
}

/** The round that represents all: a failure outweighs an inconclusive round, and that a success. Undefined without rounds. */
function pick(rounds: readonly ProbeResult[]): ProbeResult | undefined {
  return rounds.find(({ verdict }) => verdict === 'failed') ?? rounds.find(({ verdict }) => verdict === 'inconclusive') ?? rounds.at(-1);
}

function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

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
  /** USD per round. */
  readonly cost: Spread | null;
}

/** Median and spread over the rounds of one model; times and speed count successful rounds alone. */
function summarise(rounds: readonly ProbeResult[]): Summary {
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
function spread(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return null;
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? min;
  const high = sorted[Math.floor(middle)] ?? max;
  return { median: (low + high) / 2, min, max };
}
