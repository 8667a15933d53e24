import { escapeInvisible } from './text.ts';

/**
 * Rows as comma-separated values (RFC 4180, LF). Text that a spreadsheet would run as a formula gets a quote in front, and what is
 * invisible or moves the cursor stands as an escape, since names come from the network and folders from anywhere.
 */
export function formatCsv(
  heading: readonly string[],
  rows: readonly (readonly (string | number | boolean | null | undefined)[])[],
): string {
  return [heading, ...rows].map((row) => row.map(cell).join(',')).join('\n');
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  const shown = escapeInvisible(String(value));
  const text = typeof value === 'string' && /^\s*[=+@\uff1d\uff0b\uff20\uff0d-]/.test(value) ? `'${shown}` : shown;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
