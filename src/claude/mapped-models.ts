import type { Mapping, UseName } from './aliases.ts';
import { ALIAS_IDS, resolveAliases } from './aliases.ts';

/** One mapped model with all that leads to it: aliases, and what it is beside them. */
export interface MappedModel {
  readonly model: string;
  readonly aliases: readonly [UseName, ...UseName[]];
}

/**
 * The distinct models that a mapping can make Claude Code ask for, in the order of the aliases, then further ones: the one set that counts for
 * output caps, windows, deferred tools and images alike.
 */
export function mappedModels(mapping: Mapping): readonly MappedModel[] {
  const byModel = new Map<string, [UseName, ...UseName[]]>();
  const further = (mapping.further ?? []).map(({ model, as }) => ({ alias: as, model }));
  for (const { alias, model } of [...resolveAliases(mapping.models), ...further]) {
    const aliases = byModel.get(model);
    if (aliases === undefined) byModel.set(model, [alias]);
    else aliases.push(alias);
  }
  return [...byModel].map(([model, aliases]) => ({ model, aliases }));
}

/** Names of uses in the order of the aliases, the others behind. */
export function inAliasOrder(names: readonly UseName[]): readonly UseName[] {
  const place = (name: UseName): number => {
    const at = ALIAS_IDS.findIndex((id) => id === name);
    return at < 0 ? ALIAS_IDS.length : at;
  };
  return names.toSorted((one, other) => place(one) - place(other));
}

/**
 * Whether an id is certainly one of Anthropic's models, which alone take deferred tools on OpenRouter. `~anthropic/…-latest` is:
 * an alias of OpenRouter's keeps its author (all 12 of August 2026). So is `anthropic/…@preset/…`; a preset alone, or anything
 * else whose author cannot be told, is not.
 */
export function isAnthropicModel(id: string): boolean {
  return /^~?anthropic\/[^/@]/.test(id.trim().toLowerCase());
}
