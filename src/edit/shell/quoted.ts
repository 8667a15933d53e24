import { closedStringsPowershell } from './shell-assignments-powershell.ts';
import type { ShellId, Stretch } from './types.ts';
import { readCommands } from './shell-commands.ts';
import type { SeenText } from './shell-frames.ts';
import { lineEnd, skipPair, skipPart } from './shell-skip.ts';

/** Strings and, separately, documents: a quote in the middle of a here-document does not end it. */
interface Quotes {
  readonly strings: readonly Stretch[];
  readonly documents: readonly Stretch[];
}

/**
 * The closed here-documents and multi-line quoted strings: what is in them is text to the shell, not commands.
 * Substitutions in a quoted string (`"… $(…) …"`) are not part of it. Unclosed ones are left out: where parsing
 * goes wrong, they mostly run to the end of the file.
 */
export function closedQuotes(text: string, shell: ShellId): Quotes {
  if (shell === 'powershell') return closedStringsPowershell(text);
  return shell === 'fish' ? { strings: stringsInFish(text), documents: [] } : quotedInSh(text);
}

/** A string, an escape, a comment at the start of a word. */
const FISH_PART = /'(?:[^\\']|\\[^])*'|"(?:[^\\"]|\\[^])*"|\\[^]|(?<![^\s;&|()])#[^\n]*/g;

function stringsInFish(text: string): readonly Stretch[] {
  return [...text.matchAll(FISH_PART)].flatMap(({ 0: part, index }) =>
    /^['"]/.test(part) ? [{ start: index, end: index + part.length }] : [],
  );
}

/** Appended to a text so that what closes at its end can be told from what never closes. */
const PADDING = '\n\n';

/** `closedQuotes` for a POSIX shell's text. */
function quotedInSh(text: string): Found {
  const padded = text + PADDING;
  const seen: SeenText = { bodies: [], words: [] };
  Array.from(readCommands(padded, seen));
  const found = all(seen.words.map(({ start, end }) => stringsIn(padded, start, end)));
  const isClosed = ({ end }: Stretch): boolean => end < padded.length;
  return { strings: found.strings.filter(isClosed), documents: [...seen.bodies, ...found.documents].filter(isClosed) };
}

interface Found {
  readonly strings: readonly Stretch[];
  readonly documents: readonly Stretch[];
}

function all(found: readonly Found[]): Found {
  return { strings: found.flatMap(({ strings }) => strings), documents: found.flatMap(({ documents }) => documents) };
}

const string = (start: number, end: number): Found => ({ strings: [{ start, end }], documents: [] });

/** The quoted strings in one word, including those in an array's words, in `${…}` and in `$(…)`. */
function stringsIn(text: string, from: number, to: number): Found {
  const found: Found[] = [];
  for (let i = from; i < to;) {
    const end = partEnd(text, i, from);
    const part = text.slice(i, end);
    if (part.startsWith("'") || part.startsWith("$'")) found.push(string(i, end));
    else if (part.startsWith('"')) found.push(inDouble(text, i, end));
    else if (SUBSTITUTES.test(part)) found.push(substituted(text, i, end));
    else if (part.startsWith('${')) found.push(stringsIn(text, i + '${'.length, end));
    i = end;
  }
  return all(found);
}

/** `$(…)`, `` `…` ``, `<(…)`, `>(…)`, zsh's `=(…)`. */
const SUBSTITUTES = /^(?:[$<>=]\(|`)/;

function partEnd(text: string, at: number, wordStart: number): number {
  const before = text.charAt(at - 1);
  if (text[at] === '#' && /[\s(]/.test(before)) return lineEnd(text, at);
  // After a name, `=(` starts an array.
  const isZsh = text.startsWith('=(', at) && (at === wordStart || before === '=');
  const isProcess = isZsh || text.startsWith('<(', at) || text.startsWith('>(', at);
  return isProcess ? skipPair(text, at + 1) : skipPart(text, at);
}

/** A double-quoted string, split at multi-line substitutions, since those are code. */
function inDouble(text: string, from: number, to: number): Found {
  const found: Found[] = [];
  let start = from;
  for (let i = from; i < to;) {
    const isPart = text[i] === '`' || text.startsWith('$(', i);
    const end = text[i] === '\\' ? i + 2 : isPart ? skipPart(text, i) : i + 1;
    if (isPart && text.slice(i, end).includes('\n')) {
      found.push(string(start, i));
      found.push(substituted(text, i, end));
      start = end;
    }
    i = end;
  }
  return all([...found, string(start, to)]);
}

/** The strings and documents inside `$(…)` and the like, which is shell code of its own. */
function substituted(text: string, from: number, to: number): Found {
  const at = from + (text[from] === '`' ? 1 : 2);
  const inner = text.slice(at, to - 1);
  const moved = ({ start, end }: Stretch): Stretch => ({ start: start + at, end: end + at });
  const { strings, documents } = quotedInSh(inner);
  return { strings: strings.map(moved), documents: documents.map(moved) };
}
