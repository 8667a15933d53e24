import type { Context } from '../core/context.ts';
import { keepFile, readKept } from '../core/keep-file.ts';
import { tryJsonObject } from '../text/json.ts';
import type { KeyRow } from './schemas.ts';

/** What was left of the key's own limit at the last request to OpenRouter. */
export interface KeyFigures {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** In USD; null if the key has no limit. */
  readonly remaining: number | null;
}

const MAX_BYTES = 10_000;

/** Stores them for the status line, which makes no requests; does nothing if orcc has no folder yet. Never throws. */
export function keepKeyFigures(
  ctx: Pick<Context, 'fs' | 'platform' | 'clock'>,
  folder: string,
  baseUrl: string,
  key: Pick<KeyRow, 'limit_remaining'>,
): void {
  if (!ctx.fs.access(folder, 'write')) return;
  const figures = { at: ctx.clock.now(), baseUrl, remaining: key.limit_remaining };
  keepFile(ctx, folder, 'key-figures.json', `${JSON.stringify(figures)}\n`);
}

/** The figures of the key last asked about at this base URL; undefined if there are none. Never throws. */
export function readKeyFigures(ctx: Pick<Context, 'fs' | 'platform'>, folder: string, baseUrl: string): KeyFigures | undefined {
  const value = tryJsonObject(readKept(ctx, folder, 'key-figures.json', MAX_BYTES) ?? '');
  if (value?.['baseUrl'] !== baseUrl) return undefined;
  const { at, remaining } = value;
  return typeof at === 'number' && (remaining === null || typeof remaining === 'number') ? { at, remaining } : undefined;
}
