export const DAY_MS = 86_400_000;

/** The UTC day of a time in milliseconds since 1970, as `2026-11-27`; OpenRouter counts in UTC days. Empty for an invalid time. */
export function dayOf(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().slice(0, 10) : '';
}

/** An age in milliseconds as text: `3 minutes`, `5 hours`, `12 days`. */
export function describeAge(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  const [count, unit] =
    minutes < 60 ? [minutes, 'minute'] : minutes < 48 * 60 ? [Math.round(minutes / 60), 'hour'] : [Math.round(minutes / 1440), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
