import { scanObject, skipBlanks, unquote } from '../../text/json-scan.ts';

/**
 * A JSON text as pieces that print back to the same bytes. Only the objects
 * that are opened are taken apart; every other value stays a slice of the text,
 * so number spellings, escapes, inline arrays and blanks survive an edit.
 */
export interface JsonMember {
  /** From the end of the previous value (or the opening brace) to the key: blanks and the comma. */
  lead: string;
  /** The key as spelled, with its quotes. */
  readonly rawKey: string;
  readonly key: string;
  /** From the key to the value: the colon and blanks. */
  readonly colon: string;
  value: string | JsonObject;
  /** The value as it was in the parsed text; undefined for a member that was added. */
  readonly parsed?: string;
}

export interface JsonObject {
  members: JsonMember[];
  /** From the last value (or the opening brace) to the closing brace. */
  tail: string;
}

export interface JsonDocument {
  /** Blanks before the root object. */
  readonly head: string;
  readonly root: JsonObject;
  /** Blanks after it. */
  readonly foot: string;
}

/** Splits a text into its pieces. JSON.parse must accept the text, and its root must be an object. */
export function parseDocument(text: string): JsonDocument {
  const start = skipBlanks(text, 0);
  const { object, end } = parseObject(text, start);
  return { head: text.slice(0, start), root: object, foot: text.slice(end) };
}

/** The whole document as pieces of text, in order: what was not touched comes out byte for byte. A long text is never copied. */
export function printDocument(document: JsonDocument): readonly string[] {
  const pieces = [document.head];
  collectPieces(document.root, pieces);
  pieces.push(document.foot);
  return pieces;
}

/** One value as text: the raw text if it was not opened, else joined from its pieces. */
export function printValue(value: string | JsonObject): string {
  const pieces: string[] = [];
  collectPieces(value, pieces);
  return pieces.join('');
}

function collectPieces(value: string | JsonObject, pieces: string[]): void {
  if (typeof value === 'string') {
    pieces.push(value);
    return;
  }
  pieces.push('{');
  for (const member of value.members) {
    pieces.push(member.lead, member.rawKey, member.colon);
    collectPieces(member.value, pieces);
  }
  pieces.push(value.tail, '}');
}

/** Length in characters above which `abridge` leaves a value out. */
const LONG = 500;

/**
 * The document with `{}` or `0` in place of each long value that was not touched, and the paths of those values. What is left parses in
 * no time, and holds every comma, brace and key that an edit can have broken.
 */
export function abridge({ head, root, foot }: JsonDocument): { readonly text: string; readonly left: ReadonlyArray<readonly string[]> } {
  const left: (readonly string[])[] = [];
  const print = (object: JsonObject, path: readonly string[]): string => {
    const members = object.members.map(({ lead, rawKey, key, colon, value, parsed }) => {
      const isLeft = typeof value === 'string' && value.length > LONG && value === parsed;
      if (isLeft) left.push([...path, key]);
      const text = isLeft ? (value.startsWith('{') ? '{}' : '0') : typeof value === 'string' ? value : print(value, [...path, key]);
      return lead + rawKey + colon + text;
    });
    return `{${members.join('')}${object.tail}}`;
  };
  return { text: head + print(root, []) + foot, left };
}

/** The member that JSON.parse would take: the last one of that name. */
export function findMember(object: JsonObject, key: string): JsonMember | undefined {
  return object.members.findLast((member) => member.key === key);
}

/** The member's value as an object that can be edited; undefined if it is not an object. */
export function openMember(member: JsonMember): JsonObject | undefined {
  if (typeof member.value === 'string') {
    if (!member.value.startsWith('{')) return undefined;
    member.value = parseObject(member.value, 0).object;
  }
  return member.value;
}

function parseObject(text: string, start: number): { object: JsonObject; end: number } {
  const { spans, tail, end } = scanObject(text, start);
  const members = spans.map(({ from, at, keyEnd, valueStart, valueEnd }): JsonMember => {
    const rawKey = text.slice(at, keyEnd);
    const value = text.slice(valueStart, valueEnd);
    return { lead: text.slice(from, at), rawKey, key: unquote(rawKey), colon: text.slice(keyEnd, valueStart), value, parsed: value };
  });
  return { object: { members, tail: text.slice(tail, end) }, end: end + 1 };
}
