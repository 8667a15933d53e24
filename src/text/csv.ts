/**
 * Rows as comma-separated values (RFC 4180, LF). Text that a spreadsheet would
 * run as a formula gets a quote in front, since names come from the network.
 */
export function formatCsv(
  heading: readonly string[],
  rows: readonly (readonly (string | number | boolean | null | undefined)[])[],
): string {
  return [heading, ...rows].map((row) => row.map(cell).join(',')).join('\n');
}

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && /^[=+@\t-]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
