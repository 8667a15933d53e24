import type { ExtraBody } from './request.ts';
import type { Context } from '../core/context.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';
import type { ModelPrice } from '../openrouter/charge.ts';
import { type ProbeProgress, type ProbeResult, probeModel } from './probe.ts';
import { summarise, type Summary } from './summary.ts';

/** One alias as Claude Code would ask for it. */
export interface AliasModel {
  /** An alias, or `fallback`, `fallback 2` …: a model that stands in. */
  readonly alias: string;
  readonly model: string;
}

export interface RunInput {
  readonly endpoint: Endpoint;
  readonly aliases: readonly AliasModel[];
  /** `CLAUDE_CODE_MAX_OUTPUT_TOKENS` in effect. */
  readonly maxTokens: number;
  /** false where `ENABLE_TOOL_SEARCH` is off. */
  readonly toolSearch?: boolean | undefined;
  readonly extraBody?: ExtraBody | undefined;
  /** The effort in effect for a model. */
  readonly effortOf?: ((model: string) => string | undefined) | undefined;
  /** Knows the full names under which OpenRouter answers. */
  readonly catalog?: Pick<Catalog, 'find'> | undefined;
  readonly quick?: boolean;
  /** Rounds for each model, one after another (default 1). */
  readonly repeat?: number;
  /** Milliseconds for each turn. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly price?: (model: string) => ModelPrice | undefined;
  readonly nearest?: (id: string) => readonly string[];
  readonly onProgress?: (progress: ProbeProgress) => void;
  /** Called as each model is done. */
  readonly onDone?: (result: ModelResult) => void;
}

/** All rounds of one model, and the aliases that share it. */
export interface ModelResult {
  readonly model: string;
  readonly aliases: readonly string[];
  /** Not empty; the first failed round, else an inconclusive one, else the last. */
  readonly result: ProbeResult;
  readonly rounds: readonly ProbeResult[];
  readonly summary: Summary;
}

export interface RunResult {
  /** In the order of the aliases. */
  readonly models: readonly ModelResult[];
  readonly cancelled: boolean;
  /** USD over all rounds; null where no answer stated a cost. */
  readonly cost: number | null;
  /** USD that providers charge to the account's own keys (BYOK), beside `cost`. */
  readonly ownKeyCost: number | null;
  /** Milliseconds. */
  readonly totalMs: number;
}

/**
 * Tests all aliases at the same time; a model behind two aliases is called once. Cancelling gives
 * what is known at that moment, the unfinished ones as `inconclusive`.
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
    const result = await probeModel(deps, {
      endpoint: input.endpoint,
      model,
      maxTokens: input.maxTokens,
      toolSearch: input.toolSearch,
      extraBody: input.extraBody,
      effort: input.effortOf?.(model),
      catalog: input.catalog,
      quick: input.quick ?? false,
      signal: input.signal,
      price: input.price?.(model),
      alias: aliases[0],
      nearest: input.nearest,
      ...(input.timeoutMs === undefined ? {} : { timeoutMs: input.timeoutMs }),
      ...(input.onProgress === undefined ? {} : { onProgress: input.onProgress }),
    });
    rounds.push(result);
    if (result.cancelled) break;
  }
  const result = pick(rounds);
  if (result === undefined) throw new TypeError('a probe has at least one round');
  return { model, aliases, result, rounds, summary: summarise(rounds) };
}

/** The round that speaks for all: a failure outweighs success, a cancelled one only what came before it. */
function pick(rounds: readonly ProbeResult[]): ProbeResult | undefined {
  return rounds.find(({ verdict }) => verdict === 'failed') ?? rounds.find(({ verdict }) => verdict === 'inconclusive') ?? rounds.at(-1);
}

function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
