import { requestShapeFor } from '../claude/request-shape.ts';
import type { CatalogModel } from './catalog-model.ts';
import { baseModelId, presetOf } from './model-id.ts';

/** A name by which Claude Code does not recognise a Claude model, and so sends parameters that the model refuses. */
interface HiddenName {
  /** The refused parameters: `adaptive thinking`, `effort`. */
  readonly refused: readonly string[];
  /** A name with which it sends the right parameters; undefined if the preset's own name misleads it. */
  readonly better: string | undefined;
}

/**
 * Checks a mapped id for a hidden name; undefined if it has none. Claude Code goes by the text of an id (`requestShapeFor`): it takes
 * `anthropic/claude-4.5-haiku-20251001` (the full name), or a preset for Claude Haiku 4.5, for an unknown model, and sends adaptive
 * thinking and an effort, which Claude models up to 4.5 refuse. OpenRouter maps these parameters for its own `~author/…-latest` aliases.
 *
 * @param asked the id as mapped
 * @param row its row in the catalog, which may have another id
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

/** What is wrong and how to fix it, as the end of a sentence about the id. */
export function describeHiddenName({ refused, better }: HiddenName): string {
  const cure = better === undefined ? 'give the preset a name without a model name in it' : `map ${better} instead`;
  return `Claude Code does not recognise the model under this name and sends ${refused.join(' and ')}, which it refuses: ${cure}`;
}
