import { FIRST_REQUEST_TOKENS } from '../claude/compaction.ts';
import { knowsModel } from '../claude/known-models.ts';
import { findingOf } from '../diagnose/build.ts';
import type { Finding } from '../core/finding.ts';
import { findRow } from '../diagnose/table.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import { isSameModel } from '../openrouter/same-model.ts';
import { judgeModel } from '../openrouter/suitability.ts';
import { formatTokens } from '../text/format.ts';
import type { ProbeResult } from './probe.ts';
import type { RunResult, Summary } from './run.ts';
import type { ClientResult } from './via-claude.ts';

/** One alias in the outcome of `orcc test`: what `--json` shows. */
export interface AliasReport extends Omit<ProbeResult, 'finding'> {
  readonly alias: string;
  /** Other aliases with the same model, which share this probe. */
  readonly sharedWith: readonly string[];
  readonly finding: Finding | null;
  /** Only with more than one round. */
  readonly summary: Summary | null;
  readonly rounds: readonly ProbeResult[] | null;
  /** Only with `--via claude`. */
  readonly client: ClientResult | null;
  /** What orcc's own probe found although the real client passed: a remark, not a finding. */
  readonly overruled: Finding | null;
}

/**
 * One report for each alias, in the order they were asked for. The result of the real client decides if
 * there is one: that settles a gate which orcc itself could not pass.
 */
export function reportAliases(
  aliases: ReadonlyArray<{ readonly alias: string; readonly model: string }>,
  run: RunResult,
  clients: readonly ClientResult[] = [],
  catalog?: Pick<Catalog, 'find'>,
): AliasReport[] {
  return aliases.flatMap(({ alias, model }) => {
    const found = run.models.find((each) => each.model === model);
    if (found === undefined) return [];
    const client = clients.find((each) => each.alias === alias) ?? null;
    const { finding: _finding, verdict: _verdict, ...result } = found.result;
    const repeated = found.rounds.length > 1;
    const settled: Settled = client === null ? heedWindow(found.result, catalog) : settle(found.result, client, catalog);
    const { overruled = null } = settled;
    return [
      {
        alias,
        ...result,
        verdict: settled.verdict,
        // What counts is whether the client's tool call worked.
        ...(overruled === null || client === null ? {} : { toolCall: { made: client.usedTool, correct: client.correct } }),
        finding: settled.finding === undefined ? null : { ...settled.finding, subject: alias },
        sharedWith: found.aliases.filter((each) => each !== alias),
        summary: repeated ? found.summary : null,
        rounds: repeated ? found.rounds : null,
        client,
        overruled,
      },
    ];
  });
}

interface Settled {
  readonly verdict: ProbeResult['verdict'];
  readonly finding: Finding | undefined;
  readonly overruled?: Finding | undefined;
}

/** Makes a success inconclusive if the window is too small for Claude Code's own first request: orcc's short probe proves nothing then. */
function heedWindow({ verdict, finding, model }: ProbeResult, catalog: Pick<Catalog, 'find'> | undefined): Settled {
  const row = verdict === 'ok' ? catalog?.find(model) : undefined;
  const small = row && judgeModel(row, 0).problems.find(({ rule, severity }) => rule === 'window' && severity === 'unusable');
  if (small === undefined) return { verdict, finding };
  const seen = `orcc's probe was answered, but Claude Code's first request has about ${formatTokens(FIRST_REQUEST_TOKENS)} tokens and needs room for the answer as well`;
  return { verdict: 'inconclusive', finding: findingOf('MODEL_UNSUITED', { model, reason: small.reason }, [seen]) };
}

/** If the real client passed, the alias works, whatever orcc's own probe met. */
function settle(own: ProbeResult, client: ClientResult, catalog: Pick<Catalog, 'find'> | undefined): Settled {
  if (own.cancelled || client.verdict === 'inconclusive') return heedWindow(own, catalog);
  if (client.verdict === 'ok') return { verdict: 'ok', finding: compare(own, client, catalog), overruled: own.finding };
  // If both fail, orcc's own finding says more than the client's text, which hides half of the causes.
  return { verdict: 'failed', finding: own.verdict === 'failed' ? own.finding : client.finding };
}

/** A warning if the client was served by another model than orcc, or would ask for another one; undefined otherwise. */
function compare(own: ProbeResult, client: ClientResult, catalog: Pick<Catalog, 'find'> | undefined): Finding | undefined {
  const { servedModel, shownModel, version } = client;
  const about = { model: own.answeredModel ?? own.model, alias: client.alias, version: version ?? undefined };
  if (servedModel !== null && own.answeredModel !== null && !areSame(servedModel, own.answeredModel, catalog)) {
    return findingOf(
      'CLAUDE_DIFFERS',
      { ...about, value: servedModel },
      [`orcc was served by ${own.answeredModel}, Claude Code by ${servedModel}`],
      client.alias,
    );
  }
  const asked = shownModel?.replace(/\[1m\]$/, '');
  if (asked !== undefined && !namesModel(asked, own.model)) {
    return findingOf('CLAUDE_DIFFERS', { ...about, model: own.model, value: asked }, [`\`claude -p /model\` says ${asked}`], client.alias);
  }
  return undefined;
}

/** Whether what `claude -p /model` shows can be this model: for one that it knows it shows a name, not the id (measured on 2.1.330). */
function namesModel(shown: string, model: string): boolean {
  return shown === model || (!shown.includes('/') && knowsModel(model) !== undefined);
}

/** Whether two names can be the same model: either may be the short one or the dated one. */
function areSame(a: string, b: string, catalog: Pick<Catalog, 'find'> | undefined): boolean {
  return isSameModel(a, b, catalog) || isSameModel(b, a, catalog);
}

/**
 * The findings of all reports without duplicates, each with the aliases that share it as its subject: one for each model, or
 * one in all if it concerns the account, the key or the connection to OpenRouter.
 */
export function collectFindings(reports: readonly AliasReport[]): Finding[] {
  const groups = new Map<string, { finding: Finding; aliases: string[]; models: Set<string> }>();
  for (const { alias, finding, model, warnings } of reports) {
    for (const each of finding === null ? warnings : [finding, ...warnings]) {
      const key = findRow(each.code)?.account === true ? each.code : `${each.code} ${model}`;
      const group = groups.get(key) ?? { finding: each, aliases: [], models: new Set() };
      groups.set(key, { ...group, aliases: [...group.aliases, alias], models: group.models.add(model) });
    }
  }
  return [...groups.values()].map(({ finding, aliases, models }) => ({
    ...(models.size > 1 ? withoutModel(finding) : finding),
    subject: aliases.join(', '),
  }));
}

/** The same finding in words that hold for several models. */
function withoutModel(finding: Finding): Finding {
  const row = findRow(finding.code);
  const { model, ...args } = finding.data ?? {};
  // New texts from the row would lose what was known when the finding was made (whose key, which address).
  const isNamed = typeof model === 'string' && (finding.cause.includes(model) || finding.fix.includes(model));
  if (row === undefined || !isNamed) return finding;
  return { ...finding, cause: row.cause(args), fix: row.fix(args) };
}
