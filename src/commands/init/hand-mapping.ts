import { ALIASES, DEFAULT_ALIASES, isWhole, type AliasId, type Mapping } from '../../claude/aliases.ts';
import { inEffect } from '../../claude/effective.ts';
import type { Layers } from '../../claude/layers.ts';
import { MODEL } from '../../claude/variables.ts';
import { parseModelId } from '../../openrouter/model-id.ts';
import type { StartupAssignment } from '../../targets/startup.ts';

/**
 * The mapping that was set up by hand, as it is in effect here, else as start-up files set it at every start; undefined where an alias
 * lacks a model of OpenRouter's. The wizard proposes it in place of a preset.
 */
export function mappingByHand(layers: Layers, startup: readonly StartupAssignment[]): Mapping | undefined {
  const isCertain = ({ kind, conditions }: StartupAssignment): boolean => kind === 'set' && conditions.length === 0;
  const valueOf = (name: string): string | undefined =>
    inEffect(layers, name, 'process')?.value.trim() ?? startup.findLast((each) => each.name === name && isCertain(each))?.value;
  const models: Partial<Record<AliasId, string>> = {};
  for (const { id, variable } of ALIASES) {
    const model = readModel(valueOf(variable));
    if (model !== undefined) models[id] = model;
  }
  const named = valueOf(MODEL);
  const defaultAlias = DEFAULT_ALIASES.find((alias) => alias === named) ?? 'sonnet';
  return isWhole(models) ? { models, defaultAlias } : undefined;
}

function readModel(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : parseModelId(text).id;
  } catch {
    return undefined;
  }
}
