import { admitSource, readApiSource } from '../../change/api-source.ts';
import type { Context } from '../../core/context.ts';
import { Cancelled, OrccError, orUndefined } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { findingOf } from '../../diagnose/build.ts';
import type { DoctorOptions } from '../../doctor/doctor.ts';
import { markBarred } from '../../openrouter/account-models.ts';
import { type Catalog, withBases, type PresetBases } from '../../openrouter/catalog.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import type { KeyedEndpoint, Endpoint } from '../../openrouter/endpoint.ts';
import { matchThrownOrCause, warnOf } from '../../diagnose/match.ts';
import { orccFolder } from '../../core/folder.ts';
import { isOpenRouter, nameOfGateway } from '../../core/hosts.ts';
import { ApiError } from '../../openrouter/error-body.ts';
import { judgeUsage } from '../../probe/usage-forecast.ts';
import { fetchKey, fetchPreset, type ClientContext } from '../../openrouter/client.ts';
import { keepKeyFigures } from '../../openrouter/key-figures.ts';
import type { Checked } from '../../doctor/checks/index.ts';
import { presetOf } from '../../openrouter/model-id.ts';

/** Milliseconds to wait for which models the account allows. */
const ACCOUNT_MS = 5000;

/** Whom doctor asks, and about what. Without `endpoint` nobody is asked; `withheld` says why, if there is a key. */
interface Asked {
  readonly endpoint?: KeyedEndpoint;
  readonly folder: string;
  /** The mapped models. */
  readonly models: readonly string[];
  /** The base models of the presets among them, as of the last change. */
  readonly bases: PresetBases | undefined;
  readonly withheld?: Finding;
}

/**
 * Whom to ask for what only OpenRouter knows. If the key belongs to another address or may not be sent, that becomes a finding
 * (`withheld`) and doctor goes on offline. `before` is the base URL already asked in this run: it needs no second consent, and `to`
 * no longer counts then.
 */
export async function whomToAsk(ctx: Context, to: string | undefined, before?: string): Promise<Asked> {
  const source = await readApiSource(ctx);
  const { key, machine, destination, storedFor, now } = source;
  const models = now.mapping.aliases.flatMap(({ model }) => model ?? []);
  const about = { folder: machine.own.folder, models, bases: machine.config?.limits.bases };
  if (key === undefined) return about;
  const agreed = before === undefined ? to : destination.baseUrl.trim() === before ? before : undefined;
  try {
    return { ...about, endpoint: await admitSource(ctx, { ...source, key }, agreed) };
  } catch (error) {
    if (!(error instanceof OrccError) || error instanceof Cancelled) throw error;
    // An invalid base URL has a check of its own.
    if (error.code === 'BASE_URL_WRONG') return about;
    const code = error.code === 'KEY_FOREIGN' || error.code === 'KEY_BAD' ? error.code : 'KEY_OTHER_ADDRESS';
    return {
      ...about,
      withheld: findingOf(code, { baseUrl: destination.baseUrl, right: storedFor ?? undefined, said: destination.from }, [error.message]),
    };
  }
}

/** What doctor asks OpenRouter for, or the finding that says why it is not asked; neither if there is no key. */
export function askOnline(ctx: Context, { endpoint, withheld, ...about }: Asked): Pick<DoctorOptions, 'online' | 'withheld'> {
  if (endpoint === undefined) return withheld === undefined ? {} : { withheld };
  return {
    online: () => {
      const catalog = liveCatalog(ctx, endpoint, about);
      const account = Promise.all([checkOnline(ctx, endpoint), catalog]).then(([checked, { failure }]) => [
        ...checked,
        ...checkCatalog(failure, checked, endpoint.baseUrl),
      ]);
      return { account, catalog };
    },
  };
}

/** OpenRouter's current catalog as this key's account sees it: with the models it bars marked and its presets resolved. */
async function liveCatalog(ctx: Context, endpoint: KeyedEndpoint, { folder, models, bases }: Omit<Asked, 'endpoint'>): Promise<Catalog> {
  const [all, present] = await Promise.all([
    loadCatalog(ctx, { folder, endpoint, refresh: true, keep: false }),
    askBases(ctx, endpoint, models, bases),
  ]);
  return withBases((await markBarred(ctx, endpoint, all, ACCOUNT_MS)).catalog, present);
}

/** Whether OpenRouter accepts the key, and how much is left to spend. One call; no model is asked. */
async function checkOnline(ctx: Context, endpoint: KeyedEndpoint): Promise<readonly Checked[]> {
  const fine = `${nameOfGateway(endpoint.baseUrl)} accepts the key, and it has something left to spend`;
  return [{ code: 'KEY_BAD', fine, findings: await checkAccount(ctx, endpoint), fixes: [] }];
}

/** The finding for a catalog that could not be loaded, which leaves older windows and prices; none if the key check met the same fault. */
function checkCatalog(failure: unknown, account: readonly Checked[], baseUrl: string): readonly Checked[] {
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
    // A gateway other than OpenRouter may not describe its keys; `orcc test` shows whether they work.
    if (error instanceof ApiError && error.isNoPage && !isOpenRouter(endpoint.baseUrl)) return [];
    const { baseUrl, keyFrom } = endpoint;
    const found = error instanceof Cancelled ? undefined : matchThrownOrCause(error, { baseUrl, keyFrom });
    if (found === undefined) throw error;
    return [found];
  }
}

/**
 * Asks OpenRouter for the base model of each preset among `ids`. Where it gives none (no such preset, a key that may not see it, no
 * answer), the one in `known` stays.
 *
 * @throws only Cancelled
 */
async function askBases(ctx: ClientContext, endpoint: Endpoint, ids: readonly string[], known: PresetBases = {}): Promise<PresetBases> {
  const asked = [...new Set(ids)].map(async (id): Promise<[string, string][]> => {
    const slug = id.startsWith('@') ? presetOf(id) : undefined;
    if (slug === undefined) return [];
    const base = (await orUndefined(fetchPreset(ctx, endpoint, slug)))?.base;
    return base === undefined ? [] : [[id, base]];
  });
  return { ...known, ...Object.fromEntries((await Promise.all(asked)).flat()) };
}
