/** JSON without blanks, in printable ASCII: every other character as its \u escape, so that each shell and file holds it unchanged. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
