import type { Context } from '../../core/context.ts';
import type { ModelPrice } from '../../openrouter/charge.ts';
import { keepFile, keptFile, readKept } from '../../core/keep-file.ts';
import { isObject, tryJsonObject } from '../../text/json.ts';

/** An answer whose further lines may still come: its id, its cost (null: not known) and its output tokens. */
export type Recent = readonly [id: string, cost: number | null, output: number];

/** What was read of one transcript so far. Money in whole 10^-12 USD. */
export interface FileLedger {
  /** Where to go on. */
  readonly offset: number;
  readonly ino: number;
  readonly cost: number;
  /** The part of `cost` of the ledger's day. */
  readonly today: number;
  /** Answers without a known price, in all and of the ledger's day. */
  readonly unpriced: number;
  readonly unpricedToday: number;
  readonly cacheRead: number;
  readonly prompt: number;
  /** Who served the newest answer. */
  readonly provider: string;
  readonly recent: readonly Recent[];
  /** All of its answers, by the ends of their ids, each with a blank before it: another file may repeat them. */
  readonly marks: string;
}

/** The one file that the status line writes. */
export interface Ledger {
  /** UTC. */
  readonly day: string;
  readonly baseUrl: string;
  /** Milliseconds since 1970: when all transcripts of the day were last looked for; 0 where some are not read to their end. */
  readonly looked: number;
  readonly files: Readonly<Record<string, FileLedger>>;
  readonly found: Found;
}

/** What was found in the catalog and the log of prices; good until one of them changes. null: not known. */
export interface Found {
  /** When the two files were written. */
  readonly stamp: string;
  /** By day, model and provider. */
  readonly prices: Readonly<Record<string, ModelPrice | null>>;
  /** By model. */
  readonly windows: Readonly<Record<string, number | null>>;
}

const VERSION = 3;
const MAX_BYTES = 8_000_000;
/** Transcripts that are remembered, those of the newest lines: of one day, which is the sum of them, and of the days before. */
const MOST_FILES = 5000;
const MOST_OLD_FILES = 300;

/** Where it lies in orcc's own folder. */
function ledgerFile(ctx: Pick<Context, 'platform'>, folder: string): string {
  return keptFile(ctx, folder, 'statusline.json');
}

const NOTHING: Found = { stamp: '', prices: {}, windows: {} };

/** An empty one. */
function newLedger(day: string, baseUrl: string): Ledger {
  return { day, baseUrl, looked: 0, files: {}, found: NOTHING };
}

/** The ledger of that day and base URL; what is damaged or of another base URL is begun anew, on another day today's sums are. Never throws. */
export function readLedger(ctx: Pick<Context, 'fs' | 'platform'>, folder: string, day: string, baseUrl: string): Ledger {
  const fresh = newLedger(day, baseUrl);
  const text = readKept(ctx, ledgerFile(ctx, folder), MAX_BYTES);
  if (text === undefined) return fresh;
  const value = tryJsonObject(text);
  if (value?.['version'] !== VERSION || value['baseUrl'] !== baseUrl || !isObject(value['files'])) return fresh;
  const files = Object.fromEntries(Object.entries(value['files']).filter((entry): entry is [string, FileLedger] => isFileLedger(entry[1])));
  const found = isFound(value['found']) ? value['found'] : NOTHING;
  if (value['day'] === day) return { day, baseUrl, looked: typeof value['looked'] === 'number' ? value['looked'] : 0, files, found };
  // The clock was set back: what was read of this day already is in no sum of it.
  if (typeof value['day'] !== 'string' || value['day'] > day) return { ...fresh, found };
  const begun = Object.entries(files)
    .slice(-MOST_OLD_FILES)
    .map(([path, file]): [string, FileLedger] => [path, { ...file, today: 0, unpricedToday: 0 }]);
  return { ...fresh, found, files: Object.fromEntries(begun) };
}

const COUNTS = ['offset', 'cost', 'today', 'unpriced', 'unpricedToday', 'cacheRead', 'prompt'] as const;

/** Whatever has been damaged is no number any more, or none that can be: a sum of it would stay wrong. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isFileLedger(value: unknown): value is FileLedger {
  return (
    isObject(value) &&
    COUNTS.every((name) => isCount(value[name])) &&
    typeof value['ino'] === 'number' &&
    typeof value['provider'] === 'string' &&
    typeof value['marks'] === 'string' &&
    Array.isArray(value['recent']) &&
    value['recent'].every(isRecent)
  );
}

function isRecent(value: unknown): value is Recent {
  const [id, cost, output] = Array.isArray(value) ? Array.from<unknown>(value) : [];
  return typeof id === 'string' && (cost === null || isCount(cost)) && isCount(output);
}

function isFound(value: unknown): value is Found {
  return (
    isObject(value) &&
    typeof value['stamp'] === 'string' &&
    isObject(value['prices']) &&
    Object.values(value['prices']).every((price) => price === null || isPrice(price)) &&
    isObject(value['windows']) &&
    Object.values(value['windows']).every((window) => window === null || (isCount(window) && window > 0))
  );
}

function isPrice(price: unknown): boolean {
  return isObject(price) && 'input' in price && 'output' in price && isRates(price);
}

/** A price, or a step within one: numbers alone, but for the days of a step. */
function isRates(rates: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(rates).every(([name, rate]) =>
    name === 'steps' || name === 'days'
      ? Array.isArray(rate) && rate.every((each: unknown) => (isObject(each) ? isRates(each) : isCount(each)))
      : typeof rate === 'number' && Number.isFinite(rate) && rate >= 0,
  );
}

/** Replaces it at one stroke. Of two sessions that write at the same time one is lost, with its offset: it reads its lines again. */
export function keepLedger(ctx: Pick<Context, 'fs' | 'platform'>, folder: string, ledger: Ledger): void {
  if (!ctx.fs.access(folder, 'write')) return;
  const files = Object.fromEntries(Object.entries(ledger.files).slice(-MOST_FILES));
  keepFile(ctx, ledgerFile(ctx, folder), `${JSON.stringify({ version: VERSION, ...ledger, files })}\n`);
}
