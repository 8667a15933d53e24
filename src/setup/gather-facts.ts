import { resolveAliases, type AliasModels } from '../claude/aliases.ts';
import type { Context } from '../context.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';
import { fetchModelFacts, type ModelFacts } from '../openrouter/model-facts.ts';

/** Windows and caps of all mapped models, from OpenRouter unless `offline`. */
export async function gatherFacts(
  ctx: Pick<Context, 'http' | 'version' | 'signal'>,
  endpoint: Endpoint,
  models: AliasModels,
  catalog: Catalog,
  offline: boolean,
): Promise<readonly ModelFacts[]> {
  const ids = [...new Set(resolveAliases(models).map(({ model }) => model))];
  return fetchModelFacts(offline ? undefined : ctx, endpoint, ids, catalog);
}
