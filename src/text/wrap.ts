import stringWidth from 'fast-string-width';

/** Characters that take no cell, but that the library counts as one: zero-width space and non-joiner, word joiner, byte order mark. */
const NO_CELL = /[\u200b\u200c\u2060\ufeff]/g;

/** The cells that a string takes on a terminal: none for colour codes and combining characters, two for wide letters and emoji. */
export function cellWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return stringWidth(text.replace(NO_CELL, ''));
}

/** Pads text with blanks to `width` cells; longer text is not cut. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - cellWidth(text)));
  return side === 'right' ? text + blanks : blanks + text;
}

/**
 * Folds one line at blanks to `width` cells (at least 20), each line after the first indented. Words longer than a line are not
 * split, nor is what stands in backticks: pasted from two lines, a command would be two commands. Leading blanks are kept. All
 * folding goes through here.
 */
export function wrap(text: string, width: number, indent = ''): string {
  const limit = Math.max(20, width);
  const lead = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = '';
  for (const word of wholeWords(text.slice(lead.length))) {
    const next = line === '' ? word : `${line} ${word}`;
    if (line !== '' && cellWidth(next) + (lines.length > 0 ? indent.length : lead.length) > limit) {
      lines.push(line.trimEnd());
      line = word;
    } else {
      line = next;
    }
  }
  lines.push(line);
  return lines.map((each, index) => (index === 0 ? lead + each : indent + each)).join('\n');
}

/** The words of a text; what stands in backticks is one word, with what is written close to it. */
function wholeWords(text: string): readonly string[] {
  const words = text.split(' ');
  if (!text.includes('`')) return words;
  const whole: string[] = [];
  for (let at = 0; at < words.length;) {
    const word = words[at] ?? '';
    const end = opensQuote(word) ? words.findIndex((each, index) => index > at && opensQuote(each)) : -1;
    whole.push(end === -1 ? word : words.slice(at, end + 1).join(' '));
    at = (end === -1 ? at : end) + 1;
  }
  return whole;
}

/** True if a backtick in a word has no second one: it opens what another word closes. */
function opensQuote(word: string): boolean {
  return word.split('`').length % 2 === 0;
}

/** Folds a text that starts `before` cells into its line, with a hanging indent: its other lines start at the same cell. */
export function hang(text: string, width: number, before: number): string {
  const blanks = ' '.repeat(before);
  return wrap(blanks + text, width, blanks).slice(before);
}

/** Folds every line of a text to the width of a terminal; continuation lines are indented two cells more than the line itself. */
export function fold(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      if (line.length <= width || cellWidth(line) <= width) return line;
      const blanks = /^(?:\x1b\[[\d;]*m| )*/.exec(line)?.[0].replace(/\x1b\[[\d;]*m/g, '').length ?? 0;
      return wrap(line, width, ' '.repeat(Math.min(blanks + 2, Math.floor(width / 2))));
    })
    .join('\n');
}
