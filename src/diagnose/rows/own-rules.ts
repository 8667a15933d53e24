import { RULE_WORDS, type RuleLine } from '../../openrouter/routing.ts';
import { type FindingArgs, modelName, switchCommand } from '../row.ts';

/** The rules of `orcc route` that a refusal may rest on, by what they are about. */
export const PRIVACY: readonly RuleLine['rule'][] = ['zdr', 'data_collection'];
export const PROVIDERS: readonly RuleLine['rule'][] = ['only', 'ignore', 'order', 'allow_fallbacks'];
export const PRICE: readonly RuleLine['rule'][] = ['max_price'];
export const REST: readonly RuleLine['rule'][] = ['max_price', 'quantizations', 'require_parameters', ...PROVIDERS, ...PRIVACY];

/** Names the user's own rules of these kinds, which leave no provider; undefined if there are none. */
export function ownRules(a: FindingArgs, kinds: readonly RuleLine['rule'][]): string | undefined {
  const rules = (a.rules ?? []).filter(({ rule }) => kinds.includes(rule));
  if (rules.length === 0) return undefined;
  return `your own routing rules leave no provider of ${modelName(a)}: ${rules.map(({ text }) => text).join('; ')}`;
}

/** What to do about those rules; undefined if there are none. */
export function dropRules(a: FindingArgs, kinds: readonly RuleLine['rule'][]): string | undefined {
  const rules = (a.rules ?? []).filter(({ rule }) => kinds.includes(rule));
  if (rules.length === 0) return undefined;
  const words = rules.map(({ rule }) => RULE_WORDS[rule]).join(',');
  return `\`orcc route --check\` shows which providers are left; \`orcc route --drop ${words}\` removes the rule, or ${switchCommand(a)} with another model`;
}
