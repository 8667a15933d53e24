/** A text in the single quotes of a POSIX shell. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** One word of a POSIX shell, in quotes where it holds anything but the signs that need none. */
export function quoteWord(text: string, bare = /^[\w.:/-]+$/): string {
  return bare.test(text) ? text : inQuotes(text);
}
