import type { Mapping } from '../claude/aliases.ts';
import { deriveLimits, type DerivedLimits } from '../claude/limits.ts';
import type { ModelFacts } from '../openrouter/model-facts.ts';

/**
 * Derives the limits of a mapping from what is known of its models. Without `userTarget` (user settings, which can hold a window for
 * each model), the smallest window counts for all. Pure.
 */
export function limitsOfFacts(mapping: Mapping, found: readonly ModelFacts[], userTarget: boolean): DerivedLimits {
  const byId = new Map(found.map((facts) => [facts.id, facts]));
  return deriveLimits({
    mapping,
    facts: (id) => {
      const facts = byId.get(id);
      return facts?.known === true ? { window: facts.window, maxOutput: facts.maxOutput } : undefined;
    },
    userTarget,
  });
}
