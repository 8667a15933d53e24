import { type Mapping, mappedModels } from '../claude/aliases.ts';
import type { Context } from '../core/context.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';
import { fetchModelFacts, type ModelFacts } from '../openrouter/model-facts.ts';

/** Context windows and output caps of all mapped models, from OpenRouter unless `offline`. */
export async function gatherFacts(
  ctx: Pick<Context, 'http' | 'clock' | 'version' | 'signal'>,
  endpoint: Endpoint,
  mapping: Mapping,
  catalog: Catalog,
  offline: boolean,
): Promise<readonly ModelFacts[]> {
  const ids = mappedModels(mapping).map(({ model }) => model);
  return fetchModelFacts(offline ? undefined : ctx, endpoint, ids, catalog);
}

/** One sentence if some models' providers could not be asked, so that their limits come only from the catalog; else undefined. */
export function describeGuesses(facts: readonly ModelFacts[], catalog: Catalog): string | undefined {
  const untold = facts.filter((each) => each.source !== 'endpoints' && !each.id.startsWith('@'));
  const guessed = untold.map((each) => each.id);
  if (guessed.length === 0) return undefined;
  const why = untold.find(({ failure }) => failure !== undefined)?.failure;
  const source =
    catalog.source === 'builtin' ? "orcc's built-in list" : `the catalog of ${new Date(catalog.asOf).toISOString().slice(0, 10)}`;
  return `Windows and output caps of ${guessed.join(', ')} are from ${source}: their providers could not be asked${why === undefined ? '' : ` (${why})`}`;
}
