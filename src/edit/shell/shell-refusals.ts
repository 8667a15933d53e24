import { clip, redact, stripControls } from '../../text/text.ts';
import type { FoundBlock, Inspection } from './block.ts';

type ShellEditCode = 'BLOCK_DAMAGED' | 'BLOCK_EDITED' | 'BLOCK_NEWER' | 'ENCODING' | 'SIGNED' | 'FOREIGN_FILE' | 'FILE_REFUSED' | 'TOO_BIG';

export interface ShellNote {
  readonly kind:
    'adopted' | 'alone' | 'restored' | 'lost' | 'foreign' | 'duplicate' | 'moved' | 'overridden' | 'unreachable' | 'crlf' | 'key-later';
  /** Counted from 1. */
  readonly line?: number;
  readonly text: string;
}

/** What `planShellFile` returns. `after: null` deletes the file. `hidden`: the original lines that are disabled in it, by their sum. */
export type ShellEdit =
  | {
      readonly ok: true;
      readonly after: Uint8Array | null;
      readonly notes: readonly ShellNote[];
      readonly hidden: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly code: ShellEditCode; readonly message: string; readonly line?: number; readonly hint: string };

/** A note on one line of a file. */
export function noteAt(path: string, kind: ShellNote['kind'], line: number, says: string): ShellNote {
  return { kind, line, text: `\`${path}\` line ${line}: ${says}` };
}

/** A refusal as data: nothing is thrown for what a user's file may hold. */
export function refused(code: ShellEditCode, message: string, hint: string, line?: number): Exclude<ShellEdit, { readonly ok: true }> {
  return { ok: false, code, message, hint, ...(line === undefined ? {} : { line }) };
}

const DAMAGE = {
  'no-end': 'the start of an orcc block has no end',
  'no-begin': 'the end of an orcc block has no start',
  nested: 'an orcc block starts inside another one',
} as const;

/** One sentence that says what is wrong with the markers. */
export function damageMessage(path: string, found: Extract<Inspection, { readonly kind: 'damaged' }>): string {
  return `\`${path}\` line ${found.line}: ${DAMAGE[found.damage]}`;
}

/** How many lines are quoted at most. */
const MOST_LINES = 3;

/**
 * Says what someone changed between the markers, as far as that can be told: it quotes lines of their own (`foreign`) or, if there are
 * none, the lines that are not in `body`, which orcc would write now. At most three, with keys masked.
 */
export function editedMessage(path: string, block: FoundBlock, foreign: readonly string[], body: readonly string[] | null): string {
  const head = `\`${path}\` line ${block.line}: the block was edited by hand`;
  const differing = block.body.filter((line) => body?.includes(line) === false);
  const lines = foreign.length > 0 ? foreign : differing;
  const where = lines.length === 0 ? '' : `, ${quoteLines(block, lines)}`;
  return `${head} (${foreign.length > 0 ? `a line was added or changed${where}` : `a value of orcc was changed${differing.length > MOST_LINES ? '' : where}`})`;
}

/** `line 22: \`export A=b\``, at most three such lines of a block, with keys masked. */
export function quoteLines({ line, body }: FoundBlock, lines: readonly string[]): string {
  const shown = lines.slice(0, MOST_LINES).map((each) => `line ${line + 1 + body.indexOf(each)}: \`${readable(each)}\``);
  return shown.join(', ') + (lines.length > MOST_LINES ? `, and ${lines.length - MOST_LINES} more` : '');
}

/** A line of a start-up file for a message; its characters may be bytes (see `decodeStartup`). */
function readable(line: string): string {
  const isView = !/[^\0-\xff]/.test(line);
  return clip(stripControls(redact(isView ? Buffer.from(line, 'latin1').toString('utf8') : line)).trim(), 80);
}
