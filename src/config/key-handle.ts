import { sha256 } from '../core/hash.ts';
import type { KeyStorage } from './storage.ts';

/** A key as a Decision names it: never the key itself, which joins where bytes are made. Plain data, fit for a bug report. */
export interface KeyHandle {
  /** Where it came from: `--key-stdin`, `--key-env NAME`, `OPENROUTER_API_KEY`, `~/.bashrc:12`, `typed`. */
  readonly source: string;
  /** Where it lives after the change. */
  readonly storage: KeyStorage;
  /** Tells one key from another: the first 12 hex digits of its SHA-256. */
  readonly hash: string;
}

/** The source of the key that is in use already. */
export const OWN_STORAGE = "orcc's own storage";

/** The handle of a key. */
export function handleOfKey(key: string, source: string, storage: KeyStorage): KeyHandle {
  return { source, storage, hash: sha256(key).slice(0, 12) };
}
