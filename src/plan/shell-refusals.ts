import type { Inspection } from './block.ts';

export type ShellEditCode = 'BLOCK_DAMAGED' | 'BLOCK_EDITED' | 'BLOCK_NEWER' | 'ENCODING' | 'SIGNED' | 'FOREIGN_FILE' | 'TOO_BIG';

export interface ShellNote {
  readonly kind: 'adopted' | 'restored' | 'duplicate' | 'moved' | 'overridden' | 'unreachable' | 'crlf' | 'key-later';
  /** Counted from 1. */
  readonly line?: number;
  readonly text: string;
}

/** What `planShellFile` gives. `after: null` deletes the file. */
export type ShellEdit =
  | { readonly ok: true; readonly after: Uint8Array | null; readonly notes: readonly ShellNote[] }
  | { readonly ok: false; readonly code: ShellEditCode; readonly message: string; readonly line?: number; readonly hint: string };

/** A refusal as data: nothing is thrown for what a user's file may hold. */
export function refused(code: ShellEditCode, message: string, hint: string, line?: number): Exclude<ShellEdit, { readonly ok: true }> {
  return { ok: false, code, message, hint, ...(line === undefined ? {} : { line }) };
}

const DAMAGE = {
  'no-end': 'the start of an orcc block has no end',
  'no-begin': 'the end of an orcc block has no start',
  nested: 'an orcc block starts inside another one',
} as const;

/** One sentence on what is wrong with the markers. */
export function damageMessage(path: string, found: Extract<Inspection, { readonly kind: 'damaged' }>): string {
  return `\`${path}\` line ${found.line}: ${DAMAGE[found.damage]}`;
}
