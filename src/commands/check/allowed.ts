import { keyedEndpoint } from '../../change/api-source.ts';
import { resolveAliases, type AliasModels } from '../../claude/aliases.ts';
import type { Context } from '../../core/context.ts';
import { passStop } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { ownFiles } from '../../core/folder.ts';
import { findingOf } from '../../diagnose/build.ts';
import { markBarred } from '../../openrouter/account-models.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';

/** What OpenRouter says of a mapping's models for the key in effect. */
export interface Allowed {
  /** One for each model the account blocks; null if OpenRouter was not asked or did not answer. */
  readonly barred: readonly Finding[] | null;
  /** Why nobody answered. */
  readonly remark?: string;
}

/** Milliseconds for the answer. */
const WAIT_MS = 5000;

/** Asks only where the key in effect may be sent unasked (`admitKnownUrl`). Writes nothing; throws only Cancelled. */
export async function findBarred(ctx: Context, models: AliasModels): Promise<Allowed> {
  // An invalid URL, key or record: compare what is in effect anyway.
  const endpoint = await keyedEndpoint(ctx).catch(passStop);
  if (endpoint === undefined) return { barred: null };
  const all = await loadCatalog(ctx, { folder: ownFiles(ctx).folder, endpoint, keep: false });
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
