import stringWidth from 'fast-string-width';

/** Characters that take no cell, which the library counts as one: zero-width space and non-joiner, word joiner, byte order mark. */
const NO_CELL = /[\u200b\u200c\u2060\ufeff]/g;

/** Cells that a string takes on a terminal: colour codes and what combines with a letter take none, wide letters and emoji two. */
export function cellWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return stringWidth(text.replace(NO_CELL, ''));
}

/** Text padded with blanks to `width` cells; longer text stays whole. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - cellWidth(text)));
  return side === 'right' ? text + blanks : blanks + text;
}
