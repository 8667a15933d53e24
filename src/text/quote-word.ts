/** A text in the single quotes of a POSIX shell. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word for a POSIX shell, quoted unless it matches `bare`. */
export function quoteWord(text: string, bare = /^[\w.:/-]+$/): string {
  return bare.test(text) ? text : inQuotes(text);
}
