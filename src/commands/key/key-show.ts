import { isOpenRouter } from '../../core/hosts.ts';
import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { OrccError, type ExitName } from '../../core/errors.ts';
import { type Finding, renderFindings } from '../../core/finding.ts';
import { flag, parseIntent } from '../../core/intent.ts';
import { holdsLiterally } from '../../config/storage.ts';
import { describeKey, requireUsable } from '../../config/describe-key.ts';
import { keyPage } from '../../config/revoke-link.ts';
import { describePlaceOf } from '../../keys/stored-view.ts';
import { readPresentKey } from '../../keys/present-key.ts';
import { matchThrownOrCause } from '../../diagnose/match.ts';
import { fetchKey } from '../../openrouter/client.ts';
import { renderPairs } from '../../text/table.ts';
import { admitKey, type KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import type { Outcome } from '../../core/outcome.ts';
import { maskKey, stripControls, shortPath } from '../../text/text.ts';

const schema = z.object({ offline: flag, to: toFlag, json: flag });

/**
 * `orcc key show`: the masked key, where it is stored, which files contain it, and what OpenRouter reports about it. Throws exit 3
 * if there is none.
 */
export async function runKeyShow(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const { machine, storage, key, destination, storedFor } = await readPresentKey(ctx);
  // Without a setup, the key is checked at the address that it was stored for.
  const own = machine.config === undefined && storedFor !== null ? { ...destination, baseUrl: storedFor } : destination;
  const { baseUrl } = own;
  const place = describePlaceOf(ctx, storage);
  if (key === undefined) {
    throw new OrccError('nothing', machine.config === undefined ? 'No key is stored' : `There is no key in ${place}`, {
      code: 'KEY_MISSING',
      hint: isOpenRouter(baseUrl)
        ? '`orcc login` gets one through the browser, `orcc key set` stores one that you have'
        : '`orcc key set` stores one',
    });
  }
  const literal = machine.state.targets
    .filter((target) => target.carries === 'setup' && holdsLiterally(target, storage))
    .map(({ path }) => shortPath(path, ctx.home));
  const live = intent.offline
    ? { exit: 'ok' as const, told: 'not asked (--offline)', findings: [] }
    : await ask(ctx, await admitKey(ctx, key, own, { storedFor, to: intent.to }));
  const page = isOpenRouter(baseUrl) ? keyPage(key) : null;
  const masked = maskKey(key);
  return {
    exit: live.exit,
    data: { key: masked, storage: storage.kind, place, literalIn: literal, baseUrl, page, live: live.told },
    findings: live.findings,
    remarks: (style) => renderFindings(live.findings, style),
    text: (style) =>
      renderPairs(
        [
          ['key', masked],
          ['storage', `${storage.kind}: ${place}`],
          ...literal.map((file) => ['is in', file] as const),
          ['address', stripControls(baseUrl)],
          [isOpenRouter(baseUrl) ? 'OpenRouter' : 'gateway', live.told],
          ...(page === null ? [] : [['page', page] as const]),
        ],
        style,
      ),
  };
}

/** What the gateway reports about the key. A refused key and an unreachable gateway are returned as results, not thrown. */
async function ask(
  ctx: Context,
  endpoint: KeyedEndpoint,
): Promise<{ readonly exit: ExitName; readonly told: string; readonly findings: readonly Finding[] }> {
  try {
    const row = await fetchKey(ctx, endpoint);
    requireUsable(row, ctx.clock.now());
    return { exit: 'ok', told: describeKey(row, ctx.clock.now()), findings: [] };
  } catch (error) {
    if (!(error instanceof OrccError) || (error.exit !== 'key' && error.exit !== 'network')) throw error;
    const found = matchThrownOrCause(error, { baseUrl: endpoint.baseUrl, keyFrom: 'the stored key' });
    return { exit: error.exit, told: error.message, findings: found === undefined ? [] : [found] };
  }
}
