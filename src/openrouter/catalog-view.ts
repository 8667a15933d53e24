import type { Catalog } from './catalog.ts';
import { type Finding, renderFindings } from '../core/finding.ts';
import { describeAge } from '../text/day.ts';
import type { Style } from '../text/style.ts';

/** One line on where the catalog's figures come from and how old they are. `now` in milliseconds. */
export function describeCatalog(catalog: Pick<Catalog, 'source' | 'asOf' | 'stale'>, now: number): string {
  if (catalog.source === 'live') return 'catalog fetched just now';
  const month = new Date(catalog.asOf).toISOString().slice(0, 7);
  if (catalog.source === 'builtin') return `built-in list of ${month}; prices may have changed`;
  const age = now - catalog.asOf < 60_000 ? 'fetched just now' : `from ${describeAge(now - catalog.asOf)} ago`;
  return `catalog ${age}${catalog.stale ? '; `--refresh` fetches it again' : ''}`;
}

/** The remark on stderr after every list of models: source, age, and why OpenRouter gave no catalog (`findings`, or else the warning). */
export function catalogRemark(catalog: Catalog, now: number, style: Style, findings: readonly Finding[] = []): string {
  const lines = [style.dim(describeCatalog(catalog, now))];
  if (findings.length > 0) lines.unshift(renderFindings(findings, style));
  else if (catalog.warning !== undefined) lines.unshift(`${style.yellow('warning:')} ${catalog.warning}`);
  return lines.join('\n');
}
