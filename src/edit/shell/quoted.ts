import { closedStringsPowershell } from './shell-assignments-powershell.ts';
import { quotedInSh } from './quoted-sh.ts';
import type { ShellId, Stretch } from './types.ts';

/** Strings, and here-documents apart: no quote in their middle ends those. */
interface Quotes {
  readonly strings: readonly Stretch[];
  readonly documents: readonly Stretch[];
}

/**
 * The here-documents and quoted strings of more than one line that close again: what stands in them is text to the
 * shell, not commands. What a quoted string substitutes (`"… $(…) …"`) is not part of it. One that never closes is none:
 * where reading goes wrong, it mostly goes on to the end of the file.
 */
export function closedQuotes(text: string, shell: ShellId): Quotes {
  if (shell === 'powershell') return closedStringsPowershell(text);
  return shell === 'fish' ? { strings: stringsInFish(text), documents: [] } : quotedInSh(text);
}

/** A string, an escape, a comment at the start of a word. */
const FISH_PART = /'(?:[^\\']|\\[^])*'|"(?:[^\\"]|\\[^])*"|\\[^]|(?<![^\s;&|()])#[^\n]*/g;

function stringsInFish(text: string): readonly Stretch[] {
  return [...text.matchAll(FISH_PART)].flatMap(({ 0: part, index }) =>
    /^['"]/.test(part) && part.includes('\n') ? [{ start: index, end: index + part.length }] : [],
  );
}
