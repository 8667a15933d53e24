import type { Context } from '../core/context.ts';
import { keepFile, readKept } from '../core/keep-file.ts';
import type { Writable } from '../text/defined.ts';
import { isObject, tryJson } from '../text/json.ts';
import type { CatalogModel } from './catalog-model.ts';
import { isModelPrice } from './read-price.ts';

/** The catalog as stored on disk: orcc's own rows, a quarter of the size of what OpenRouter sends. */
export interface CachedCatalog {
  readonly baseUrl: string;
  /** When OpenRouter last confirmed it, in milliseconds since 1970. */
  readonly asOf: number;
  readonly etag?: string;
  readonly models: readonly CatalogModel[];
  /** Finds a row by its id without reading the others. */
  readonly find?: (id: string) => CatalogModel | undefined;
  /** Finds a row by its canonical slug and variant. */
  readonly findSlug?: (slug: string, variant: string | undefined) => CatalogModel | undefined;
}

type Slice = Pick<Context, 'fs' | 'platform'>;

const VERSION = 2;
/** In bytes; orcc never writes a larger file. */
const MAX_BYTES = 20_000_000;

/**
 * A model as an array of values, which takes a third of the size and of the reading time of an object. Checked without zod, which
 * would take a fifth of the run time of `orcc models` for four hundred rows.
 */
type Row = readonly [
  id: string,
  name: string,
  created: number,
  context: number | null,
  maxOutput: number | null,
  inputPrice: number | null,
  outputPrice: number | null,
  flags: number,
  variant: string | null,
  cacheRead: number | null,
  cacheWrite: number | null,
  peakInput: number | null,
  peakOutput: number | null,
  expires: string | null,
  aliasTarget: string | null,
  coding: number | null,
  agentic: number | null,
  intelligence: number | null,
  canonicalSlug: string | null,
  sessionInput: number | null,
  sessionOutput: number | null,
  sessionFrom: number | null,
  /** As JSON text: most rows have none, and most readers don't need it parsed. */
  price: string | null,
];
/** The lengths of rows written by an older orcc: still read, but the catalog is fetched in full at the next request. */
const OLD_LENGTHS: readonly number[] = [18, 22];
/** A letter for each value of a row: s for a string, n for a number, in upper case if null is allowed. */
const ROW = [...'ssnNNNNnSNNNNSSNNNSNNNS'].map((kind) => ({ type: /s/i.test(kind) ? 'string' : 'number', mayLack: /[SN]/.test(kind) }));

function isRow(row: unknown): row is Row {
  if (!Array.isArray(row) || (row.length !== ROW.length && !OLD_LENGTHS.includes(row.length))) return false;
  return ROW.every(({ type, mayLack }, index) => {
    const value: unknown = row[index] ?? null;
    return value === null ? mayLack : typeof value === type;
  });
}

/** The file's header and unchecked rows; undefined for a file of another format. Checked by hand, so that the status line needs no zod. */
function readHead(value: unknown): (Pick<CachedCatalog, 'baseUrl' | 'asOf' | 'etag'> & { readonly rows: readonly unknown[] }) | undefined {
  if (!isObject(value) || value['version'] !== VERSION) return undefined;
  const { baseUrl, asOf, etag, rows } = value;
  if (typeof baseUrl !== 'string' || typeof asOf !== 'number' || !Array.isArray(rows)) return undefined;
  return { baseUrl, asOf, rows, ...(typeof etag === 'string' ? { etag } : {}) };
}

const FLAGS = ['tools', 'toolChoice', 'reasoning', 'textIn', 'textOut', 'batch', 'free', 'textOnly', 'priceUntold', 'toolsUntold'] as const;

/** The cache for this base URL; undefined if there is none, or it is damaged, too large or of another version. Never throws. */
export function readCache(ctx: Slice, folder: string, baseUrl: string): CachedCatalog | undefined {
  const head = readHead(tryJson(readKept(ctx, folder, 'models.json', MAX_BYTES) ?? ''));
  if (head?.baseUrl !== baseUrl) return undefined;
  const { asOf, rows } = head;
  // Without the ETag, OpenRouter can't answer "unchanged", and rows of an older orcc get their missing values.
  const etag = Array.isArray(rows[0]) && rows[0].length !== ROW.length ? undefined : head.etag;
  // The first row tells if the file has another format; any other invalid row is skipped later.
  if (rows.length > 0 && !isRow(rows[0])) return undefined;
  return lazyCatalog({ baseUrl, asOf, ...(etag === undefined ? {} : { etag }) }, rows);
}

/**
 * Checks rows only when they are needed: `status` and `switch` look up a handful of models, and checking four hundred
 * would take a third of their run time. An invalid row counts as absent.
 */
function lazyCatalog(head: Omit<CachedCatalog, 'models' | 'find' | 'findSlug'>, rows: readonly unknown[]): CachedCatalog {
  const read = (row: unknown): CatalogModel | undefined => (isRow(row) ? fromRow(row) : undefined);
  let all: readonly CatalogModel[] | undefined;
  return {
    ...head,
    get models() {
      return (all ??= rows.flatMap((row) => read(row) ?? []));
    },
    find: (id) => read(rows.find((row) => Array.isArray(row) && row[0] === id)),
    findSlug: (slug, variant) => read(rows.find((row) => Array.isArray(row) && row[18] === slug && (row[8] ?? undefined) === variant)),
  };
}

/**
 * Replaces the cache atomically. Never throws, since a cache that can't be written is not an error.
 *
 * @returns whether it was written
 */
export function writeCache(ctx: Slice, folder: string, cache: CachedCatalog): boolean {
  const { models, find: _find, findSlug: _findSlug, ...head } = cache;
  return keepFile(ctx, folder, 'models.json', `${JSON.stringify({ version: VERSION, ...head, rows: models.map(toRow) })}\n`);
}

function toRow(model: CatalogModel): Row {
  const flags = FLAGS.reduce((sum, flag, index) => (model[flag] ? sum | (1 << index) : sum), 0);
  return [
    model.id,
    model.name,
    model.created,
    model.context,
    model.maxOutput,
    model.inputPrice,
    model.outputPrice,
    flags,
    model.variant ?? null,
    model.cacheRead ?? null,
    model.cacheWrite ?? null,
    model.peakInput ?? null,
    model.peakOutput ?? null,
    model.expires ?? null,
    model.aliasTarget ?? null,
    model.scores?.coding ?? null,
    model.scores?.agentic ?? null,
    model.scores?.intelligence ?? null,
    model.canonicalSlug ?? null,
    model.session?.input ?? null,
    model.session?.output ?? null,
    model.session?.from ?? null,
    model.price === undefined ? null : JSON.stringify(model.price),
  ];
}

function fromRow(row: Row): CatalogModel {
  const [
    id,
    name,
    created,
    context,
    maxOutput,
    inputPrice,
    outputPrice,
    flags,
    variant,
    cacheRead,
    cacheWrite,
    peakInput,
    peakOutput,
    expires,
    aliasTarget,
    coding,
    agentic,
    intelligence,
  ] = row;
  const has = (index: number): boolean => (flags & (1 << index)) !== 0;
  // Spreading the optional members would be shorter, but takes twice as long as all the other reading.
  const model: Writable<CatalogModel> = {
    id,
    name,
    created,
    context,
    maxOutput,
    inputPrice,
    outputPrice,
    tools: has(0),
    toolChoice: has(1),
    reasoning: has(2),
    textIn: has(3),
    textOut: has(4),
    batch: has(5),
    free: has(6),
  };
  if (has(7)) model.textOnly = true;
  if (has(8)) model.priceUntold = true;
  if (has(9)) model.toolsUntold = true;
  if (variant !== null) model.variant = variant;
  if (cacheRead !== null) model.cacheRead = cacheRead;
  if (cacheWrite !== null) model.cacheWrite = cacheWrite;
  if (peakInput !== null) model.peakInput = peakInput;
  if (peakOutput !== null) model.peakOutput = peakOutput;
  if (expires !== null) model.expires = expires;
  if (aliasTarget !== null) model.aliasTarget = aliasTarget;
  if (coding !== null || agentic !== null || intelligence !== null) {
    model.scores = {
      ...(coding !== null && { coding }),
      ...(agentic !== null && { agentic }),
      ...(intelligence !== null && { intelligence }),
    };
  }
  if (row.length > 18) addNewer(model, row);
  return model;
}

/** Adds the values that the rows of an older orcc don't have. */
function addNewer(model: Writable<CatalogModel>, row: Row): void {
  const [canonicalSlug, input, output, from] = [row[18], row[19], row[20], row[21]];
  if (canonicalSlug !== null) model.canonicalSlug = canonicalSlug;
  if (input !== null && output !== null && from !== null) model.session = { input, output, from };
  const price = tryJson(row[22] ?? '');
  if (isModelPrice(price)) model.price = price;
}
