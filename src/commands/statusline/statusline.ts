import { textOf } from '../../text/json.ts';
import { DEFAULT_BASE_URL } from '../../core/hosts.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { orccFolder } from '../../core/folder.ts';
import type { Outcome } from '../../core/outcome.ts';
import { checkOwnFolder } from '../../core/own-folder.ts';
import { readKeyFigures } from '../../openrouter/key-figures.ts';
import { colorLevelOf } from '../../text/color-level.ts';
import { dayOf } from '../../text/day.ts';
import { readGiven, type Given } from './given.ts';
import { keepLedger, readLedger } from './ledger.ts';
import { coloured, formattedLine, plain, usualLine, type Parts } from './line.ts';
import { createLookups } from './lookups.ts';
import { trackSpending } from './spending.ts';

/** Most bytes read from standard input; Claude Code sends about two thousand. */
const MAX_INPUT = 4_000_000;

/**
 * `orcc statusline`: prints one line from Claude Code's JSON on standard input. Claude Code runs it after each answer and shows
 * what it prints, so it always prints something and exits with 0: the model alone if anything is wrong. Throws exit 2 on a
 * terminal.
 */
export async function runStatusline(ctx: Context, input: Readonly<Record<string, unknown>>): Promise<Outcome> {
  if (input['install'] === true || input['remove'] === true) return (await import('./install.ts')).runInstall(ctx, input);
  if (ctx.interactive) {
    throw new OrccError('usage', '`orcc statusline` reads what Claude Code passes to a status line, and got nothing', {
      hint: '`orcc statusline --install` adds it to your settings',
    });
  }
  const given = await ctx.readStdin(MAX_INPUT, true).catch(() => '');
  const line = await makeLine(ctx, given, textOf(input['format']));
  const after = textOf(input['after']);
  const more = after === undefined ? '' : await (await import('./after.ts')).runAfter(ctx, after, given);
  return { exit: 'ok', data: { line }, findings: [], text: () => [line, more].filter((each) => each !== '').join('\n') };
}

async function makeLine(ctx: Context, text: string, format: string | undefined): Promise<string> {
  const given = readGiven(text, ctx.env);
  try {
    const parts = await gatherParts(ctx, given);
    // Claude Code shows colours although it reads the line through a pipe.
    const paint = colorLevelOf(ctx.env, true) === 0 ? plain : coloured;
    return (format === undefined ? usualLine(parts, widthOf(ctx), paint) : formattedLine(format, parts, paint)) || given.model;
  } catch {
    return given.model;
  }
}

/** The terminal's width, which Claude Code passes in COLUMNS, less a few cells at the right that it needs itself. */
function widthOf({ env }: Pick<Context, 'env'>): number {
  const columns = Number(env['COLUMNS']);
  return Number.isInteger(columns) && columns > 0 ? Math.max(20, columns - 4) : Infinity;
}

async function gatherParts(ctx: Context, given: Given): Promise<Parts> {
  checkOwnFolder(ctx);
  const folder = orccFolder(ctx);
  const now = ctx.clock.now();
  const baseUrl = (ctx.env['ANTHROPIC_BASE_URL'] ?? '').trim().replace(/\/+$/, '') || DEFAULT_BASE_URL;
  const before = readLedger(ctx, folder, dayOf(now), baseUrl);
  const lookups = createLookups(ctx, folder, baseUrl, before.found);
  const { transcript, session } = given;
  const tracked = transcript === undefined ? undefined : await trackSpending(ctx, before, { transcript, session }, lookups.pricesFor);
  const window = await lookups.windowOf(given.model);
  const ledger = tracked?.ledger ?? before;
  const found = lookups.found();
  if (ledger !== before || found !== before.found) keepLedger(ctx, folder, { ...ledger, found });
  return { given, now, spending: tracked?.spending, window: window ?? given.window, key: readKeyFigures(ctx, folder, baseUrl) };
}
