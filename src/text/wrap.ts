import { cellWidth } from './table.ts';

/** Folds text at blanks to `width` cells, each line after the first indented. Words longer than a line stay whole. */
export function wrap(text: string, width: number, indent = ''): string {
  const limit = Math.max(20, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    if (line !== '' && cellWidth(next) + (lines.length > 0 ? indent.length : 0) > limit) {
      lines.push(line);
      line = word;
    } else {
      line = next;
    }
  }
  lines.push(line);
  return lines.map((each, index) => (index === 0 ? each : indent + each)).join('\n');
}
