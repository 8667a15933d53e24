import type { Context } from '../../core/context.ts';
import { passStop } from '../../core/errors.ts';
import type { KeyRow } from '../../openrouter/schemas.ts';
import type { Style } from '../../text/style.ts';
import { stripControls } from '../../text/text.ts';
import type { Sum } from './group.ts';
import { formatSum, machineRemarks, sumData } from './machine-view.ts';
import { firstCounted, reportMachine } from './report.ts';

/** What Claude Code on this machine spent in the periods that the key's own counters count. */
export interface SpentHere {
  /** As shown, `~$0.42`; absent if not known. */
  readonly shown?: Readonly<Record<'today' | 'week' | 'month', string>>;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly remarks: (style: Style) => string;
}

/** Reads it from the transcripts. If there are none, or none can be read, `remarks` says so. Throws only Cancelled. */
export async function readSpentHere(ctx: Context, key: Pick<KeyRow, 'byok_usage'>): Promise<SpentHere> {
  try {
    const now = ctx.clock.now();
    const report = await reportMachine(ctx, { by: 'day', since: firstCounted(now), offline: false });
    const { today, week, month } = report.windows;
    const sums = Object.entries({ today, week, month }).flatMap(([name, sum]): [string, Sum][] => (sum === undefined ? [] : [[name, sum]]));
    const shown = (sum: Sum | undefined): string => (sum === undefined ? '' : formatSum(sum));
    return {
      shown: { today: shown(today), week: shown(week), month: shown(month) },
      data: Object.fromEntries(sums.map(([name, sum]) => [name, sumData(sum)])),
      remarks: (style) => machineRemarks(report, now, ctx.home, style, key),
    };
  } catch (error) {
    passStop(error);
    return { data: null, remarks: (style) => style.dim(`what this machine has spent is not known: ${stripControls(error.message)}`) };
  }
}
