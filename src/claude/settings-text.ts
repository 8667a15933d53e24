import { positionOf } from '../text/json.ts';
import { type Node, type ParseError, parseTree } from 'jsonc-parser';

/** A position in a text. Line and column are counted from 1, the column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

type SettingsText =
  | { readonly ok: true; readonly value: unknown; readonly at: (path: readonly string[]) => Position | undefined }
  | ({ readonly ok: false; readonly reason: string } & Partial<Position>);

/** By jsonc-parser's ParseErrorCode, a const enum that is not available in the bundle. */
const REASONS: Readonly<Record<number, string>> = {
  1: 'a word without quotes',
  2: 'a number is malformed',
  3: 'a name in double quotes is missing, or there is an extra comma',
  4: 'a value is missing, or there is an extra comma',
  5: 'a colon is missing',
  6: 'a comma is missing',
  7: 'a closing brace is missing',
  8: 'a closing bracket is missing',
  9: 'there is text after the end',
  10: 'it contains a comment',
  11: 'a comment is not closed',
  12: 'a string is not closed',
  13: 'a number is not finished',
  14: 'a Unicode escape is malformed',
  15: 'a backslash is followed by an invalid character',
  16: 'a character is not allowed there',
};

/**
 * Reads a settings.json as strictly as Claude Code does: JSON without comments or trailing commas,
 * where one error invalidates the whole file; a byte order mark and an empty file are fine (measured on
 * 2.1.330). UTF-16 is read if it has a byte order mark, other bytes that are not UTF-8 become U+FFFD, and
 * the last of two equal names counts. `at` returns the position of a member, undefined if there is none.
 */
export function readSettingsText(bytes: Uint8Array): SettingsText {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  if (text.trim() === '') return { ok: true, value: {}, at: () => undefined };
  const errors: ParseError[] = [];
  let tree: Node | undefined;
  try {
    tree = parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, reason: 'it is nested too deeply' };
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value, at: (path) => place(text, findMember(tree, path)) };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, reason: 'it is nested too deeply' };
    const first = errors[0];
    if (first === undefined) return { ok: false, reason: 'it is not JSON' };
    return { ok: false, reason: REASONS[first.error] ?? 'it is not JSON', ...positionOf(text, first.offset) };
  }
}

function findMember(tree: Node | undefined, path: readonly string[]): number | undefined {
  let node = tree;
  let offset: number | undefined;
  for (const name of path) {
    const property = node?.children?.findLast((child) => child.type === 'property' && child.children?.[0]?.value === name);
    if (property === undefined) return undefined;
    offset = property.offset;
    node = property.children?.[1];
  }
  return offset;
}

function place(text: string, offset: number | undefined): Position | undefined {
  return offset === undefined ? undefined : positionOf(text, offset);
}
