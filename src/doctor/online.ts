import { resolveAliases, type AliasModels } from '../claude/aliases.ts';
import type { Context } from '../context.ts';
import { findingOf } from '../diagnose/build.ts';
import { matchThrown } from '../diagnose/match.ts';
import type { Finding } from '../diagnose/finding.ts';
import { Cancelled } from '../errors.ts';
import { judgeUsage } from '../models/usage-forecast.ts';
import { loadCatalog } from '../openrouter/catalog.ts';
import { fetchKey } from '../openrouter/client.ts';
import type { Checked } from './run-checks.ts';

export interface OnlineInput {
  readonly baseUrl: string;
  readonly key: string;
  /** orcc's own folder, for the catalog's cache. */
  readonly folder: string;
  readonly models: AliasModels | undefined;
}

/** What only OpenRouter can tell: whether the key serves, what is left on it, whether the mapped models are there. Two calls; no model is asked. */
export async function checkOnline(ctx: Context, input: OnlineInput): Promise<readonly Checked[]> {
  const { baseUrl, key } = input;
  const [account, catalog] = await Promise.all([checkAccount(ctx, baseUrl, key), checkCatalog(ctx, input)]);
  return [
    { code: 'KEY_BAD', fine: 'OpenRouter accepts the key, and there is something left on it', findings: account, fixes: [] },
    { code: 'MODEL_UNKNOWN', fine: "every mapped model is in OpenRouter's catalog", findings: catalog, fixes: [] },
  ];
}

async function checkAccount(ctx: Context, baseUrl: string, key: string): Promise<readonly Finding[]> {
  try {
    return judgeUsage(await fetchKey(ctx, { baseUrl, key }), null, ctx.clock.now());
  } catch (error) {
    const found = asFinding(error, baseUrl);
    return found === undefined ? [] : [found];
  }
}

async function checkCatalog(ctx: Context, { baseUrl, folder, models }: OnlineInput): Promise<readonly Finding[]> {
  if (models === undefined) return [];
  const catalog = await loadCatalog(ctx, { folder, endpoint: { baseUrl }, refresh: true, keep: false });
  // Where OpenRouter was not reached, the account's check has said so.
  if (catalog.source !== 'live') return [];
  return resolveAliases(models).flatMap(({ alias, model }) => {
    if (model.startsWith('@') || catalog.find(model) !== undefined) return [];
    return [findingOf('MODEL_UNKNOWN', { alias, model, nearest: catalog.nearest(model, 3) }, [], alias)];
  });
}

function asFinding(error: unknown, baseUrl: string): Finding | undefined {
  if (error instanceof Cancelled) throw error;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const found = matchThrown(error, { baseUrl }) ?? matchThrown(cause, { baseUrl });
  if (found === undefined) throw error;
  return found;
}
