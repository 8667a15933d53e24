/** Whether two files have the same content; null means no file. */
export function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a === b || (a.length === b.length && Buffer.compare(a, b) === 0);
}
