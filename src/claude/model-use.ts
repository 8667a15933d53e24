import { servesSessions, type Mapping, mappedModels, type MappedModel } from './aliases.ts';
import { type KnownModel, knowsModel } from './known-models.ts';

/** The limits that the gateway states for a model, in tokens; null if it does not state one. */
export interface ModelFacts {
  readonly window: number | null;
  readonly maxOutput: number | null;
}

/** A mapped model and what is known about it. */
export interface ModelUse extends ModelFacts, MappedModel {
  /** True if it serves whole conversations, not only short helper calls. */
  readonly counts: boolean;
  /** undefined if Claude Code does not know the id. */
  readonly known: KnownModel | undefined;
}

/** The mapped models with their limits. Impossible figures (zero, negative, not a number) count as not stated. */
export function listUses(mapping: Mapping, facts: (id: string) => ModelFacts | undefined): readonly ModelUse[] {
  return mappedModels(mapping).map(({ model, aliases }) => {
    const found = facts(model);
    return {
      model,
      aliases,
      window: positive(found?.window),
      maxOutput: positive(found?.maxOutput),
      counts: aliases.some((alias) => servesSessions(alias, mapping.defaultAlias)),
      known: knowsModel(model),
    };
  });
}

function positive(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) && value > 0 ? Math.floor(value) : null;
}

/** A model in the text of a reason: `opus (z-ai/glm-4.7)`. */
export function describeUse(use: Pick<ModelUse, 'aliases' | 'model'>): string {
  return `${use.aliases[0]} (${use.model})`;
}
