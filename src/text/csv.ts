import { escapeInvisible } from './text.ts';

type Cell = string | number | boolean | null | undefined;

/**
 * Rows as comma-separated values (RFC 4180, LF). Text that a spreadsheet would run as a formula is prefixed with a quote, and invisible
 * and control characters are escaped, since model names and folder names can't be trusted.
 */
export function formatCsv<Row>(rows: readonly Row[], columns: Readonly<Record<string, (row: Row) => Cell>>): string {
  const lines = rows.map((row) => Object.values(columns).map((of) => of(row)));
  return [Object.keys(columns), ...lines].map((line) => line.map(show).join(',')).join('\n');
}

function show(value: Cell): string {
  if (value === null || value === undefined) return '';
  const shown = escapeInvisible(String(value));
  const text = typeof value === 'string' && /^\s*[=+@\uff1d\uff0b\uff20\uff0d-]/.test(value) ? `'${shown}` : shown;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
