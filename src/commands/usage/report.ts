import { resolveAliases } from '../../claude/aliases.ts';
import { claudePaths } from '../../claude/paths.ts';
import { originOf, type Answer } from '../../claude/transcript-answer.ts';
import { findTranscripts, readTranscripts, type TranscriptsRead } from '../../claude/transcripts.ts';
import { catalogEndpoint, type CatalogSource, readCatalogSource } from '../../change/catalog-source.ts';
import type { Context } from '../../core/context.ts';
import { OrccError, orUndefined } from '../../core/errors.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import { fetchModelEndpoints } from '../../openrouter/client.ts';
import { createPricer, findAnswered, type PricedAnswer } from '../../openrouter/price-answer.ts';
import { appendEndpointPrices, readPriceBook } from '../../openrouter/price-log.ts';
import { DAY_MS, dayOf } from '../../text/day.ts';
import { shortPath } from '../../text/text.ts';
import type { Grouping } from './flags.ts';
import { firstFolders, groupBy, sumOf, type Group, type Sum } from './group.ts';

/** What to report. */
export interface ReportQuery {
  readonly by: Grouping;
  /** Milliseconds since 1970; earlier answers are left out. */
  readonly since?: number;
  readonly offline: boolean;
}

/** What Claude Code on this machine has spent. */
export interface MachineReport {
  readonly query: ReportQuery;
  readonly groups: readonly Group[];
  readonly totals: Readonly<Record<'openrouter' | 'anthropic' | 'other', Sum>>;
  readonly sessions: number;
  /** Sums over OpenRouter's answers by UTC days, as the key's own counters have them; undefined if `since` is later than their start. */
  readonly windows: Readonly<Record<'today' | 'week' | 'month', Sum | undefined>>;
  /** Models without a known price. */
  readonly unknown: readonly string[];
  /** All of OpenRouter's answers, newest first. */
  readonly newest: readonly PricedAnswer[];
  /** The folder in which each session began. */
  readonly folderOf: ReadonlyMap<string, string>;
  readonly read: TranscriptsRead;
  readonly catalog: Catalog;
}

/** How many models' providers are asked for their prices in one run. */
const MOST_MODELS = 20;
const AT_ONCE = 6;

/**
 * Reads all transcripts and prices each answer. Nothing in them leaves the machine: OpenRouter is asked for public prices only.
 *
 * @throws exit 3 if there are no transcripts, exit 6 if their folder can't be read; Cancelled
 */
export async function reportMachine(ctx: Context, query: ReportQuery): Promise<MachineReport> {
  const source = await readCatalogSource(ctx);
  const { answers, read } = await readAnswers(ctx, query.since);
  const endpoint = query.offline ? { baseUrl: source.baseUrl } : await catalogEndpoint(ctx, source.baseUrl);
  const catalog = await loadCatalog(ctx, { folder: source.folder, endpoint, offline: query.offline });
  if (!query.offline) await lookAtProviders(ctx, source, catalog, answers);
  const price = createPricer(catalog, readPriceBook(ctx, source.folder, source.baseUrl));
  const all = answers.map(price);
  const of = (origin: Group['origin']): PricedAnswer[] => all.filter(({ pricing }) => pricing.origin === origin);
  const ours = of('openrouter');
  return {
    query,
    groups: groupBy(all, query.by, aliasNames(source)),
    totals: { openrouter: sumOf(ours), anthropic: sumOf(of('anthropic')), other: sumOf(of('other')) },
    sessions: new Set(answers.map(({ session }) => session)).size,
    windows: sumWindows(ours, query.since ?? 0, ctx.clock.now()),
    unknown: [...new Set(all.flatMap(({ pricing, cost }) => (cost === undefined ? [pricing.model] : [])))].sort(),
    newest: ours.sort((a, b) => b.answer.at - a.answer.at),
    folderOf: firstFolders(all),
    read,
    catalog,
  };
}

async function readAnswers(ctx: Context, since = 0): Promise<{ answers: Answer[]; read: TranscriptsRead }> {
  const folder = claudePaths(ctx).transcripts;
  // After a clock was set back, a file that looks older may hold newer answers.
  const { files, unread } = findTranscripts(ctx, folder, since - DAY_MS);
  const root = unread.find(({ path }) => path === folder);
  if (root !== undefined) throw new OrccError('refused', `${shortPath(folder, ctx.home)} can't be read: ${root.why}`);
  if (files.length === 0 && unread.length === 0) {
    throw new OrccError(
      'nothing',
      `Claude Code has kept no transcripts${since > 0 ? ` since ${dayOf(since)}` : ''} in ${shortPath(folder, ctx.home)}`,
      {
        hint: since > 0 ? 'Leave out `--since`' : 'They appear after the first session; CLAUDE_CONFIG_DIR moves them',
      },
    );
  }
  const answers: Answer[] = [];
  const total = files.reduce((sum, { stat }) => sum + stat.size, 0);
  const keep = (answer: Answer): void => {
    if (answer.at >= since) answers.push(answer);
  };
  const read = await readTranscripts(ctx, files, keep, async (bytes) => {
    const megabytes = (count: number): string => String(Math.round(count / 1e6));
    ctx.stderr.progress?.(`Reading transcripts: ${megabytes(bytes)} of ${megabytes(total)} MB`);
    await ctx.clock.sleep(0);
  });
  ctx.stderr.progress?.(undefined);
  return { answers, read: { ...read, unread: [...unread, ...read.unread] } };
}

/** Records today's prices of the providers behind the models that answered, those with the most tokens first. Throws only Cancelled. */
async function lookAtProviders(ctx: Context, source: CatalogSource, catalog: Catalog, answers: readonly Answer[]): Promise<void> {
  const book = readPriceBook(ctx, source.folder, source.baseUrl);
  const today = dayOf(ctx.clock.now());
  const counts = new Map<string, number>();
  const seen = new Map<string, string | undefined>();
  for (const answer of answers) {
    if (originOf(answer) !== 'openrouter') continue;
    const name = `${answer.model} ${answer.requested}`;
    if (!seen.has(name)) seen.set(name, findAnswered(catalog, answer)?.id);
    const id = seen.get(name);
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + answer.tokens.input + answer.tokens.output);
  }
  const ids = [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  const wanted = ids.filter((id) => book.lastLookAtProviders(id) !== today).slice(0, MOST_MODELS);
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    const group = wanted.slice(start, start + AT_ONCE);
    const found = await Promise.all(group.map((id) => orUndefined(fetchModelEndpoints(ctx, { baseUrl: source.baseUrl }, id))));
    for (const [index, id] of group.entries()) {
      appendEndpointPrices(ctx, source.folder, { baseUrl: source.baseUrl, id, now: ctx.clock.now() }, found[index] ?? []);
    }
    // If none could be reached, the others can't be either.
    if (found.every((endpoints = []) => endpoints.length === 0)) return;
  }
}

function aliasNames({ config }: CatalogSource): (model: string) => string | undefined {
  const names = new Map<string, string>();
  for (const { alias, model } of config === undefined ? [] : resolveAliases(config.mapping)) {
    const known = names.get(model);
    names.set(model, known === undefined ? alias : `${known}, ${alias}`);
  }
  return (model) => names.get(model);
}

/** Starts of the periods that GET /key counts, in milliseconds since 1970: UTC days, weeks from Monday. */
function beginnings(now: number): Readonly<Record<'today' | 'week' | 'month', number>> {
  const today = Date.parse(dayOf(now));
  return {
    today,
    week: today - ((new Date(now).getUTCDay() + 6) % 7) * DAY_MS,
    month: Date.parse(`${dayOf(now).slice(0, 7)}-01`),
  };
}

/** The time from which answers are in one of the sums of `windows`, in milliseconds since 1970. */
export function firstCounted(now: number): number {
  const { week, month } = beginnings(now);
  return Math.min(week, month);
}

function sumWindows(ours: readonly PricedAnswer[], since: number, now: number): MachineReport['windows'] {
  const { today, week, month } = beginnings(now);
  const sumFrom = (start: number): Sum | undefined =>
    start < since ? undefined : sumOf(ours.filter(({ answer }) => answer.at >= start && answer.at < now + DAY_MS));
  return { today: sumFrom(today), week: sumFrom(week), month: sumFrom(month) };
}
