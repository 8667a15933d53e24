import type { AliasId, Mapping } from './aliases.ts';
import { resolveAliases } from './aliases.ts';
import type { KnownModel } from './known-models.ts';
import { knowsModel } from './known-models.ts';

/** What the gateway gives, in tokens; null where it does not say. */
export interface ModelFacts {
  readonly window: number | null;
  readonly maxOutput: number | null;
}

/** One mapped model with all aliases that lead to it. */
export interface ModelUse extends ModelFacts {
  readonly model: string;
  readonly aliases: readonly [AliasId, ...AliasId[]];
  /** It serves whole conversations. haiku serves short helper calls, unless it is the default. */
  readonly counts: boolean;
  /** undefined: Claude Code does not know the id. */
  readonly known: KnownModel | undefined;
}

/** The distinct models of a mapping, in the order of the aliases. Impossible figures (zero, negative, not a number) count as not said. */
export function listUses(mapping: Mapping, facts: (id: string) => ModelFacts | undefined): readonly ModelUse[] {
  const byModel = new Map<string, [AliasId, ...AliasId[]]>();
  for (const { alias, model } of resolveAliases(mapping.models)) {
    const aliases = byModel.get(model);
    if (aliases === undefined) byModel.set(model, [alias]);
    else aliases.push(alias);
  }
  return [...byModel].map(([model, aliases]) => {
    const found = facts(model);
    return {
      model,
      aliases,
      window: positive(found?.window),
      maxOutput: positive(found?.maxOutput),
      counts: aliases.some((alias) => alias !== 'haiku' || mapping.defaultAlias === 'haiku'),
      known: knowsModel(model),
    };
  });
}

function positive(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) && value > 0 ? Math.floor(value) : null;
}

/** `opus (z-ai/glm-4.7)`: how a reason names what limits. */
export function describeUse(use: Pick<ModelUse, 'aliases' | 'model'>): string {
  return `${use.aliases[0]} (${use.model})`;
}
