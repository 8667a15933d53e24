import { escapeInvisible } from './text.ts';

/** A text in the single quotes of a POSIX shell. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word for a POSIX shell, quoted unless it matches `bare`. */
export function quoteWord(text: string, bare = /^[\w.:/-]+$/): string {
  return bare.test(text) ? text : inQuotes(text);
}

/**
 * A path as a word of a command that is shown to be pasted: `~/` in the place of the home folder, the rest quoted where it must be. What
 * no screen shows is written as the octal bytes of `$'…'`, which bash, zsh and ksh read back; otherwise it would be escaped, or dropped,
 * on its way to the screen.
 */
export function pastePath(path: string, home?: string): string {
  if (home === undefined || home.length < 2 || !(path === home || path.startsWith(`${home}/`))) return pasteWord(path);
  const rest = path.slice(home.length + 1);
  return rest === '' ? '~' : `~/${pasteWord(rest)}`;
}

/** A word of such a command. */
export function pasteWord(text: string): string {
  if (/^(?:[A-Za-z]:[\w.+@:\\/-]+|[\w./][\w.+@:%,=/-]*)$/.test(text)) return text;
  if (escapeInvisible(text) === text) return inQuotes(text);
  const octal = (each: string): string => [...Buffer.from(each)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  const shown = [...text].map((each) =>
    each === "'" || each === '\\' ? `\\${each}` : escapeInvisible(each) === each ? each : octal(each),
  );
  return `$'${shown.join('')}'`;
}
