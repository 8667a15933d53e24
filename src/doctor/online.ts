import type { Context } from '../core/context.ts';
import { matchThrown, warnOf } from '../diagnose/match.ts';
import type { Finding } from '../core/finding.ts';
import { Cancelled } from '../core/errors.ts';
import { orccFolder } from '../core/folder.ts';
import { isOpenRouterHost } from '../core/hosts.ts';
import { ApiError } from '../openrouter/error-body.ts';
import { judgeUsage } from '../probe/usage-forecast.ts';
import { fetchKey } from '../openrouter/client.ts';
import { keepKeyFigures } from '../openrouter/key-figures.ts';
import type { KeyedEndpoint } from '../openrouter/endpoint.ts';
import type { Checked } from './checks/index.ts';

/** What only OpenRouter can tell of the key: whether it serves, and what is left on it. One call; no model is asked. */
export async function checkOnline(ctx: Context, endpoint: KeyedEndpoint): Promise<readonly Checked[]> {
  const findings = await checkAccount(ctx, endpoint);
  return [{ code: 'KEY_BAD', fine: 'OpenRouter accepts the key, and it has something left to spend', findings, fixes: [] }];
}

/** Why OpenRouter gave no catalog, so that windows and prices are older ones; nothing where the key met with the same. */
export function checkCatalog(failure: unknown, account: readonly Checked[], baseUrl: string): readonly Checked[] {
  if (failure === undefined) return [];
  const told = account.flatMap(({ findings }) => findings.map(({ code }) => code));
  const findings = warnOf(failure, 'catalog', { baseUrl }).filter(({ code }) => !told.includes(code));
  return findings.map((finding) => ({ code: finding.code, findings: [finding], fixes: [] }));
}

async function checkAccount(ctx: Context, endpoint: KeyedEndpoint): Promise<readonly Finding[]> {
  try {
    const key = await fetchKey(ctx, endpoint);
    keepKeyFigures(ctx, orccFolder(ctx), endpoint.baseUrl, key);
    return judgeUsage(key, null, ctx.clock.now());
  } catch (error) {
    // A gateway of another kind has no page for its keys; `orcc test` shows whether they work.
    const isMissing = error instanceof ApiError && (error.status === 404 || error.status === 405);
    if (isMissing && !isOpenRouterHost(new URL(endpoint.baseUrl).hostname)) return [];
    const found = asFinding(error, endpoint.baseUrl);
    return found === undefined ? [] : [found];
  }
}

function asFinding(error: unknown, baseUrl: string): Finding | undefined {
  if (error instanceof Cancelled) throw error;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const found = matchThrown(error, { baseUrl }) ?? matchThrown(cause, { baseUrl });
  if (found === undefined) throw error;
  return found;
}
