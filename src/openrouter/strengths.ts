import type { AliasId } from '../claude/aliases.ts';
import type { CatalogModel } from './catalog-model.ts';
import { formatTokens } from '../text/format.ts';

/** What Claude Code's users give each alias to do. */
export const USES: Readonly<Record<AliasId, string>> = {
  opus: 'architecture, large refactorings, long work of many steps',
  sonnet: 'everyday coding, debugging, tests, reviews',
  haiku: 'quick questions, searching code, small repeated tasks, helper calls',
  fable: 'whatever the newest tier is asked for',
  subagent: 'subagents that name no model',
};

/** What speaks for a model in one short phrase, from its figures alone: `agent score 59, reasons, 1M window, cheap`. */
export function strengthsOf(model: CatalogModel): string {
  const parts: string[] = [];
  const { agentic, coding } = model.scores ?? {};
  if (agentic !== undefined) parts.push(`agent score ${Math.round(agentic)}`);
  if (coding !== undefined) parts.push(`coding score ${Math.round(coding)}`);
  parts.push(model.reasoning ? 'reasons before it answers' : 'answers at once, without reasoning');
  if ((model.context ?? 0) >= 500_000) parts.push(`${formatTokens(model.context)} window`);
  if (model.free) parts.push('free');
  else if (model.outputPrice !== null && model.outputPrice <= 1) parts.push('cheap');
  else if (model.outputPrice !== null && model.outputPrice >= 10) parts.push('dear');
  return parts.join(', ');
}
