import { ALIASES } from '../claude/aliases.ts';
import { TOOL_SEARCH } from '../claude/variables.ts';
import { readClaudeVersion } from '../claude/version.ts';
import type { Context } from '../core/context.ts';
import { findingOf } from '../diagnose/build.ts';
import type { Finding } from '../core/finding.ts';
import type { ExitName } from '../core/errors.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import type { ModelPrice } from '../openrouter/charge.ts';
import { priceOfModel } from '../openrouter/read-price.ts';
import { estimateCost } from './cost.ts';
import { renderJunit } from './junit.ts';
import { keepLastTest } from './last-test.ts';
import { type AliasReport, collectFindings, reportAliases } from './report.ts';
import { probeAliases, type RunInput, type RunResult } from './run.ts';
import { type ClientResult, probeViaClaude } from './via-claude.ts';
import type { Outcome } from '../core/outcome.ts';
import { createProgress } from './test-progress.ts';
import { viewEstimate, viewReports, type TestDetail } from './test-view.ts';

/** What to test, under the settings in effect, which the caller has read. */
export interface TestIntent extends Omit<RunInput, 'catalog' | 'signal' | 'price' | 'nearest' | 'onProgress' | 'onDone'> {
  /** The other variables in effect of those that orcc writes, for the real client. */
  readonly variables?: Readonly<Record<string, string>>;
  /** For prices and the nearest ids. */
  readonly catalog?: Pick<Catalog, 'find' | 'nearest'> | undefined;
  /** Also run the installed Claude Code for each alias. */
  readonly via?: 'claude' | undefined;
  /** Show what would be called and what it may cost. */
  readonly dryRun?: boolean;
  /** No progress lines. */
  readonly json?: boolean;
  /** How much is printed besides the table; `usual` unless given. */
  readonly detail?: TestDetail;
}

type TestContext = Pick<
  Context,
  'http' | 'clock' | 'random' | 'version' | 'signal' | 'stderr' | 'exec' | 'fs' | 'env' | 'platform' | 'home'
>;

/** The outcome of a test, with the JUnit report for `--junit`. */
export interface TestOutcome extends Outcome {
  /** XML; absent after a dry run. */
  readonly junit?: string;
}

/**
 * Tests every alias at the same time and reports each. Exit 1 if an alias failed, 4 if all failed because of
 * the key, 5 if none was reached, 130 if it was cancelled: then with what is known. The outcome's `data`
 * holds no key.
 */
export async function runTest(ctx: TestContext, intent: TestIntent): Promise<TestOutcome> {
  const { catalog } = intent;
  const price = (model: string): ModelPrice | undefined => priceOfModel(catalog?.find(model));
  const options = { quick: intent.quick ?? false, repeat: intent.repeat ?? 1, via: intent.via };
  const estimate = estimateCost(
    intent.aliases.map(({ model }) => model),
    price,
    { ...options, maxTokens: intent.maxTokens },
  );
  if (intent.dryRun === true) {
    const calls = { aliases: intent.aliases, baseUrl: intent.endpoint.baseUrl, maxTokens: intent.maxTokens, ...options, estimate };
    return { exit: 'ok', data: calls, findings: [], text: (style) => viewEstimate(intent.aliases, estimate, options, style) };
  }

  const progress = createProgress(ctx, intent.aliases, { silent: intent.json ?? false, via: intent.via });
  let run: RunResult;
  let clients: readonly ClientResult[] | Finding = [];
  try {
    const nearest = (id: string): readonly string[] => catalog?.nearest(id, 3) ?? [];
    run = await probeAliases(ctx, { ...intent, ...progress, signal: ctx.signal, price, nearest });
    if (intent.via === 'claude' && !run.cancelled) clients = await askClaude(ctx, intent, progress.onClient);
  } finally {
    progress.close();
  }
  const missing = 'length' in clients ? [] : [clients];
  const reports = reportAliases(intent.aliases, run, 'length' in clients ? clients : [], catalog);
  keepLastTest(ctx, reports);
  const findings = [...collectFindings(reports), ...missing];
  const exit = run.cancelled || ctx.signal.aborted ? 'cancelled' : missing.length > 0 ? 'problems' : judgeExit(reports);
  return {
    exit,
    data: {
      aliases: reports,
      baseUrl: intent.endpoint.baseUrl,
      maxTokens: intent.maxTokens,
      cost: run.cost,
      ownKeyCost: run.ownKeyCost,
      estimate,
      totalMs: run.totalMs,
      cancelled: exit === 'cancelled',
    },
    findings,
    text: (style) => viewReports(reports, findings, { ...run, cancelled: exit === 'cancelled', detail: intent.detail ?? 'usual' }, style),
    junit: renderJunit(reports, run.totalMs),
  };
}

const KEY_CODES = new Set(['KEY_MISSING', 'KEY_BAD', 'KEY_EXPIRED', 'KEY_IS_MANAGEMENT']);
const NETWORK_CODES = new Set([
  'DNS',
  'UNREACHABLE',
  'TLS',
  'PROXY',
  'TIMEOUT',
  'CONNECTION_LOST',
  'NOT_OPENROUTER',
  'BASE_URL_WRONG',
  'EDGE_BLOCKED',
]);

function judgeExit(reports: readonly AliasReport[]): ExitName {
  const failed = reports.filter(({ verdict }) => verdict === 'failed');
  if (failed.length === 0) return 'ok';
  const all = (codes: ReadonlySet<string>): boolean =>
    failed.length === reports.length && failed.every(({ finding }) => codes.has(finding?.code ?? ''));
  if (all(KEY_CODES)) return 'key';
  return all(NETWORK_CODES) ? 'network' : 'problems';
}

/** Two sessions of the client at a time: each takes a few hundred MB of memory. */
const SESSIONS_AT_ONCE = 2;

async function askClaude(
  ctx: TestContext,
  intent: TestIntent,
  onClient: (result: ClientResult) => void,
): Promise<readonly ClientResult[] | Finding> {
  const claude = await readClaudeVersion(ctx);
  const { path } = claude;
  if (path === undefined) return findingOf('CLAUDE_MISSING');
  if (claude.support === 'old')
    return findingOf('CLAUDE_TOO_OLD', {
      version: claude.version,
      reason: "can't be tested safely: it would treat questions as paid prompts",
    });
  const variables = Object.fromEntries(
    intent.aliases.flatMap(({ alias, model }) =>
      ALIASES.filter(({ id }) => id === alias).map(({ variable }): [string, string] => [variable, model]),
    ),
  );
  const queue = [...intent.aliases];
  const results: ClientResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && !ctx.signal.aborted; next = queue.shift()) {
      const result = await probeViaClaude(ctx, {
        claude: { ...claude, path },
        endpoint: intent.endpoint,
        ...next,
        standsIn: next.alias.startsWith('fallback'),
        maxTokens: intent.maxTokens,
        variables: { ...intent.variables, ...(intent.toolSearch === false ? { [TOOL_SEARCH]: 'false' } : {}), ...variables },
        signal: ctx.signal,
        timeoutMs: intent.timeoutMs,
      });
      results.push(result);
      onClient(result);
    }
  };
  await Promise.all(Array.from({ length: SESSIONS_AT_ONCE }, work));
  return results;
}
