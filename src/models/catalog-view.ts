import type { Catalog } from '../openrouter/catalog.ts';
import type { Style } from '../report/style.ts';

/** Where the figures come from and how old they are, in one line. `now` in milliseconds. */
export function describeCatalog(catalog: Catalog, now: number): string {
  if (catalog.source === 'live') return 'catalog fetched just now';
  const month = new Date(catalog.asOf).toISOString().slice(0, 7);
  if (catalog.source === 'builtin') return `built-in list of ${month}; prices may have changed`;
  const age = now - catalog.asOf < 60_000 ? 'fetched just now' : `from ${describeAge(now - catalog.asOf)} ago`;
  return `catalog ${age}${catalog.stale ? '; `--refresh` fetches it again' : ''}`;
}

/** `3 minutes`, `5 hours`, `12 days`. Milliseconds in. */
export function describeAge(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const [count, unit] =
    minutes < 60 ? [minutes, 'minute'] : minutes < 48 * 60 ? [Math.round(minutes / 60), 'hour'] : [Math.round(minutes / 1440), 'day'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** The line for stderr below every list of models: source, age, and why OpenRouter was not heard. */
export function catalogRemark(catalog: Catalog, now: number, style: Style): string {
  const lines = [style.dim(describeCatalog(catalog, now))];
  if (catalog.warning !== undefined) lines.unshift(`${style.yellow('warning:')} ${catalog.warning}`);
  return lines.join('\n');
}
