import type { CatalogModel } from './catalog-model.ts';
import { rateOf } from './price.ts';
import { formatTokens } from '../text/format.ts';

/** What speaks for a model in one short phrase, from its figures alone: `agent score 59, reasons, 1M window, cheap`. */
export function strengthsOf(model: CatalogModel): string {
  const parts: string[] = [];
  const { agentic, coding } = model.scores ?? {};
  const { output } = rateOf(model);
  if (agentic !== undefined) parts.push(`agent score ${Math.round(agentic)}`);
  if (coding !== undefined) parts.push(`coding score ${Math.round(coding)}`);
  parts.push(model.reasoning ? 'reasons before it answers' : 'answers at once, without reasoning');
  if ((model.context ?? 0) >= 500_000) parts.push(`${formatTokens(model.context)} window`);
  if (model.free) parts.push('free');
  else if (output !== null && output <= 1) parts.push('cheap');
  else if (output !== null && output >= 10) parts.push('dear');
  return parts.join(', ');
}
