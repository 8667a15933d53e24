import stringWidth from 'fast-string-width';
import type { Style } from './style.ts';

/** Characters that take no cell, which the library counts as one: zero-width space and non-joiner, word joiner, byte order mark. */
const NO_CELL = /[\u200b\u200c\u2060\ufeff]/g;

/** Cells that a string takes on a terminal: colour codes and what combines with a letter take none, wide letters and emoji two. */
export function cellWidth(text: string): number {
  return stringWidth(text.replace(NO_CELL, ''));
}

/** Text padded with blanks to `width` cells; longer text stays whole. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - cellWidth(text)));
  return side === 'right' ? text + blanks : blanks + text;
}

/** At most `cells` cells of a text without colour codes, with an ellipsis where something was cut. */
export function fit(text: string, cells: number): string {
  if (cellWidth(text) <= cells) return text;
  let kept = '';
  for (const letter of text) {
    if (cellWidth(kept + letter) > cells - 1) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * Rows under a dim heading, two blanks between columns. Where the whole is wider than the
 * terminal, each row becomes a small list instead, so that nothing is cut.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string {
  const widths = columns.map((column, index) => Math.max(cellWidth(column.title), ...rows.map((row) => cellWidth(row[index] ?? ''))));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > style.width) return renderStacked(columns, rows, style);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align === 'right' ? 'left' : 'right'))
      .join('  ')
      .trimEnd();
  return [style.dim(line(columns.map((column) => column.title))), ...rows.map(line)].join('\n');
}

function renderStacked(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string {
  const label = Math.max(...columns.map((column) => cellWidth(column.title)));
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          index === 0 ? style.bold(cell) : cell === '' ? '' : `  ${style.dim(pad(columns[index]?.title ?? '', label))}  ${cell}`,
        )
        .filter((text) => text !== '')
        .join('\n'),
    )
    .join('\n');
}
