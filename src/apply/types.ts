import { type TargetId, TARGET_IDS } from '../targets/types.ts';

/** Whose file an edit changes: a target's, or one of orcc's own. */
export type EditOwner = TargetId | 'key' | 'config' | 'state' | 'gitignore';

/**
 * One file's before and after. Bytes, never text: a user's file may be in any
 * encoding. An edit whose `before` equals its `after` and whose mode is already
 * right is never put into a plan.
 */
export interface Edit {
  /** Absolute, as the user knows it: links are resolved by the writer. */
  readonly path: string;
  readonly owner: EditOwner;
  /** null: the file does not exist. */
  readonly before: Uint8Array | null;
  /** null: the file is deleted. */
  readonly after: Uint8Array | null;
  /** Permission bits the file must end with. null: keep them (a new file: 0o644 less the umask). */
  readonly mode: number | null;
  /** Permission bits before; null where the file does not exist. */
  readonly modeBefore: number | null;
  /** One line for the preview: what this does. */
  readonly summary: string;
}

/** An ordered list of edits; the writer keeps the order. Plain data. */
export interface Plan {
  readonly edits: readonly Edit[];
  /** Folders that orcc once made: those that are empty after the edits are removed. */
  readonly folders?: readonly string[];
}

/** Whether an edit belongs to a target, not to one of orcc's own files. */
export function isTargetOwner(owner: EditOwner): owner is TargetId {
  return TARGET_IDS.some((id) => id === owner);
}
