import { positionOf } from './json.ts';

/** Why a text is not JSON. Line and column are counted from 1, the column in UTF-16 units. */
export interface JsonFault {
  readonly kind: 'comment' | 'trailing-comma' | 'syntax';
  /** A clause without the path and without any of the text, which may contain a key. */
  readonly reason: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with JSON of another kind in place of an object. */
export const NO_OBJECT = { reason: 'the top level must be an object, `{…}`', line: 1, column: 1 } as const;

const COMMENT = 'JSON does not allow comments';
const EXTRA_COMMA = 'there is a comma after the last member';
const NUMBER = 'a number is malformed';
const WORD = 'there is a word without double quotes';

/** What the text before a fault and the text from it on tell. The first row that matches counts. */
const ROWS: ReadonlyArray<readonly [before: RegExp, rest: RegExp, reason: string]> = [
  [/^/, /^$/, 'it ends before everything in it is closed'],
  // A line break is allowed everywhere but in a string.
  [/^/, /^[\n\r]/, 'a string is not closed'],
  [/^/, /^[\0-\x1f]/, 'a control character is not allowed there'],
  [/(?:^|\n)$/, /^(?:<{7}|={7}|>{7})/, 'a merge conflict is not resolved there'],
  [/\\$/, /^/, 'a backslash is followed by an invalid character'],
  [/\\u[\da-f]{0,3}$/i, /^/, 'a Unicode escape is malformed'],
  [/-$|\d\.$|\de[+-]?$/i, /^/, NUMBER],
  [/\d$/, /^[\w.+-]/, NUMBER],
  [/\b(?!(?:true|false|null)$)[a-z]+$/, /^/, WORD],
  [/[a-z]$/, /^\w/, WORD],
  [/[,:[{]\s*$|^\s*$/, /^[\p{L}_$'`]/u, WORD],
  [/[,:[{]\s*$|^\s*$/, /^/, 'a value or a name in double quotes is missing, or there is an extra comma'],
];

/** The first fault of a text that JSON.parse refuses. */
export function jsonFault(text: string): JsonFault {
  const offset = faultOffset(text);
  const before = text.slice(0, offset);
  const rest = text.slice(offset);
  if (/^\/[/*]/.test(rest)) return { kind: 'comment', reason: COMMENT, ...positionOf(text, offset) };
  const end = before.trimEnd().length - 1;
  if (text[end] === ',' && /^[}\]]/.test(rest)) return { kind: 'trailing-comma', reason: EXTRA_COMMA, ...positionOf(text, end) };
  const row = ROWS.find(([ofBefore, ofRest]) => ofBefore.test(before) && ofRest.test(rest));
  return { kind: 'syntax', reason: row?.[2] ?? whatIsMissing(before, rest), ...positionOf(text, offset) };
}

/** What has to come after a name or a value. */
function whatIsMissing(before: string, rest: string): string {
  if (canGoOn(`${before}:`)) return 'a colon is missing';
  if (!canGoOn(`${before},`)) return 'there is text after the end';
  return /^[}\]]/.test(rest) ? 'a brace and a bracket do not match' : 'a comma is missing';
}

/** The offset of the first fault: the end of the longest beginning that could still become JSON. V8 names it only for some faults. */
function faultOffset(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (canGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** Whether a text is JSON, or is invalid only because it ends too early. */
function canGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = String(error);
    // This message names no position, and quotes the text, in which anything may stand.
    if (message.startsWith('SyntaxError: Unexpected token')) return false;
    return message.includes('end of JSON') || Number(/position (\d+)/.exec(message)?.[1]) === text.length;
  }
}
