export const DAY_MS = 86_400_000;

/** The UTC day of a time in milliseconds since 1970, as `2026-11-27`; OpenRouter counts in UTC days. Empty for a time that is none. */
export function dayOf(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().slice(0, 10) : '';
}
