import { describeCatalog } from '../../openrouter/catalog-view.ts';
import type { KeyRow } from '../../openrouter/schemas.ts';
import { drawBar, renderTable, right } from '../../text/table.ts';
import { formatCsv } from '../../text/csv.ts';
import { formatCount, formatUsd, exactUsd } from '../../text/format.ts';
import type { Style } from '../../text/style.ts';
import { cellWidth } from '../../text/wrap.ts';
import { stripControls, shortPath } from '../../text/text.ts';
import type { Group, Sum } from './group.ts';
import type { MachineReport } from './report.ts';

const WIDEST_BAR = 30;
const NARROWEST_BAR = 6;

/** `$0.42`; `~$0.42` if part of it is estimated; `?` if no price is known; `$0.42 + ?` if some prices are not. */
export function formatSum(sum: Sum): string {
  if (sum.answers > 0 && sum.unpriced === sum.answers) return '?';
  const known = `${sum.estimated > 0n ? '~' : ''}${formatUsd(Number(exactUsd(sum.cost)))}`;
  return sum.unpriced > 0 ? `${known} + ?` : known;
}

/** The tables: what OpenRouter charges, then Anthropic and other gateways, then the key's own counters. */
export function renderMachine(report: MachineReport, key: KeyRow | undefined, home: string, style: Style): string {
  const { groups, totals } = report;
  const part = (origin: Group['origin'], heading: string): string[] => {
    const rows = groups.filter((group) => group.origin === origin);
    return rows.length === 0
      ? []
      : [heading, renderGroups(rows, totals[origin], report, home, style), ''].filter((line, index) => index > 0 || line !== '');
  };
  return [
    ...(totals.openrouter.answers > 0 ? [] : ['No answers from OpenRouter in this period', '']),
    ...part('openrouter', ''),
    ...part(
      'anthropic',
      "Claude Code's own sessions with Anthropic, at Anthropic's list prices (a subscription does not pay by the token)",
    ),
    ...part('other', 'Other gateways, whose prices are not known'),
    ...renderWindows(report, key, style),
  ]
    .join('\n')
    .trimEnd();
}

function renderGroups(rows: readonly Group[], total: Sum, report: MachineReport, home: string, style: Style): string {
  const columns = [report.query.by, ...['answers', 'input', 'cached', 'output', 'cost'].map(right)];
  const cells = (name: string, sum: Sum): string[] => [
    name,
    String(sum.answers),
    formatCount(sum.input + sum.cacheWrite),
    formatCount(sum.cacheRead),
    formatCount(sum.output),
    formatSum(sum),
  ];
  const table = [...rows.map((group) => cells(nameOf(group, report, home), group)), ...(rows.length > 1 ? [cells('total', total)] : [])];
  const wide = renderTable(columns, table, { ...style, width: Infinity });
  const room = Math.min(WIDEST_BAR, style.width - Math.max(...wide.split('\n').map(cellWidth)) - 2);
  if (room < NARROWEST_BAR) return renderTable(columns, table, style);
  const highest = rows.reduce((most, { cost }) => (cost > most ? cost : most), 1n);
  const bars = rows.map(({ cost }) => style.cyan(drawBar(Number((cost * 10_000n) / highest) / 10_000, room)));
  return renderTable(
    [...columns, ''],
    table.map((row, index) => [...row, bars[index] ?? '']),
    style,
  );
}

function nameOf(group: Group, report: MachineReport, home: string): string {
  const { by } = report.query;
  if (by === 'project') return shortPath(group.key, home) || '?';
  if (by !== 'session') return stripControls(group.key) || '?';
  const folder = report.folderOf.get(group.key) ?? '';
  const last = folder === home ? folder : (folder.split(/[\\/]/).at(-1) ?? '');
  return `${stripControls(group.key).slice(0, 8) || '?'} ${shortPath(last, home)}`.trimEnd();
}

const WINDOWS = [
  ['today', 'today', 'daily'],
  ['week', 'this week', 'weekly'],
  ['month', 'this month', 'monthly'],
] as const;

function spentBy(key: KeyRow, member: (typeof WINDOWS)[number][2]): string {
  const spent = key[`usage_${member}`];
  return spent === null ? 'not stated' : formatUsd(spent + key[`byok_usage_${member}`]);
}

function renderWindows({ windows }: MachineReport, key: KeyRow | undefined, style: Style): string[] {
  const rows = WINDOWS.flatMap(([id, label, member]) => {
    const sum = windows[id];
    return sum === undefined ? [] : [[label, formatSum(sum), ...(key === undefined ? [] : [spentBy(key, member)])]];
  });
  if (rows.length === 0) return [];
  const columns = [
    'UTC days',
    right('this machine'),
    ...(key === undefined ? [] : [right(key.byok_usage === 0 ? 'the key, in total' : 'the key, with own keys')]),
  ];
  return [renderTable(columns, rows, style)];
}

const countAnswers = (count: number): string => (count === 1 ? '1 answer is' : `${String(count)} answers are`);

/** Notes on the figures: whose prices they are, what is estimated, what is left out, how old the catalog is. */
export function machineRemarks(report: MachineReport, now: number, home: string, style: Style, key?: Pick<KeyRow, 'byok_usage'>): string {
  const { totals, unknown, read, catalog } = report;
  const { cost, estimated, atEndpoint } = totals.openrouter;
  const share = (part: bigint): string =>
    part > 0n && part * 1000n < cost * 5n ? 'under 1%' : `${String(Math.round(Number((part * 1000n) / cost) / 10))}%`;
  const lines = [
    ...(cost === 0n
      ? []
      : [`prices: ${share(atEndpoint)} of the total at the serving provider's, ${share(cost - atEndpoint)} at the catalog's`]),
    ...(estimated === 0n
      ? []
      : [`~ ${share(estimated)} of the total is estimated from the latest price, since that day's price is not known`]),
    ...(unknown.length === 0
      ? []
      : [
          `? ${countAnswers(totals.openrouter.unpriced + totals.anthropic.unpriced + totals.other.unpriced)} not counted, since no price is known: ${unknown.slice(0, 5).map(stripControls).join(', ')}${unknown.length > 5 ? ' …' : ''}`,
        ]),
    ...((key?.byok_usage ?? 0) === 0
      ? []
      : ["answers on your own provider keys (BYOK) are counted at the provider's price, which the provider charges"]),
    ...(read.broken === 0 ? [] : [`${String(read.broken)} broken or half-written lines were skipped`]),
    ...(read.unread.length === 0
      ? []
      : [
          `${String(read.unread.length)} could not be read: ${read.unread
            .slice(0, 3)
            .map(({ path, why }) => `${shortPath(path, home)} (${why})`)
            .join(', ')}${read.unread.length > 3 ? ' …' : ''}`,
        ]),
    ...(catalog.warning === undefined ? [] : [`${style.yellow('warning:')} ${catalog.warning}`]),
    describeCatalog(catalog, now),
  ];
  return lines.map((line) => style.dim(line)).join('\n');
}

/** The groups as CSV, one line each; exact amounts in USD. */
export function machineCsv({ query, groups }: MachineReport): string {
  return formatCsv(groups, {
    [query.by]: (group) => group.key,
    through: (group) => group.origin,
    answers: (group) => group.answers,
    input: (group) => group.input,
    cache_read: (group) => group.cacheRead,
    cache_write: (group) => group.cacheWrite,
    output: (group) => group.output,
    usd: (group) => (group.unpriced === group.answers ? '' : exactUsd(group.cost)),
    usd_estimated: (group) => exactUsd(group.estimated),
    answers_without_price: (group) => group.unpriced,
  });
}

/** The report for `--json`. */
export function machineData(report: MachineReport): Readonly<Record<string, unknown>> {
  const { query, groups, totals, windows, read, catalog } = report;
  return {
    by: query.by,
    since: query.since === undefined ? null : new Date(query.since).toISOString(),
    sessions: report.sessions,
    groups: groups.map((group) => ({
      key: group.key,
      through: group.origin,
      ...(query.by === 'session' ? { project: report.folderOf.get(group.key) ?? '' } : {}),
      last: new Date(group.last).toISOString(),
      ...sumData(group),
    })),
    totals: { openrouter: sumData(totals.openrouter), anthropic: sumData(totals.anthropic), other: sumData(totals.other) },
    windows: Object.fromEntries(Object.entries(windows).map(([name, sum]) => [name, sum === undefined ? null : sumData(sum)])),
    modelsWithoutPrice: report.unknown,
    skipped: { lines: read.broken, files: read.unread },
    bytes: read.bytes,
    catalog: { source: catalog.source, asOf: new Date(catalog.asOf).toISOString() },
  };
}

/** A sum for `--json`; amounts in USD, exact. */
export function sumData(sum: Sum): Readonly<Record<string, unknown>> {
  const { answers, input, cacheRead, cacheWrite, output, unpriced } = sum;
  return {
    answers,
    tokens: { input, cacheRead, cacheWrite, output },
    usd: unpriced === answers && answers > 0 ? null : exactUsd(sum.cost),
    estimatedUsd: exactUsd(sum.estimated),
    atProviderPriceUsd: exactUsd(sum.atEndpoint),
    answersWithoutPrice: unpriced,
  };
}
