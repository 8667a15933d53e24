import type { HistorySyntax } from './shell-history.ts';

/** A key that others can read, or that lies in a copy its owner has probably forgotten. Holds the masked key alone. */
export interface Exposure {
  /** history: a shell's. copy: a backup of a profile or of settings. own: a backup of orcc's own with a key that is no longer used. */
  readonly kind: 'history' | 'copy' | 'own' | 'mode' | 'index' | 'commit';
  /** Absolute; within a repository for `index` and `commit`. */
  readonly file: string;
  readonly line?: number;
  /** Short hash, for `commit`. */
  readonly commit?: string;
  readonly masked: string;
  /** Permission bits, for `mode`. */
  readonly mode?: number;
  /** For `history`. */
  readonly syntax?: HistorySyntax;
}
