import { admitSource, requireApiSource } from '../../change/api-source.ts';
import type { Context } from '../../core/context.ts';
import { OrccError, passStop } from '../../core/errors.ts';
import { orccFolder } from '../../core/folder.ts';
import type { Outcome } from '../../core/outcome.ts';
import { fetchKey } from '../../openrouter/client.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { keepKeyFigures } from '../../openrouter/key-figures.ts';
import type { KeyRow } from '../../openrouter/schemas.ts';
import { stripControls } from '../../text/text.ts';
import { compareExact, exactData, renderExact } from './exact.ts';
import { machineCsv, machineData, machineRemarks, renderMachine } from './machine-view.ts';
import { reportMachine, type ReportQuery } from './report.ts';
import { countedBy } from './usage.ts';

interface MachineQuery extends ReportQuery {
  readonly csv: boolean;
  readonly to: string | undefined;
  /** How many of the newest answers OpenRouter is asked about. */
  readonly exact: number | undefined;
}

/**
 * `orcc usage --by …`: what Claude Code on this machine has spent, from its transcripts, next to the key's own counters if it can
 * be asked.
 *
 * @throws as `reportMachine`; with `exact` also if OpenRouter can't be asked
 */
export async function runMachineUsage(ctx: Context, query: MachineQuery): Promise<Outcome> {
  if (query.exact !== undefined && query.offline) {
    throw new OrccError('usage', '`--exact` asks OpenRouter, which `--offline` rules out');
  }
  const asked: Promise<Asked> = query.offline ? Promise.resolve({}) : askKey(ctx, query.to);
  // If the report fails first, nobody awaits this: its failure must not count as unhandled.
  asked.catch(() => undefined);
  const report = await reportMachine(ctx, query);
  const { key, endpoint, why } = await asked;
  if (query.exact !== undefined && endpoint === undefined) throw why ?? new OrccError('nothing', 'There is no key to ask OpenRouter with');
  const exact =
    query.exact === undefined || endpoint === undefined
      ? undefined
      : await compareExact(ctx, endpoint, report.newest.slice(0, query.exact));
  const now = ctx.clock.now();
  return {
    exit: 'ok',
    data: {
      ...machineData(report),
      key: key === undefined ? null : countedBy(key),
      ...(exact === undefined ? {} : { exact: exactData(exact) }),
    },
    findings: [],
    text: (style) =>
      query.csv
        ? machineCsv(report)
        : [renderMachine(report, key, ctx.home, style), ...(exact === undefined ? [] : ['', renderExact(exact, style)])].join('\n'),
    remarks: (style) =>
      [
        machineRemarks(report, now, ctx.home, style, key),
        ...(why === undefined ? [] : [style.dim(`the key's own figures are missing: ${stripControls(why.message)}`)]),
      ].join('\n'),
  };
}

interface Asked {
  readonly key?: KeyRow;
  readonly endpoint?: KeyedEndpoint;
  readonly why?: OrccError;
}

/** The key's own counters, or `why` they could not be had. `endpoint` is set as soon as the key may be sent there. */
async function askKey(ctx: Context, to: string | undefined): Promise<Asked> {
  let endpoint: KeyedEndpoint | undefined;
  try {
    endpoint = await admitSource(ctx, await requireApiSource(ctx), to);
    const key = await fetchKey(ctx, endpoint);
    keepKeyFigures(ctx, orccFolder(ctx), endpoint.baseUrl, key);
    return { endpoint, key };
  } catch (error) {
    passStop(error);
    return { ...(endpoint === undefined ? {} : { endpoint }), why: error };
  }
}
