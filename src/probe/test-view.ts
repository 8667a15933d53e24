import { type Finding, renderFindings } from '../core/finding.ts';
import { type CostEstimate, describeEstimate, seconds } from './cost.ts';
import type { AliasReport } from './report.ts';
import type { AliasModel, RunResult, Spread } from './run.ts';
import { formatUsd } from '../text/format.ts';
import type { Style } from '../text/style.ts';
import { type Column, renderIfFitting, renderTable, drawBar } from '../text/table.ts';
import { stripControls } from '../text/text.ts';
import { wrap } from '../text/wrap.ts';

type Run = Pick<RunResult, 'cost' | 'ownKeyCost' | 'totalMs' | 'cancelled'> & { readonly detail: TestDetail };

/** How much is printed besides the table: with `brief` what is wrong, with `verbose` request ids too. */
export type TestDetail = 'brief' | 'usual' | 'verbose';

/** The result table, remarks, findings, and one line that sums up. */
export function viewReports(reports: readonly AliasReport[], findings: readonly Finding[], run: Run, style: Style): string {
  const parts = [renderFitting(reports, style)];
  const remarks = reports.flatMap((report) => remarksOf(report, reports, run.detail));
  if (remarks.length > 0) parts.push(remarks.map((each) => style.dim(wrap(each, style.width, '  '))).join('\n'));
  if (findings.length > 0) parts.push(renderFindings(findings, style));
  parts.push(sumUp(reports, run));
  return parts.join('\n\n');
}

interface ReportColumn extends Column {
  readonly cell: (report: AliasReport, reports: readonly AliasReport[], style: Style) => string;
  /** Columns with a rank are left out if the table would not fit the terminal, the lowest first. */
  readonly rank?: number;
}

const COLUMNS: readonly ReportColumn[] = [
  { title: 'alias', cell: ({ alias }) => alias },
  { title: 'result', cell: (report, _reports, style) => verdictWord(report, style) },
  { title: 'model', cell: modelCell },
  { title: 'provider', rank: 2, cell: ({ provider }) => provider ?? '-' },
  { title: 'first', align: 'right', rank: 4, cell: ({ summary, ttftMs }) => times(summary?.ttftMs ?? null, ttftMs, seconds) },
  {
    title: 'total',
    align: 'right',
    rank: 5,
    cell: ({ summary, totalMs, turns }) => times(summary?.totalMs ?? null, turns === 0 ? null : totalMs, seconds),
  },
  {
    title: '',
    rank: 3,
    cell: (report, reports) =>
      bar(
        report.turns === 0 ? null : report.totalMs,
        reports.map(({ totalMs }) => totalMs),
      ),
  },
  {
    title: 'tok/s',
    align: 'right',
    rank: 0,
    cell: ({ summary, tokensPerSecond }) => times(summary?.tokensPerSecond ?? null, tokensPerSecond, (value) => String(Math.round(value))),
  },
  { title: 'tool', cell: ({ toolCall }) => (toolCall.correct ? 'yes' : toolCall.made ? 'wrong' : '-') },
  { title: 'cost', align: 'right', cell: costCell },
  {
    title: '',
    rank: 1,
    cell: (report, reports) =>
      bar(
        report === firstOf(report, reports) ? report.cost : null,
        reports.map(({ cost }) => cost),
      ),
  },
];

/** The table without empty columns, and without the least important ones if it would be wider than the terminal. */
function renderFitting(reports: readonly AliasReport[], style: Style): string {
  let columns = COLUMNS.filter(
    ({ rank, cell }) => rank === undefined || reports.some((report) => !['', '-'].includes(cell(report, reports, style))),
  );
  const rows = (): string[][] => reports.map((report) => columns.map(({ cell }) => cell(report, reports, style)));
  let table = renderIfFitting(columns, rows(), style);
  for (let rank = 0; rank <= 5 && table === undefined; rank += 1) {
    columns = columns.filter((column) => column.rank !== rank);
    table = renderIfFitting(columns, rows(), style);
  }
  return table ?? renderNarrow(reports, style);
}

/** Two lines for each alias: how it went, then everything that is known in numbers. */
function renderNarrow(reports: readonly AliasReport[], style: Style): string {
  const indent = ' '.repeat(Math.max(...reports.map(({ alias }) => alias.length)) + 2);
  return reports
    .map((report) => {
      const [alias, result, model, ...others] = COLUMNS.map(({ title, cell }) => ({ title, text: cell(report, reports, style) }));
      const numbers = others.filter(({ title, text }) => title !== '' && text !== '' && text !== '-');
      return [
        wrap(`${(alias?.text ?? '').padEnd(indent.length)}${result?.text ?? ''}, ${model?.text ?? ''}`, style.width, indent),
        style.dim(wrap(`${indent}${numbers.map(({ title, text }) => `${title} ${text}`).join(', ')}`, style.width, indent)),
      ].join('\n');
    })
    .join('\n');
}

const BAR_CELLS = 6;

/** A value relative to the greatest of all, as a bar; empty if there is nothing to compare. */
function bar(value: number | null, all: readonly (number | null)[]): string {
  const known = all.filter((each) => each !== null).filter((each) => each > 0);
  const most = Math.max(...known);
  if (value === null || value <= 0 || known.length < 2) return '';
  return drawBar(value / most, BAR_CELLS);
}

function costCell(report: AliasReport, reports: readonly AliasReport[]): string {
  if (report !== firstOf(report, reports)) return 'shared';
  const own = report.ownKeyCost === null ? '' : ` + ${formatUsd(report.ownKeyCost)} own key`;
  return report.cost === null ? '-' : `${formatUsd(report.cost)}${own}`;
}

/** The first alias with the same model: only its row shows the cost and gets the model's remarks. */
function firstOf(report: AliasReport, reports: readonly AliasReport[]): AliasReport | undefined {
  return reports.find(({ model }) => model === report.model);
}

function verdictWord({ verdict, cancelled, summary, overruled }: AliasReport, style: Style): string {
  const share = summary === null || overruled !== null ? '' : ` ${summary.ok}/${summary.rounds}`;
  if (cancelled) return style.yellow(`stopped${share}`);
  if (verdict === 'ok') return style.green(`ok${share}`);
  return verdict === 'failed' ? style.red(`failed${share}`) : style.yellow(`unclear${share}`);
}

function modelCell({ model, answeredModel, isOther }: AliasReport): string {
  return stripControls(answeredModel === null || !isOther ? model : `${model} (by ${answeredModel})`);
}

function times(spread: Spread | null, single: number | null, format: (value: number) => string): string {
  if (spread !== null)
    return spread.min === spread.max ? format(spread.median) : `${format(spread.median)} (${format(spread.min)}-${format(spread.max)})`;
  return single === null ? '-' : format(single);
}

/** The remarks below the table; those on a model that two aliases share are made once. */
function remarksOf(report: AliasReport, reports: readonly AliasReport[], detail: TestDetail): string[] {
  if (report !== firstOf(report, reports)) return clientRemarks(report);
  const names = [report.alias, ...report.sharedWith].join(', ');
  const lines: string[] = [];
  if (report.repairs.length > 0 && report.warnings.every(({ code }) => code !== 'REPAIRED'))
    lines.push(`${names}: works because Claude Code ${report.repairs.join('; it ')}`);
  if (report.retries > 0 && report.verdict === 'ok') lines.push(`${names}: the first try failed, the second passed`);
  const facts = [
    ...(report.thinking && detail !== 'brief' ? ['thinks'] : []),
    ...(report.cache.read > 0 && detail !== 'brief' ? [`${report.cache.read} tokens from the cache`] : []),
    // What OpenRouter's support asks for.
    ...(report.requestId !== null && (detail === 'verbose' || report.verdict !== 'ok') ? [`request ${report.requestId}`] : []),
  ];
  if (facts.length > 0) lines.push(`${names}: ${facts.join(', ')}`);
  if (report.cost !== null && report.expectedCost !== null && report.cost > report.expectedCost * 1.5 + 0.0001) {
    lines.push(`${names}: billed ${formatUsd(report.cost)}; at the catalog's price it would be ${formatUsd(report.expectedCost)}`);
  }
  return [...lines, ...clientRemarks(report)];
}

function clientRemarks({ alias, client, overruled }: AliasReport): string[] {
  if (client === null) return [];
  const aside =
    overruled === null
      ? []
      : [
          `${alias}: works in Claude Code, which is what counts, although orcc's own probe did not pass (${overruled.code}: ${stripControls(overruled.cause)})`,
        ];
  const model = client.servedModel === null ? '' : `, served by ${client.servedModel}`;
  const words = { ok: 'passed in', failed: 'failed in', inconclusive: 'was stopped after' };
  return [
    ...aside,
    `${alias}: Claude Code ${client.version ?? ''} ${words[client.verdict]} ${seconds(client.totalMs)}${model}`.replace('  ', ' '),
  ];
}

function sumUp(reports: readonly AliasReport[], run: Run): string {
  const number = (verdict: AliasReport['verdict']): number => reports.filter((report) => report.verdict === verdict).length;
  const counts = [`${number('ok')} of ${reports.length} work`];
  if (number('failed') > 0) counts.push(`${number('failed')} failed`);
  if (number('inconclusive') > 0) counts.push(`${number('inconclusive')} unclear`);
  const own = run.ownKeyCost === null ? '' : ` and ${formatUsd(run.ownKeyCost)} on your own provider keys`;
  const cost = run.cost === null ? '' : `, ${formatUsd(run.cost)}${own}`;
  return `${run.cancelled ? 'Stopped: ' : ''}${counts.join(', ')} (${seconds(run.totalMs)}${cost})`;
}

/** What `--dry-run` shows. */
export function viewEstimate(
  aliases: readonly AliasModel[],
  estimate: CostEstimate,
  options: { readonly quick: boolean; readonly repeat: number; readonly via?: 'claude' | undefined },
  style: Style,
): string {
  const table = renderTable(
    ['alias', 'model'],
    aliases.map(({ alias, model }) => [alias, stripControls(model)]),
    style,
  );
  const calls = new Set(aliases.map(({ model }) => model)).size * (options.quick ? 1 : 2) * options.repeat;
  const sessions = options.via === undefined ? '' : ` and ${aliases.length} sessions of Claude Code`;
  return `${table}\n\n${calls} calls${sessions}: ${describeEstimate(estimate)}. Nothing was called (--dry-run)`;
}
