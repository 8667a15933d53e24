import { describeRouting, routingSchema } from '../openrouter/routing.ts';
import type { ExtraBody } from './request.ts';
import type { Context } from '../core/context.ts';
import { readReset, readRetryAfter } from '../diagnose/arguments.ts';
import type { Evidence } from '../diagnose/evidence.ts';
import type { Finding } from '../core/finding.ts';
import { EFFORT_LEVELS } from '../claude/effort.ts';
import { requestShapeFor, type RequestShape } from '../claude/request-shape.ts';
import { isSameModel } from '../openrouter/same-model.ts';
import { findingOf } from '../diagnose/build.ts';
import { addUsage, NO_USAGE, type Usage } from './assemble.ts';
import { priceUsage } from './cost.ts';
import { describeRepair, fixOf } from './repair.ts';
import { runTurns, type TurnsOutcome } from './turns.ts';
import type { ProbeInput } from './input.ts';

/** Milliseconds for each turn of a probe. */
const DEFAULT_TIMEOUT_MS = 120_000;
/** Longest wait that a server may ask for before the one retry, milliseconds. */
const LONGEST_WAIT_MS = 20_000;
/** The longest wait for a quota of calls per minute, milliseconds: it is full again by then. */
const MINUTE_MS = 61_000;
/** The wait if the server names no time, milliseconds. */
const BACKOFF_MS = 1000;

/** One model's test, plain data. */
export interface ProbeResult extends Pick<TurnsOutcome, 'finding' | 'turns' | 'toolCall' | 'thinking' | 'totalMs' | 'usage' | 'cancelled'> {
  readonly model: string;
  /** The concrete model that served, if the answer says so. */
  readonly answeredModel: string | null;
  /** Whether that is another model than the one that was asked for. */
  readonly isOther: boolean;
  readonly provider: string | null;
  /** `inconclusive`: neither proven nor refuted (cancelled, a gate for known harnesses, cut off). */
  readonly verdict: 'ok' | 'failed' | 'inconclusive';
  /** Milliseconds to the first token of the first turn. */
  readonly ttftMs: number | null;
  readonly tokensPerSecond: number | null;
  /** Tokens. */
  readonly cache: { readonly read: number; readonly written: number };
  /** USD over all calls; null if no answer stated it. */
  readonly cost: number | null;
  /** USD that providers charge to the account's own keys (BYOK), besides `cost`; null if none was used. */
  readonly ownKeyCost: number | null;
  /** USD by the catalog's price for the same usage; null without a price. */
  readonly expectedCost: number | null;
  /** `gen-…` of the last answer. */
  readonly requestId: string | null;
  readonly retries: number;
  /** What Claude Code repairs by itself with this model, in words. */
  readonly repairs: readonly string[];
  /** What is wrong with a model that works: refused requests in every session, another model than the one that was asked for. */
  readonly warnings: readonly Finding[];
  /** When it was asked, ISO 8601. */
  readonly askedAt: string;
}

const INCONCLUSIVE = new Set(['HARNESS_GATE', 'ANSWER_TOO_LONG', 'ANSWER_CAPPED']);

/**
 * Tests one model with a call in the shape of Claude Code's own (design D8): a tool call, its result,
 * the final answer. Tries once more if the evidence says that the failure is transient. Failures are returned
 * as data; a cancelled probe returns what is known. Never throws for what the other side does.
 */
export async function probeModel(deps: Pick<Context, 'http' | 'clock' | 'random' | 'version'>, input: ProbeInput): Promise<ProbeResult> {
  const askedAt = new Date(deps.clock.now()).toISOString();
  const { model, signal, endpoint } = input;
  const usual = requestShapeFor(model, { maxOutput: input.maxTokens, toolSearch: input.toolSearch ?? true });
  const shape = withEffort(usual, input.effort);
  const about: Evidence = {
    model,
    alias: input.alias,
    maxTokens: shape.maxTokens,
    baseUrl: endpoint.baseUrl,
    keyFrom: endpoint.keyFrom,
    nearest: input.nearest,
    rules: rulesOf(input.extraBody),
    now: deps.clock.now(),
    secrets: endpoint.key === undefined ? [] : [endpoint.key],
  };
  let outcome: TurnsOutcome;
  let spent = NO_USAGE;
  let retries = 0;
  for (;;) {
    outcome = await runTurns(deps, {
      ...input,
      shape,
      timeoutMs: input.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      about,
      onTurn: (turn, kind) => input.onProgress?.({ kind, model, turn }),
    });
    spent = addUsage(spent, outcome.usage);
    const wait = retries === 0 && !outcome.cancelled ? waitBeforeRetry(outcome, deps) : undefined;
    if (wait === undefined) break;
    const code = outcome.finding?.code ?? '';
    if (!(await countDown(deps, wait, signal, (remainingMs) => input.onProgress?.({ kind: 'waiting', model, remainingMs, code })))) {
      outcome = { ...outcome, cancelled: true };
      break;
    }
    retries += 1;
  }
  return describe(input, askedAt, outcome, spent, retries);
}

/** The shape with another effort, if the client sends one for this model at all. */
function withEffort(shape: RequestShape, effort: string | undefined): RequestShape {
  if (effort === undefined || shape.effort === undefined) return shape;
  const { effort: _usual, ...rest } = shape;
  const level = EFFORT_LEVELS.find((each) => each === effort);
  return effort === 'unset' ? rest : level === undefined ? shape : { ...rest, effort: level };
}

/** The user's own routing rules, for findings that they cause. */
function rulesOf(extraBody: ExtraBody | undefined): Evidence['rules'] {
  const parsed = routingSchema.safeParse(extraBody?.['provider']);
  return parsed.success ? describeRouting(parsed.data) : undefined;
}

/** Milliseconds to wait before the only retry; undefined for no retry. */
function waitBeforeRetry(outcome: TurnsOutcome, deps: Pick<Context, 'clock' | 'random'>): number | undefined {
  const { finding, fault } = outcome;
  if (finding?.transient !== true || fault === undefined) return undefined;
  // A call that ran into its time limit has waited already: waiting as long again tells nothing new.
  if (fault.network?.kind.startsWith('timeout') === true || fault.stream === 'stall') return undefined;
  const reset = finding.code === 'FREE_QUOTA_MINUTE' ? readReset(fault) : undefined;
  const asked =
    readRetryAfter({ ...fault, now: deps.clock.now() }) ?? (reset === undefined ? undefined : Math.max(0, reset - deps.clock.now()));
  const longest = finding.code === 'FREE_QUOTA_MINUTE' ? MINUTE_MS : LONGEST_WAIT_MS;
  if (asked !== undefined) return asked <= longest ? asked : undefined;
  return BACKOFF_MS + ((deps.random(1)[0] ?? 0) / 255) * 500;
}

/** Waits, with a tick a second; returns false if it was cancelled. */
async function countDown(
  deps: Pick<Context, 'clock'>,
  ms: number,
  signal: AbortSignal | undefined,
  onTick: (remainingMs: number) => void,
): Promise<boolean> {
  const end = deps.clock.monotonic() + ms;
  const isStopped = (): boolean => signal?.aborted === true;
  for (let left = ms; left > 0; left = end - deps.clock.monotonic()) {
    onTick(Math.ceil(left));
    if (isStopped()) return false;
    try {
      await deps.clock.sleep(Math.min(left, 1000), signal);
    } catch (error) {
      if (!isStopped()) throw error;
      return false;
    }
  }
  return true;
}

function describe(input: ProbeInput, askedAt: string, outcome: TurnsOutcome, usage: Usage, retries: number): ProbeResult {
  const { cancelled } = outcome;
  const finding = cancelled ? undefined : outcome.finding;
  const written = outcome.usage.outputTokens;
  const seconds = outcome.writingMs / 1000;
  return {
    model: input.model,
    answeredModel: outcome.answeredModel ?? null,
    isOther: isOther(input, outcome),
    provider: outcome.provider ?? null,
    verdict: cancelled ? 'inconclusive' : finding === undefined ? 'ok' : INCONCLUSIVE.has(finding.code) ? 'inconclusive' : 'failed',
    cancelled,
    ttftMs: outcome.ttftMs === undefined ? null : Math.round(outcome.ttftMs),
    totalMs: Math.round(outcome.totalMs),
    // A handful of tokens in a few milliseconds is one packet, not a speed.
    tokensPerSecond: written >= 20 && seconds >= 0.05 ? Math.round((written / seconds) * 10) / 10 : null,
    toolCall: outcome.toolCall,
    thinking: outcome.thinking,
    cache: { read: usage.cacheReadTokens, written: usage.cacheWriteTokens },
    cost: usage.cost,
    ownKeyCost: usage.ownKeyCost,
    expectedCost: input.price === undefined ? null : priceUsage(usage, input.price),
    usage,
    requestId: outcome.requestId ?? null,
    turns: outcome.turns,
    retries,
    repairs: [...outcome.repairs.map(describeRepair), ...(outcome.unstreamed ? ['asks again without streaming'] : [])],
    warnings: finding === undefined && !cancelled ? warningsOf(input, outcome) : [],
    askedAt,
    ...(finding === undefined ? {} : { finding }),
  };
}

function isOther({ model, catalog }: ProbeInput, { answeredModel }: TurnsOutcome): boolean {
  return answeredModel !== undefined && !isSameModel(model, answeredModel, catalog);
}

/** The warnings about a model that works. */
function warningsOf(input: ProbeInput, outcome: TurnsOutcome): Finding[] {
  const { model, alias } = input;
  const warnings: Finding[] = [];
  if (outcome.refused > 0) {
    const reason = outcome.repairs.map(describeRepair).join('; it ');
    warnings.push(
      findingOf('REPAIRED', { model, alias, count: outcome.refused, reason, right: fixOf(outcome.repairs) }, [], alias ?? model),
    );
  }
  const { answeredModel } = outcome;
  if (answeredModel !== undefined && isOther(input, outcome))
    warnings.push(findingOf('OTHER_MODEL', { model, alias, value: answeredModel }, [`the answer names ${answeredModel}`], alias ?? model));
  return warnings;
}
