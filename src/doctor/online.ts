import { resolveAliases, type AliasId, type AliasModels } from '../claude/aliases.ts';
import type { Context } from '../context.ts';
import { findingOf } from '../diagnose/build.ts';
import { matchThrown } from '../diagnose/match.ts';
import type { Finding } from '../diagnose/finding.ts';
import { Cancelled } from '../errors.ts';
import { judgeUsage } from '../models/usage-forecast.ts';
import { loadCatalog } from '../openrouter/catalog.ts';
import { fetchKey } from '../openrouter/client.ts';
import { describePlace, isForeign } from './check.ts';
import type { Observed } from './observed.ts';
import type { Checked } from './run-checks.ts';

export interface OnlineInput {
  readonly baseUrl: string;
  readonly key: string;
  /** orcc's own folder, for the catalog's cache. */
  readonly folder: string;
  /** As orcc is configured. */
  readonly models: AliasModels | undefined;
}

/** A model behind an alias; `place` where something else than orcc put it there. */
interface Mapped {
  readonly alias: AliasId;
  readonly model: string;
  readonly seen: string;
  readonly place?: string;
}

/** What only OpenRouter can tell: whether the key serves, what is left on it, whether the mapped models are there. Two calls; no model is asked. */
export async function checkOnline(ctx: Context, input: OnlineInput, observed: Observed): Promise<readonly Checked[]> {
  const { baseUrl, key } = input;
  const [account, catalog] = await Promise.all([checkAccount(ctx, baseUrl, key), checkCatalog(ctx, input, observed)]);
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

async function checkCatalog(ctx: Context, { baseUrl, folder, models }: OnlineInput, observed: Observed): Promise<readonly Finding[]> {
  const mapped = mappedModels(models, observed);
  if (mapped.length === 0) return [];
  const catalog = await loadCatalog(ctx, { folder, endpoint: { baseUrl }, refresh: true, keep: false });
  // Where OpenRouter was not reached, the account's check has said so.
  if (catalog.source !== 'live') return [];
  return mapped.flatMap(({ alias, model, seen, place }) => {
    if (model.startsWith('@') || catalog.find(model) !== undefined) return [];
    const nearest = catalog.nearest(model, 3);
    const finding = findingOf('MODEL_UNKNOWN', { alias, model, nearest }, [seen], alias);
    // `orcc switch` would not change what others wrote.
    return [
      place === undefined
        ? finding
        : { ...finding, fix: `put another id into ${place}${nearest[0] === undefined ? '' : `: \`${nearest[0]}\``}` },
    ];
  });
}

/** What is in effect, with its place, and what orcc is configured to; each alias and model once. */
function mappedModels(models: AliasModels | undefined, { views, own }: Observed): readonly Mapped[] {
  const configured = models === undefined ? [] : resolveAliases(models).map((each) => ({ ...each, seen: 'orcc is set up with it' }));
  const inEffect = views
    .filter(({ mapping }) => mapping.baseUrl !== undefined && isForeign(mapping.baseUrl.value))
    .flatMap(({ name, mapping }) =>
      mapping.aliases.flatMap(({ alias, model, source }): Mapped[] => {
        if (model === undefined || source === undefined) return [];
        const place = describePlace(source);
        const isOurs =
          configured.some((each) => each.alias === alias && each.model === model) || own.some(({ path }) => path === source.file);
        return [{ alias, model, seen: `${place} sets it (${name})`, ...(isOurs ? {} : { place }) }];
      }),
    );
  return [...new Map([...configured, ...inEffect.toReversed()].map((each) => [`${each.alias} ${each.model}`, each])).values()];
}

function asFinding(error: unknown, baseUrl: string): Finding | undefined {
  if (error instanceof Cancelled) throw error;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const found = matchThrown(error, { baseUrl }) ?? matchThrown(cause, { baseUrl });
  if (found === undefined) throw error;
  return found;
}
