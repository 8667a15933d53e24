import { admitSource, readApiSource } from '../../change/api-source.ts';
import type { Context } from '../../core/context.ts';
import { Cancelled, OrccError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { findingOf } from '../../diagnose/build.ts';
import type { DoctorOptions } from '../../doctor/doctor.ts';
import { checkCatalog, checkOnline } from '../../doctor/online.ts';
import { markBarred } from '../../openrouter/account-models.ts';
import { type Catalog, withBases, type PresetBases } from '../../openrouter/catalog.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { askBases } from '../../openrouter/ask-bases.ts';

/** Milliseconds for what the account allows. */
const ACCOUNT_MS = 5000;

/** Whom doctor asks, and about what. */
export interface Asked {
  readonly endpoint?: KeyedEndpoint;
  readonly folder: string;
  /** Models that are mapped here. */
  readonly models: readonly string[];
  /** What presets among them stood for at the last change. */
  readonly bases: PresetBases | undefined;
  readonly withheld?: Finding;
}

/**
 * The endpoint for what only OpenRouter can tell; a key that belongs elsewhere, or to nobody here, is a finding, and the rest goes
 * on offline. `before` was asked in this run already, and is not agreed to once more; what `--to` named is done with then.
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

/** What doctor gets of OpenRouter, or why it is not asked; neither where there is no key. */
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

/** OpenRouter's own catalog, as the account of the key sees it: what it bars, and what its presets stand for now. */
async function liveCatalog(ctx: Context, endpoint: KeyedEndpoint, { folder, models, bases }: Omit<Asked, 'endpoint'>): Promise<Catalog> {
  const [all, present] = await Promise.all([
    loadCatalog(ctx, { folder, endpoint, refresh: true, keep: false }),
    askBases(ctx, endpoint, models, bases),
  ]);
  return withBases((await markBarred(ctx, endpoint, all, ACCOUNT_MS)).catalog, present);
}
