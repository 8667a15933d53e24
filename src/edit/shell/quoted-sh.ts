import { readCommands } from './shell-commands.ts';
import type { SeenText } from './shell-frames.ts';
import { skipPart } from './shell-skip.ts';
import type { Stretch } from './types.ts';

/** Put after a text so that what closes at its end differs from what never closes. */
const PADDING = '\n\n';

/** `closedQuotes` of a POSIX shell's text. */
export function quotedInSh(text: string): Found {
  const padded = text + PADDING;
  const seen: SeenText = { bodies: [], words: [] };
  Array.from(readCommands(padded, seen));
  const found = all(seen.words.map(({ start, end }) => stringsIn(padded, start, end)));
  const isClosed = ({ start, end }: Stretch): boolean => end < padded.length && text.slice(start, end).includes('\n');
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

/** The quoted strings of one word, those of an array's words and of `$(…)` too. */
function stringsIn(text: string, from: number, to: number): Found {
  const found: Found[] = [];
  for (let i = from; i < to;) {
    const end = text[i] === '#' && /[\s(]/.test(text[i - 1] ?? '') ? lineEnd(text, i) : skipPart(text, i);
    const part = text.slice(i, end);
    if (part.startsWith("'") || part.startsWith("$'")) found.push(string(i, end));
    else if (part.startsWith('"') || part.startsWith('$"')) found.push(inDouble(text, i, end));
    else if (part.startsWith('$(')) found.push(substituted(text, i, end));
    i = end;
  }
  return all(found);
}

/** A string in double quotes, cut where something of more than one line is substituted: that is code. */
function inDouble(text: string, from: number, to: number): Found {
  const found: Found[] = [];
  let start = from;
  for (let i = from + (text[from] === '$' ? 2 : 1); i < to;) {
    const isPart = text[i] === '`' || (text[i] === '$' && /[({]/.test(text[i + 1] ?? ''));
    const end = text[i] === '\\' ? i + 2 : isPart ? skipPart(text, i) : i + 1;
    if (isPart && text.slice(i, end).includes('\n')) {
      found.push(string(start, i));
      if (text.startsWith('$(', i)) found.push(substituted(text, i, end));
      start = end;
    }
    i = end;
  }
  return all([...found, string(start, to)]);
}

/** The same inside `$(…)`, which is a text of commands of its own. */
function substituted(text: string, from: number, to: number): Found {
  const inner = text.slice(from + 2, to - 1);
  if (!inner.includes('\n')) return all([]);
  const moved = ({ start, end }: Stretch): Stretch => ({ start: start + from + 2, end: end + from + 2 });
  const { strings, documents } = quotedInSh(inner);
  return { strings: strings.map(moved), documents: documents.map(moved) };
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline;
}
