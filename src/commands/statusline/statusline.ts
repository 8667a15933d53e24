import type { Answer } from '../../claude/transcript-answer.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { orccFolder } from '../../core/folder.ts';
import type { Outcome } from '../../core/outcome.ts';
import { checkOwnFolder } from '../../core/own-folder.ts';
import { keptFile } from '../../core/keep-file.ts';
import { charge } from '../../openrouter/charge.ts';
import { readKeyFigures } from '../../openrouter/key-figures.ts';
import { dayOf } from '../../text/day.ts';
import { stripControls } from '../../text/text.ts';
import { readGiven, type Given } from './given.ts';
import { keepLedger, readLedger, type Ledger } from './ledger.ts';
import { formattedLine, usualLine, type Parts } from './line.ts';
import type { CachedPrices } from './prices.ts';
import { trackSpending, type Price } from './spending.ts';

/** Bytes of standard input; Claude Code sends two thousand. */
const MAX_INPUT = 4_000_000;
/** Prices that the ledger keeps, those that were asked for last. */
const MOST_PRICES = 50;

/**
 * `orcc statusline`: one line out of Claude Code's JSON on standard input. Claude Code runs it after each answer and shows what it
 * prints, so that it always prints something and ends with 0: where anything is wrong, the model alone.
 */
export async function runStatusline(ctx: Context, input: Readonly<Record<string, unknown>>): Promise<Outcome> {
  if (input['install'] === true || input['remove'] === true) return (await import('./install.ts')).runInstall(ctx, input);
  if (ctx.interactive) {
    throw new OrccError('usage', '`orcc statusline` reads what Claude Code hands to a status line, and here is nothing', {
      hint: '`orcc statusline --install` puts it into your settings',
    });
  }
  const given = await ctx.readStdin(MAX_INPUT).catch(() => '');
  const line = await makeLine(ctx, given, textOf(input['format']));
  const after = textOf(input['after']);
  const more = after === undefined ? '' : await (await import('./after.ts')).runAfter(ctx, after, given);
  return { exit: 'ok', data: { line }, findings: [], text: () => [line, more].filter((each) => each !== '').join('\n') };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

async function makeLine(ctx: Context, text: string, format: string | undefined): Promise<string> {
  const given = readGiven(text, ctx.env);
  try {
    const parts = await gatherParts(ctx, given);
    const line = format === undefined ? usualLine(parts, widthOf(ctx)) : formattedLine(format, parts);
    return stripControls(line) || given.model;
  } catch {
    return given.model;
  }
}

/** Claude Code tells the terminal's width; a few cells at the right are its own. */
function widthOf({ env }: Pick<Context, 'env'>): number {
  const columns = Number(env['COLUMNS']);
  return Number.isInteger(columns) && columns > 0 ? Math.max(20, columns - 4) : Infinity;
}

async function gatherParts(ctx: Context, given: Given): Promise<Parts> {
  checkOwnFolder(ctx);
  const folder = orccFolder(ctx);
  const now = ctx.clock.now();
  const baseUrl = (ctx.env['ANTHROPIC_BASE_URL'] ?? '').trim().replace(/\/+$/, '') || 'https://openrouter.ai/api';
  let ledger = readLedger(ctx, folder, dayOf(now), baseUrl);
  const before = ledger;
  let made: Promise<CachedPrices> | undefined;
  const prices = (): Promise<CachedPrices> =>
    (made ??= import('./prices.ts').then(({ cachedPrices }) => cachedPrices(ctx, folder, baseUrl)));

  let spending: Parts['spending'];
  if (given.transcript !== undefined) {
    const { transcript, session } = given;
    const known = knownPrices(ctx, folder, ledger, async () => (await prices()).priceOf);
    const tracked = await trackSpending(ctx, ledger, { transcript, session }, known.priceFor);
    ({ spending, ledger } = tracked);
    if (known.learned() !== ledger.prices) ledger = { ...ledger, prices: known.learned() };
  }
  const known = await knowWindow(ctx, folder, ledger, given.model, async (model) => (await prices()).windowOf(model));
  if (known.ledger !== before) keepLedger(ctx, folder, known.ledger);
  return { given, now, spending, window: known.window ?? given.window, key: readKeyFigures(ctx, folder, baseUrl) };
}

/** Prices out of the ledger while day and files are the same: reading the catalog takes as long as all the rest. */
function knownPrices(
  ctx: Pick<Context, 'fs' | 'platform'>,
  folder: string,
  ledger: Ledger,
  load: () => Promise<CachedPrices['priceOf']>,
): { readonly priceFor: (answers: readonly Answer[]) => Promise<Price>; readonly learned: () => Ledger['prices'] } {
  const times = (['models.json', 'prices.jsonl'] as const).map((name) => ctx.fs.stat(keptFile(ctx, folder, name))?.mtimeMs ?? 0);
  let { prices } = ledger;
  const stamp = times.join(' ');
  // Whether OpenRouter or Anthropic answered shows in how the id begins.
  const keyOf = ({ at, id, model, requested, provider = '' }: Answer): string =>
    [dayOf(at), id.slice(0, 4), model, requested, provider].join(' ');
  const isKnown = (answer: Answer): boolean => prices[keyOf(answer)]?.[0] === stamp;
  return {
    learned: () => prices,
    async priceFor(answers) {
      const found = new Map(Object.entries(prices));
      for (const answer of answers.filter((each) => !isKnown(each))) {
        const priceOf = await load();
        if (found.get(keyOf(answer))?.[0] !== stamp) found.set(keyOf(answer), [stamp, priceOf(answer)]);
      }
      if (answers.some((each) => !isKnown(each))) prices = Object.fromEntries([...found].slice(-MOST_PRICES));
      return (answer) => {
        const price = found.get(keyOf(answer))?.[1];
        return price === undefined || price === null ? null : charge(price, answer.tokens, { at: answer.at });
      };
    },
  };
}

/** The window of a model, out of the ledger while the catalog is the same. */
async function knowWindow(
  ctx: Pick<Context, 'fs' | 'platform'>,
  folder: string,
  ledger: Ledger,
  model: string,
  windowOf: (model: string) => Promise<number | null>,
): Promise<{ readonly window: number | null; readonly ledger: Ledger }> {
  const mtimeMs = ctx.fs.stat(keptFile(ctx, folder, 'models.json'))?.mtimeMs ?? 0;
  const known = ledger.windows[model];
  if (Array.isArray(known) && known[0] === mtimeMs) return { window: typeof known[1] === 'number' ? known[1] : null, ledger };
  const window = await windowOf(model);
  const fresh = Object.entries(ledger.windows).filter(([, [time]]) => time === mtimeMs);
  return { window, ledger: { ...ledger, windows: { ...Object.fromEntries(fresh), [model]: [mtimeMs, window] } } };
}
