import type { Style } from './style.ts';
import { hang, cellWidth, pad } from './wrap.ts';

/** Cuts a text without colour codes to at most `cells` cells, ending in an ellipsis if anything was cut. */
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

/** A right-aligned column, for figures. */
export function right(title: string): Column {
  return { title, align: 'right' };
}

/** The narrowest width, in cells, at which folded text is still readable. */
const READABLE = 20;

/**
 * Rows under a dim heading, two blanks between columns; empty columns are left out. If the table is wider than the terminal,
 * the last column is folded; if that is not enough, each row becomes a small list, so that nothing is cut.
 */
export function renderTable(titles: readonly (Column | string)[], all: readonly (readonly string[])[], style: Style): string {
  const given = titles.map((each): Column => (typeof each === 'string' ? { title: each } : each));
  const isFilled = given.map((_, index) => all.length === 0 || all.some((row) => (row[index] ?? '') !== ''));
  const columns = given.filter((_, index) => isFilled[index]);
  const rows = all.map((row) => row.filter((_, index) => isFilled[index]));
  const widths = columns.map((column, index) => Math.max(cellWidth(column.title), ...rows.map((row) => cellWidth(row[index] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const room = style.width - before;
  const word = Math.max(0, ...rows.flatMap((row) => (row.at(-1) ?? '').split(' ').map(cellWidth)));
  if ((widths.at(-1) ?? 0) > room && (room < Math.max(READABLE, word) || columns.at(-1)?.align === 'right'))
    return renderStacked(columns, rows, style);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        index === columns.length - 1 && columns[index]?.align !== 'right'
          ? hang(cell, style.width, before)
          : pad(cell, widths[index] ?? 0, columns[index]?.align === 'right' ? 'left' : 'right'),
      )
      .join('  ')
      .trimEnd();
  return [style.dim(line(columns.map((column) => column.title))), ...rows.map(line)].join('\n');
}

/** The table if no line of it is wider than the terminal; undefined otherwise. */
export function renderIfFitting(...[titles, rows, style]: Parameters<typeof renderTable>): string | undefined {
  const table = renderTable(titles, rows, { ...style, width: Infinity });
  return table.split('\n').every((line) => cellWidth(line) <= style.width) ? table : undefined;
}

/** A list of names with their meanings; each meaning is folded beside its name, or below it if there is no room. */
export function renderPairs(pairs: readonly (readonly [string, string])[], style: Pick<Style, 'width'>, indent = ''): string {
  const names = Math.max(...pairs.map(([name]) => cellWidth(name)));
  const before = indent.length + names + 2;
  const isBeside = style.width - before >= READABLE;
  const under = ' '.repeat(isBeside ? before : indent.length + 2);
  return pairs
    .map(([name, text]) => {
      const folded = hang(text, style.width, under.length);
      return isBeside ? `${indent}${pad(name, names)}  ${folded}` : `${indent}${name}\n${under}${folded}`;
    })
    .join('\n');
}

function renderStacked(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string {
  const label = Math.max(...columns.map((column) => cellWidth(column.title)));
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          index === 0
            ? style.bold(cell)
            : cell === ''
              ? ''
              : `  ${style.dim(pad(columns[index]?.title ?? '', label))}  ${hang(cell, style.width, label + 4)}`,
        )
        .filter((text) => text !== '')
        .join('\n'),
    )
    .join('\n');
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of a chart: `share` (0 to 1) of `cells`, to an eighth of a cell. Any share above 0 is visible. */
export function drawBar(share: number, cells: number): string {
  const eighths = share <= 0 ? 0 : Math.max(1, Math.round(Math.min(1, share) * cells * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
