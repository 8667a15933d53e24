import { MAX_CONTEXT, type Variable } from '../claude/variables.ts';
import { mappedModels } from '../claude/mapped-models.ts';
import { mappingOf, type Config } from '../config/config.ts';
import type { Context } from '../core/context.ts';
import { readCachedCatalog } from '../openrouter/catalog.ts';
import { fetchModelFacts } from '../openrouter/model-facts.ts';
import { limitsOfFacts } from './limits-of-facts.ts';

/**
 * The configured limits for a place without this machine's user settings (a CI job, another editor): there no model has a
 * window of its own, so the smallest one counts for all. From the cached catalog alone; asks nobody.
 */
export async function portableLimits(
  ctx: Pick<Context, 'fs' | 'random' | 'platform' | 'clock'>,
  config: Config,
  folder: string,
): Promise<readonly Variable[]> {
  const { variables } = config.limits;
  const configured = variables.find(({ name }) => name === MAX_CONTEXT);
  if (configured === undefined) return variables;
  const mapping = mappingOf(config);
  const endpoint = { baseUrl: config.baseUrl };
  const ids = mappedModels(mapping).map(({ model }) => model);
  const found = await fetchModelFacts(undefined, endpoint, ids, readCachedCatalog(ctx, { folder, endpoint, bases: config.limits.bases }));
  const derived = limitsOfFacts(mapping, found, false).variables.find(({ name }) => name === MAX_CONTEXT);
  if (derived === undefined || Number(derived.value) >= Number(configured.value)) return variables;
  return variables.map((each) => (each === configured ? { name: MAX_CONTEXT, value: derived.value } : each));
}
