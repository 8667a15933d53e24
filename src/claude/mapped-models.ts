import type { AliasId, Mapping } from './aliases.ts';
import { resolveAliases } from './aliases.ts';

/** One mapped model with all aliases that lead to it. */
export interface MappedModel {
  readonly model: string;
  readonly aliases: readonly [AliasId, ...AliasId[]];
}

/**
 * The distinct models that a mapping can make Claude Code ask for, in the order of the aliases: the one set that counts for
 * output caps, windows, deferred tools and images alike.
 */
export function mappedModels(mapping: Mapping): readonly MappedModel[] {
  const byModel = new Map<string, [AliasId, ...AliasId[]]>();
  for (const { alias, model } of resolveAliases(mapping.models)) {
    const aliases = byModel.get(model);
    if (aliases === undefined) byModel.set(model, [alias]);
    else aliases.push(alias);
  }
  return [...byModel].map(([model, aliases]) => ({ model, aliases }));
}

/**
 * Whether an id is certainly one of Anthropic's models, which alone take deferred tools on OpenRouter. `~anthropic/…-latest` is:
 * an alias of OpenRouter's keeps its author (all 12 of August 2026). So is `anthropic/…@preset/…`; a preset alone, or anything
 * else whose author cannot be told, is not.
 */
export function isAnthropicModel(id: string): boolean {
  return /^~?anthropic\/[^/@]/.test(id.trim().toLowerCase());
}
