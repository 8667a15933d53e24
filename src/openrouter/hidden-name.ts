import { requestShapeFor } from '../claude/request-shape.ts';
import type { CatalogModel } from './catalog-model.ts';
import { baseModelId, presetOf } from './model-id.ts';

/** A name behind which Claude Code does not recognise the Claude model, so that it sends what that one refuses. */
interface HiddenName {
  /** `adaptive thinking`, `effort`. */
  readonly refused: readonly string[];
  /** The name under which it sends what is right; undefined where a preset's own name misleads it. */
  readonly better: string | undefined;
}

/**
 * Claude Code goes by the text of an id (`requestShapeFor`): `anthropic/claude-4.5-haiku-20251001` (the full name) and a preset that
 * names Claude Haiku 4.5 are unknown models to it, and get adaptive thinking and an effort, which the Claudes up to 4.5 refuse.
 * OpenRouter maps these parameters for its own `~author/…-latest` aliases.
 *
 * @param asked the id as it is mapped
 * @param row its row of the catalog, which may bear another id
 */
export function findHiddenName(asked: string, row: Pick<CatalogModel, 'id' | 'base'>): HiddenName | undefined {
  const model = baseModelId(row.base ?? row.id);
  if (asked.startsWith('~') || !/^anthropic\//.test(model)) return undefined;
  const [sent, taken] = [requestShapeFor(asked), requestShapeFor(model)];
  const refused = [
    ...(sent.thinking === 'adaptive' && taken.thinking !== 'adaptive' ? ['adaptive thinking'] : []),
    ...(sent.effort !== undefined && taken.effort === undefined ? ['effort'] : []),
  ];
  if (refused.length === 0) return undefined;
  const slug = presetOf(asked);
  const better = slug === undefined ? model : `${model}@preset/${slug}`;
  const isBetter = requestShapeFor(better).thinking === taken.thinking && requestShapeFor(better).effort === taken.effort;
  return { refused, better: isBetter ? better : undefined };
}

/** Why, as the end of a sentence about the id. */
export function describeHiddenName({ refused, better }: HiddenName): string {
  const cure = better === undefined ? 'give the preset a name without a model name in it' : `map ${better} instead`;
  return `Claude Code does not recognise the model under this name and sends ${refused.join(' and ')}, which it refuses: ${cure}`;
}
