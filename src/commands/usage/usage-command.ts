import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';
import * as z from 'zod/mini';
import { orccFolder } from '../../core/folder.ts';
import { flag, parseIntent, wholeNumber } from '../../core/intent.ts';
import { keepKeyFigures } from '../../openrouter/key-figures.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import { admitSource, requireApiSource } from '../../change/api-source.ts';
import { DAY_MS } from '../../text/day.ts';
import { GROUPINGS } from './flags.ts';
import { runUsage } from './usage.ts';

const HOURS: Readonly<Record<string, number>> = { h: 1, d: 24, w: 168 };
const WANTED = 'expected a time such as 7d, 24h, 2w or 2026-11-01';

const schema = z.object({
  by: z.exactOptional(z.enum(GROUPINGS, `${GROUPINGS.join(', ')} is wanted`)),
  since: z.exactOptional(z.string().check(z.regex(/^(?:\d{1,4}[hdw]|\d{4}-\d{2}-\d{2})$/, WANTED))),
  exact: wholeNumber(1, 1000),
  csv: flag,
  offline: flag,
  to: toFlag,
});

/**
 * `orcc usage`: what the key in effect has spent, with this machine's share; with `--by`, `--since`, `--exact`, `--csv` or
 * `--offline`, what this machine has spent.
 */
export async function runUsageCommand(ctx: Context, input: unknown): Promise<Outcome> {
  const { by, since, exact, csv, offline, to } = parseIntent(schema, input);
  if (by === undefined && since === undefined && exact === undefined && !csv && !offline) {
    const endpoint = await admitSource(ctx, await requireApiSource(ctx), to);
    return runUsage(ctx, endpoint, {
      onKey: (key) => keepKeyFigures(ctx, orccFolder(ctx), endpoint.baseUrl, key),
      spentHere: async (key) => (await import('./spent-here.ts')).readSpentHere(ctx, key),
    });
  }
  const { runMachineUsage } = await import('./machine.ts');
  return runMachineUsage(ctx, {
    by: by ?? 'day',
    csv,
    offline,
    to,
    exact,
    ...(since === undefined ? {} : { since: timeOf(since, ctx.clock.now()) }),
  });
}

/** The start of the period, in milliseconds since 1970. Throws exit 2 for a day that does not exist. */
function timeOf(since: string, now: number): number {
  const [, count, unit] = /^(\d+)([hdw])$/.exec(since) ?? [];
  if (count !== undefined && unit !== undefined) return now - (Number(count) * (HOURS[unit] ?? 0) * DAY_MS) / 24;
  const day = Date.parse(since);
  parseIntent(z.object({ since: z.number().check(z.refine((ms) => new Date(ms).toISOString().startsWith(since), WANTED)) }), {
    since: Number.isNaN(day) ? 0 : day,
  });
  return day;
}
