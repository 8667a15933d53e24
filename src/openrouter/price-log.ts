import type { Context } from '../core/context.ts';
import { keepFile, readKept } from '../core/keep-file.ts';
import { DAY_MS, dayOf } from '../text/day.ts';
import type { CachedCatalog } from './catalog-cache.ts';
import type { ModelPrice } from './charge.ts';
import { isModelPrice, priceOfModel, readPrice } from './read-price.ts';
import type { EndpointRow } from './schemas.ts';
import { tryJson } from '../text/json.ts';

type Slice = Pick<Context, 'fs' | 'platform'>;

/** In bytes; a larger log is started over. A year of price changes takes about half a megabyte. */
const MAX_BYTES = 8_000_000;

/**
 * The log has one JSON array per line, oldest first:
 * - `[day, baseUrl]`: all prices of the catalog were checked on that day
 * - `[day, baseUrl, id]`: the prices of this model's providers were checked on that day
 * - `[day, baseUrl, id, provider, price]`: a new price; the provider is empty for the catalog's price
 */
interface Entry {
  readonly day: string;
  readonly id?: string;
  readonly provider?: string;
  readonly price?: ModelPrice;
}

/** A price from the log. */
export interface KnownPrice {
  readonly price: ModelPrice;
  /** Whether it is the price of a provider's endpoint or of the catalog. */
  readonly source: 'endpoint' | 'catalog';
  /** True if it is the price of the day asked for; false if that is not known and this is the latest price. */
  readonly isOfThatDay: boolean;
}

/** Prices by day, from the log. */
export interface PriceBook {
  /**
   * What a model cost on a day (`2026-11-27`, UTC): this provider's price if known, else the catalog's; undefined if neither is
   * known.
   */
  priceOn(id: string, provider: string | undefined, day: string): KnownPrice | undefined;
  /** The last day on which the prices of this model's providers were checked; undefined if never. */
  lastLookAtProviders(id: string): string | undefined;
}

/** The price log for a base URL; invalid lines are skipped. Never throws. */
export function readPriceBook(ctx: Pick<Context, 'fs' | 'platform'>, folder: string, baseUrl: string): PriceBook {
  return bookOf(readLog(ctx, folder), baseUrl);
}

function readLog(ctx: Pick<Context, 'fs' | 'platform'>, folder: string): string {
  return readKept(ctx, folder, 'prices.jsonl', MAX_BYTES) ?? '';
}

/** Appends the prices of a catalog that differ from the log, and a line that they were checked. Never throws. */
export function appendCatalogPrices(ctx: Slice, folder: string, catalog: Pick<CachedCatalog, 'baseUrl' | 'asOf' | 'models'>): void {
  const prices = catalog.models.flatMap((model): [string, string, ModelPrice][] => {
    const price = priceOfModel(model);
    return price === undefined ? [] : [[model.id, '', price]];
  });
  append(ctx, folder, catalog.baseUrl, dayOf(catalog.asOf), undefined, prices);
}

/** Does the same for a model's providers. One whose endpoints differ in price is left out: it can't be known which one answered. */
export function appendEndpointPrices(
  ctx: Slice,
  folder: string,
  { baseUrl, id, now }: { readonly baseUrl: string; readonly id: string; readonly now: number },
  endpoints: readonly EndpointRow[],
): void {
  const byProvider = new Map<string, Map<string, ModelPrice>>();
  for (const { provider_name: provider, pricing } of endpoints) {
    const price = readPrice(pricing);
    if (provider === null || price === undefined) continue;
    const known = byProvider.get(provider) ?? new Map<string, ModelPrice>();
    byProvider.set(provider, known.set(JSON.stringify(price), price));
  }
  const prices = [...byProvider].flatMap(([provider, all]): [string, string, ModelPrice][] => {
    const [price] = all.values();
    return price === undefined || all.size > 1 ? [] : [[id, provider, price]];
  });
  append(ctx, folder, baseUrl, dayOf(now), id, prices);
}

function append(
  ctx: Slice,
  folder: string,
  baseUrl: string,
  day: string,
  looked: string | undefined,
  prices: readonly (readonly [id: string, provider: string, price: ModelPrice])[],
): void {
  const before = readLog(ctx, folder);
  const latest = new Map<string, string>();
  for (const { id, provider, price } of entriesOf(before, baseUrl)) {
    if (id !== undefined && provider !== undefined) latest.set(keyOf(id, provider), JSON.stringify(price));
  }
  const news = prices
    .filter(([id, provider, price]) => latest.get(keyOf(id, provider)) !== JSON.stringify(price))
    .map((each) => JSON.stringify([day, baseUrl, ...each]));
  const look = JSON.stringify(looked === undefined ? [day, baseUrl] : [day, baseUrl, looked]);
  const lines = [...(before.includes(look) ? [] : [look]), ...news];
  if (lines.length > 0) keepFile(ctx, folder, 'prices.jsonl', `${before}${lines.join('\n')}\n`);
}

const keyOf = (id: string, provider: string): string => `${id}\n${provider}`;

function entriesOf(log: string, baseUrl: string): Entry[] {
  const isOurs = `,${JSON.stringify(baseUrl)}`;
  return log.split('\n').flatMap((line) => (line.includes(isOurs) ? (readEntry(line) ?? []) : []));
}

function readEntry(line: string): Entry | undefined {
  const value = tryJson(line);
  if (!Array.isArray(value)) return undefined;
  const [day, , id, provider, price] = value as readonly unknown[];
  if (typeof day !== 'string') return undefined;
  if (value.length === 2) return { day };
  if (typeof id !== 'string') return undefined;
  if (value.length === 3) return { day, id };
  return typeof provider === 'string' && isModelPrice(price) ? { day, id, provider, price } : undefined;
}

/** Parses lines only for the models asked for: the status line needs one of four hundred. */
function bookOf(log: string, baseUrl: string): PriceBook {
  const ours = `,${JSON.stringify(baseUrl)}`;
  const lines = log.split('\n').filter((line) => line.includes(ours));
  const catalogLooks = lines.flatMap((line) => (line.endsWith(`${ours}]`) ? (readEntry(line)?.day ?? []) : [])).sort();
  const known = new Map<string, readonly Entry[]>();
  const entriesFor = (id: string): readonly Entry[] => {
    const mark = `${ours},${JSON.stringify(id)}`;
    const found =
      known.get(id) ??
      inOrder(lines.flatMap((line) => (line.includes(mark) ? (readEntry(line) ?? []) : []))).filter((entry) => entry.id === id);
    known.set(id, found);
    return found;
  };
  const looksAt = (id: string): readonly string[] => entriesFor(id).flatMap((entry) => (entry.provider === undefined ? entry.day : []));
  return {
    lastLookAtProviders: (id) => looksAt(id).at(-1),
    priceOn(id, provider, day) {
      const by = (name: string): readonly Entry[] => entriesFor(id).filter((entry) => entry.provider === name);
      const own = provider === undefined || provider === '' ? [] : by(provider);
      if (own.length > 0) return priceIn(own, looksAt(id), 'endpoint', day);
      const general = by('');
      return general.length === 0 ? undefined : priceIn(general, catalogLooks, 'catalog', day);
    },
  };
}

/** Sorts by day, since a clock that was set back may have written earlier days after later ones. */
function inOrder(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => (a.day === b.day ? 0 : a.day < b.day ? -1 : 1));
}

/** The price on a day; the latest price if the log starts later, or the price may have changed unseen by that day. */
function priceIn(entries: readonly Entry[], looks: readonly string[], source: KnownPrice['source'], day: string): KnownPrice | undefined {
  const next = entries.findIndex((entry) => entry.day > day);
  const valid = next < 0 ? entries.at(-1) : entries[next - 1];
  const latest = entries.at(-1)?.price;
  if (latest === undefined) return undefined;
  if (valid?.price === undefined) return { price: latest, source, isOfThatDay: false };
  const changed = next < 0 ? undefined : entries[next]?.day;
  const lastLook = looks.findLast((look) => changed === undefined || look < changed) ?? valid.day;
  // A check also counts for the following day, since the catalog is fetched at most once a day.
  const end = changed === undefined ? dayOf(Date.parse(lastLook) + DAY_MS) : lastLook;
  const isOfThatDay = day <= (end < valid.day ? valid.day : end);
  return { price: isOfThatDay ? valid.price : latest, source, isOfThatDay };
}
