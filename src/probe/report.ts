import { knowsModel } from '../claude/known-models.ts';
import { findingOf } from '../diagnose/build.ts';
import type { Finding } from '../core/finding.ts';
import type { ProbeResult } from './probe.ts';
import type { RunResult } from './run.ts';
import type { Summary } from './summary.ts';
import type { ClientResult } from './via-claude.ts';

/** One alias in the outcome of `orcc test`: what `--json` shows. */
export interface AliasReport extends Omit<ProbeResult, 'finding'> {
  readonly alias: string;
  /** Other aliases with the same model: their probe is this one. */
  readonly sharedWith: readonly string[];
  readonly finding: Finding | null;
  /** Only with more than one round. */
  readonly summary: Summary | null;
  readonly rounds: readonly ProbeResult[] | null;
  /** Only with `--via claude`. */
  readonly client: ClientResult | null;
}

/**
 * One report for each alias, in the order they were asked for. What the real client showed decides where
 * there is such a result: a gate that orcc could not pass is then settled.
 */
export function reportAliases(
  aliases: ReadonlyArray<{ readonly alias: string; readonly model: string }>,
  run: RunResult,
  clients: readonly ClientResult[] = [],
): AliasReport[] {
  return aliases.flatMap(({ alias, model }) => {
    const found = run.models.find((each) => each.model === model);
    if (found === undefined) return [];
    const client = clients.find((each) => each.alias === alias) ?? null;
    const { finding, verdict, ...result } = found.result;
    const repeated = found.rounds.length > 1;
    const settled = client === null ? { verdict, finding } : settle(found.result, client);
    return [
      {
        alias,
        ...result,
        verdict: settled.verdict,
        finding: settled.finding === undefined ? null : { ...settled.finding, subject: alias },
        sharedWith: found.aliases.filter((each) => each !== alias),
        summary: repeated ? found.summary : null,
        rounds: repeated ? found.rounds : null,
        client,
      },
    ];
  });
}

function settle(
  own: ProbeResult,
  client: ClientResult,
): { readonly verdict: ProbeResult['verdict']; readonly finding: Finding | undefined } {
  if (own.cancelled || client.verdict === 'inconclusive') return { verdict: own.verdict, finding: own.finding };
  // A failure of orcc's own probe says more than the client's text, which hides half of the causes.
  if (own.verdict === 'failed') return { verdict: 'failed', finding: own.finding };
  if (client.verdict === 'failed') return { verdict: 'failed', finding: client.finding };
  return { verdict: 'ok', finding: compare(own, client) };
}

/** A warning where the client was served by another model than orcc, or would ask for another one. */
function compare(own: ProbeResult, client: ClientResult): Finding | undefined {
  const { servedModel, shownModel, version } = client;
  const about = { model: own.answeredModel ?? own.model, alias: client.alias, version: version ?? undefined };
  if (servedModel !== null && own.answeredModel !== null && servedModel !== own.answeredModel) {
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

/** Whether what `claude -p /model` shows can be this model: for one that Claude Code knows it shows a name in place of the id (measured on 2.1.330). */
function namesModel(shown: string, model: string): boolean {
  return shown === model || (!shown.includes('/') && knowsModel(model) !== undefined);
}

/** The findings of all reports, each once, with the aliases that share it as its subject. */
export function collectFindings(reports: readonly AliasReport[]): Finding[] {
  const byText = new Map<string, { finding: Finding; aliases: string[] }>();
  for (const { alias, finding, model } of reports) {
    if (finding === null) continue;
    const key = `${finding.code} ${model}`;
    const known = byText.get(key);
    if (known === undefined) byText.set(key, { finding, aliases: [alias] });
    else known.aliases.push(alias);
  }
  return [...byText.values()].map(({ finding, aliases }) => ({ ...finding, subject: aliases.join(', ') }));
}
