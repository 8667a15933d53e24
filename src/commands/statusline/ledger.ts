import type { Context } from '../../core/context.ts';
import type { ModelPrice } from '../../openrouter/charge.ts';
import { keepFile, readKept } from '../../core/keep-file.ts';
import { isObject, tryJsonObject } from '../../text/json.ts';

/** An answer that may still get further lines: its id, its cost (null if not known) and its output tokens. */
export type Recent = readonly [id: string, cost: number | null, output: number];

/** What has been read of one transcript so far. Money in whole 10^-12 USD. */
export interface FileLedger {
  /** Byte at which to go on reading. */
  readonly offset: number;
  readonly ino: number;
  readonly cost: number;
  /** The part of `cost` that falls on the ledger's day. */
  readonly today: number;
  /** Number of answers without a known price, in all and on the ledger's day. */
  readonly unpriced: number;
  readonly unpricedToday: number;
  readonly cacheRead: number;
  readonly prompt: number;
  /** The provider of the newest answer; empty if not known. */
  readonly provider: string;
  readonly recent: readonly Recent[];
  /** The ends of its answers' ids, each after a blank, to recognise answers that another file repeats. */
  readonly marks: string;
}

/** The one file that the status line writes. */
export interface Ledger {
  /** UTC, as `2026-11-27`. */
  readonly day: string;
  readonly baseUrl: string;
  /** When all transcripts of the day were last searched for, in milliseconds since 1970; 0 while some are not read to their end. */
  readonly looked: number;
  readonly files: Readonly<Record<string, FileLedger>>;
  readonly found: Found;
}

/** Prices and windows from the catalog and the price log, valid until either file changes. null: not known. */
export interface Found {
  /** Modification times of the two files. */
  readonly stamp: string;
  /** By day, model and provider: see `nameOf` in lookups.ts. */
  readonly prices: Readonly<Record<string, ModelPrice | null>>;
  /** By model. */
  readonly windows: Readonly<Record<string, number | null>>;
}

const VERSION = 3;
const MAX_BYTES = 8_000_000;
/** How many transcripts are kept, newest lines last: the current day's, whose sum is the day's spending, and those of earlier days. */
const MOST_FILES = 5000;
const MOST_OLD_FILES = 300;

const NOTHING: Found = { stamp: '', prices: {}, windows: {} };

function newLedger(day: string, baseUrl: string): Ledger {
  return { day, baseUrl, looked: 0, files: {}, found: NOTHING };
}

/**
 * The ledger of that day and base URL. A damaged one, or one of another base URL, is started anew; on another day only today's sums
 * are. Never throws.
 */
export function readLedger(ctx: Pick<Context, 'fs' | 'platform'>, folder: string, day: string, baseUrl: string): Ledger {
  const fresh = newLedger(day, baseUrl);
  const text = readKept(ctx, folder, 'statusline.json', MAX_BYTES);
  if (text === undefined) return fresh;
  const value = tryJsonObject(text);
  if (value?.['version'] !== VERSION || value['baseUrl'] !== baseUrl || !isObject(value['files'])) return fresh;
  const files = Object.fromEntries(Object.entries(value['files']).filter((entry): entry is [string, FileLedger] => isFileLedger(entry[1])));
  const found = isFound(value['found']) ? value['found'] : NOTHING;
  if (value['day'] === day) return { day, baseUrl, looked: typeof value['looked'] === 'number' ? value['looked'] : 0, files, found };
  // The clock was set back: what had already been read of this day is missing from its sums.
  if (typeof value['day'] !== 'string' || value['day'] > day) return { ...fresh, found };
  const begun = Object.entries(files)
    .slice(-MOST_OLD_FILES)
    .map(([path, file]): [string, FileLedger] => [path, { ...file, today: 0, unpricedToday: 0 }]);
  return { ...fresh, found, files: Object.fromEntries(begun) };
}

const COUNTS = ['offset', 'cost', 'today', 'unpriced', 'unpricedToday', 'cacheRead', 'prompt'] as const;

/** Rejects what damage has turned into something else than a count: every later sum would be wrong. */
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

/** True for a price or one of its steps: numbers only, apart from the lists `steps` and `days`. */
function isRates(rates: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(rates).every(([name, rate]) =>
    name === 'steps' || name === 'days'
      ? Array.isArray(rate) && rate.every((each: unknown) => (isObject(each) ? isRates(each) : isCount(each)))
      : typeof rate === 'number' && Number.isFinite(rate) && rate >= 0,
  );
}

/**
 * Replaces the ledger atomically. If two sessions write at once, one write is lost together with its offsets, so its lines are read
 * again. Does nothing in a read-only folder.
 */
export function keepLedger(ctx: Pick<Context, 'fs' | 'platform'>, folder: string, ledger: Ledger): void {
  if (!ctx.fs.access(folder, 'write')) return;
  const files = Object.fromEntries(Object.entries(ledger.files).slice(-MOST_FILES));
  keepFile(ctx, folder, 'statusline.json', `${JSON.stringify({ version: VERSION, ...ledger, files })}\n`);
}
