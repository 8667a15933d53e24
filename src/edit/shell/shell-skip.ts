import type { Stretch } from './types.ts';

/**
 * Steps over quoted and nested parts of POSIX shell text. Every `skip…` function takes
 * the offset of the opening character and returns the offset after the closing
 * one, or the text's length if it never closes.
 */

/** Characters without a special meaning in a word and in double quotes: skipped in one go, since start-up files are long. */
const PLAIN_IN_WORD = /[\w./:+%@,=~^*?[\]!#{}-]*/y;
const PLAIN_IN_QUOTES = /[^"\\`$]*/y;

function skipRun(plain: RegExp, text: string, at: number): number {
  plain.lastIndex = at;
  return plain.test(text) ? plain.lastIndex : at;
}

function skipSingle(text: string, at: number): number {
  const close = text.indexOf("'", at + 1);
  return close === -1 ? text.length : close + 1;
}

/** `$'…'`: `at` is the offset of the dollar sign. */
function skipAnsi(text: string, at: number): number {
  for (let i = at + 2; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === "'") return i + 1;
  }
  return text.length;
}

function skipDouble(text: string, at: number): number {
  for (let i = skipRun(PLAIN_IN_QUOTES, text, at + 1); i < text.length; i = skipRun(PLAIN_IN_QUOTES, text, i)) {
    const char = text[i];
    if (char === '"') return i + 1;
    i = char === '\\' ? i + 2 : char === '`' || (char === '$' && /[({]/.test(text.charAt(i + 1))) ? skipPart(text, i) : i + 1;
  }
  return text.length;
}

function skipBackticks(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '`') return i + 1;
  }
  return text.length;
}

/** `(…)` or `{…}`, with its quotes and inner pairs of the same kind; in a `(…)` that is not arithmetic also comments and here-documents. */
export function skipPair(text: string, at: number): number {
  const open = text[at];
  const close = open === '(' ? ')' : '}';
  const isCode = open === '(' && text[at + 1] !== '(';
  const documents: Heredoc[] = [];
  let depth = 0;
  for (let i = at; i < text.length;) {
    const char = text[i];
    if (char === open) depth += 1;
    if (char === close) depth -= 1;
    if (depth === 0) return i + 1;
    if (isCode && char === '\n') i = skipHeredocs(text, i + 1, documents.splice(0));
    else if (isCode && char === '#' && /[\s;&|]/.test(text.charAt(i - 1))) i = lineEnd(text, i);
    else if (isCode && text.startsWith('<<<', i)) i += 3;
    else if (isCode && text.startsWith('<<', i)) i = readHeredoc(text, i, documents);
    else i = skipPart(text, i);
  }
  return text.length;
}

/** One part of a word: a quoted or substituted stretch, an escaped character, or one plain character. */
export function skipPart(text: string, at: number): number {
  const char = text[at];
  const next = text[at + 1];
  if (char === '\\') return Math.min(text.length, at + 2);
  if (char === "'") return skipSingle(text, at);
  if (char === '"') return skipDouble(text, at);
  if (char === '`') return skipBackticks(text, at);
  if (char === '$' && next === "'") return skipAnsi(text, at);
  if (char === '$' && (next === '(' || next === '{')) return skipPair(text, at + 1);
  return at + 1;
}

/** A here-document that a line announces, and whose body comes after that line. */
export interface Heredoc {
  readonly delimiter: string;
  /** `<<-`: tabs may precede the delimiter. */
  readonly tabs: boolean;
}

/** Adds the here-document whose `<<` is at an offset to `documents`. Returns the offset after its delimiter. */
export function readHeredoc(text: string, at: number, documents: Heredoc[]): number {
  const tabs = text[at + 2] === '-';
  const from = at + (tabs ? 3 : 2);
  const start = from + blanks(text, from);
  const end = skipWord(text, start);
  documents.push({ delimiter: text.slice(start, end).replace(/["'\\]/g, ''), tabs });
  return end;
}

/** Skips the bodies of here-documents, the first of which starts at `at`, and adds them to `bodies`. Returns the offset after the last. */
export function skipHeredocs(text: string, at: number, documents: readonly Heredoc[], bodies?: Stretch[]): number {
  let position = at;
  for (const { delimiter, tabs } of documents) {
    const start = position;
    while (position < text.length) {
      const end = lineEnd(text, position);
      const line = text.slice(position, end);
      position = Math.min(text.length, end + 1);
      if ((tabs ? line.replace(/^\t+/, '') : line) === delimiter) break;
    }
    bodies?.push({ start, end: position });
  }
  return position;
}

/** The offset of the line break after an offset, or the text's length. */
export function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline;
}

/** The text of a word without its quotes; undefined if only running it would tell (a variable, a command, a tilde). */
export function staticText(raw: string): string | undefined {
  if (/^~/.test(raw)) return undefined;
  let result = '';
  for (let i = 0; i < raw.length;) {
    const end = skipPart(raw, i);
    const part = raw.slice(i, end);
    if (part.startsWith("'")) result += part.slice(1, -1);
    else if (part.startsWith('"')) {
      if (/(?:^|[^\\])(?:\\\\)*[$`]/.test(part)) return undefined;
      result += part.slice(1, -1).replace(/\\(?:\n|([\\"$`]))/g, '$1');
    } else if (part.startsWith('$') || part.startsWith('`')) return undefined;
    else if (part !== '\\\n') result += part.startsWith('\\') ? part.slice(1) : part;
    i = end;
  }
  return result;
}

/** The number of spaces and tabs at an offset. */
export function blanks(text: string, at: number): number {
  let i = at;
  while (text[i] === ' ' || text[i] === '\t') i += 1;
  return i - at;
}

/** A word with its quotes, substitutions, arrays and glob brackets. */
export function skipWord(text: string, at: number): number {
  let i = skipRun(PLAIN_IN_WORD, text, at);
  for (; i < text.length; i = skipRun(PLAIN_IN_WORD, text, i)) {
    const char = text.charAt(i);
    if (/[\s;&|)]/.test(char)) break;
    if (char === '<' || char === '>') {
      if (text[i + 1] !== '(') break;
      i = skipPair(text, i + 1);
    } else if (char === '(') {
      if (i > at && /^\([ \t]*\)/.test(text.slice(i, i + 10)) && text[i - 1] !== '=') break;
      i = skipPair(text, i);
    } else i = skipPart(text, i);
  }
  return Math.max(i, at + 1);
}

/** A `case` pattern, including its closing bracket. */
export function skipPattern(text: string, at: number): number {
  let i = text[at] === '(' ? at + 1 : at;
  while (i < text.length && text[i] !== ')') i = text[i] === '(' ? skipPair(text, i) : skipPart(text, i);
  return Math.min(text.length, i + 1);
}

/** The inside of `[[ … ]]`, whose operators do not separate commands. */
export function skipTest(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    if (text.startsWith(']]', i) && /\s/.test(text.charAt(i - 1)) && !/[^\s;&|)]/.test(text.charAt(i + 2))) return i + 2;
    i = skipPart(text, i);
  }
  return text.length;
}

/** The parentheses after a function's name. */
export const EMPTY_PARENS = /[ \t]*\([ \t]*\)/y;
/** Names after `function`, up to its parentheses or its body. */
export const NAMES = /(?:[ \t]+(?!(?:if|for|while|until|case|select|\{)(?:[\s;]|$)|\[\[|\()[^\s;&|()<>]+)*/y;
/** What may come between `time` and its command. */
export const TIME_OPTION = /[ \t]+-p(?=[ \t])/y;
/** The same for `coproc`: its name. */
export const COPROC_NAME = /[ \t]+\w+(?=[ \t]+(?:[{(]|(?:while|until|for|if|case|select)\s))/y;

/** The length of what is at an offset if it is of that kind, else 0. */
export function lengthOf(kind: RegExp, text: string, at: number): number {
  kind.lastIndex = at;
  return kind.exec(text)?.[0].length ?? 0;
}
