import { readApiSource } from '../../change/api-source.ts';
import { resolveAliases, type AliasModels } from '../../claude/aliases.ts';
import type { Context } from '../../core/context.ts';
import { passStop } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { findingOf } from '../../diagnose/build.ts';
import { markBarred } from '../../openrouter/account-models.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import { admitKnownUrl, type KeyedEndpoint } from '../../openrouter/endpoint.ts';

/** What OpenRouter says of a mapping's models for the key in effect. */
export interface Allowed {
  /** One for each model that the account bars; null where nobody was asked, or nobody answered. */
  readonly barred: readonly Finding[] | null;
  /** Why nobody answered. */
  readonly remark?: string;
}

/** Milliseconds for the answer. */
const WAIT_MS = 5000;

/** Asks only where the key in effect goes of itself (`admitKnownUrl`); writes nothing. Throws only Cancelled. */
export async function findBarred(ctx: Context, models: AliasModels): Promise<Allowed> {
  const found = await endpointInEffect(ctx);
  if (found === undefined) return { barred: null };
  const { endpoint, folder } = found;
  const all = await loadCatalog(ctx, { folder, endpoint: { baseUrl: endpoint.baseUrl }, keep: false });
  if (all.source === 'builtin')
    return { barred: null, ...(all.warning === undefined ? {} : { remark: `OpenRouter was not asked about the models: ${all.warning}` }) };
  const { catalog, remark } = await markBarred(ctx, endpoint, all, WAIT_MS);
  if (remark !== undefined) return { barred: null, remark };
  const barred = resolveAliases(models).flatMap(({ alias, model }) =>
    catalog.find(model)?.barred === true
      ? [findingOf('MODEL_NOT_ALLOWED', { alias, model }, ['OpenRouter lists it, but not for this key'], alias)]
      : [],
  );
  return { barred };
}

async function endpointInEffect(ctx: Context): Promise<{ readonly endpoint: KeyedEndpoint; readonly folder: string } | undefined> {
  try {
    const { key, storedFor, destination, machine } = await readApiSource(ctx);
    if (key === undefined || key === '') return undefined;
    const endpoint = admitKnownUrl(destination, { storedFor })?.with(key);
    return endpoint && { endpoint, folder: machine.own.folder };
  } catch (error) {
    passStop(error);
    // A URL, key or record that is none: what is in effect is compared all the same.
    return undefined;
  }
}
