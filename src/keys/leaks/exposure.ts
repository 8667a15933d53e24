import type { HistorySyntax } from './shell-history.ts';

/** A key that others can read, or that is in a copy which its owner has probably forgotten. Holds only the masked key. */
export interface Exposure {
  /**
   * history: a shell's. copy: a backup of a profile or of settings. own: a backup of orcc's own with a key that is no longer used.
   * mode: a file that other users can read. index, commit: a git repository's.
   */
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
