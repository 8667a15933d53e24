import { MAX_CONTEXT, RETIRED_VARIABLES, type Variable } from '../claude/variables.ts';
import { mappedModels } from '../claude/aliases.ts';
import { mappingOf, type Config } from '../config/config.ts';
import type { Context } from '../core/context.ts';
import { readCachedCatalog } from '../openrouter/catalog.ts';
import { fetchModelFacts } from '../openrouter/model-facts.ts';
import { limitsOfFacts } from './limits-of-facts.ts';

type Slice = Pick<Context, 'fs' | 'platform' | 'clock'>;

/**
 * The configured limits for a place without this machine's user settings (a CI job, another editor): there no model has a
 * window of its own, so the smallest one counts for all. Only from the cached catalog; asks nobody.
 */
export async function portableLimits(ctx: Slice, config: Config, folder: string): Promise<readonly Variable[]> {
  const variables = await presentLimits(ctx, config, folder);
  const configured = variables.find(({ name }) => name === MAX_CONTEXT);
  if (configured === undefined) return variables;
  const derived = (await deriveCached(ctx, config, folder)).find(({ name }) => name === MAX_CONTEXT);
  if (derived === undefined || Number(derived.value) >= Number(configured.value)) return variables;
  return variables.map((each) => (each === configured ? { name: MAX_CONTEXT, value: derived.value } : each));
}

/**
 * The configured limits. Those that an older orcc recorded, by other rules, are derived again from the cached catalog; what the catalog
 * does not tell stays as it was recorded.
 */
export async function presentLimits(ctx: Slice, config: Config, folder: string): Promise<readonly Variable[]> {
  const { how, variables } = config.limits;
  if (how === 'none' || !isOfOlderOrcc(config)) return variables;
  const derived = (await deriveCached(ctx, config, folder)).map(({ name, value }) => ({ name, value }));
  const rest = variables.filter(({ name }) => !RETIRED_VARIABLES.includes(name) && derived.every((each) => each.name !== name));
  return [...derived, ...rest];
}

/** Whether the limits were recorded by an orcc that wrote what this one has retired. */
export function isOfOlderOrcc({ limits }: Pick<Config, 'limits'>): boolean {
  return limits.variables.some(({ name }) => RETIRED_VARIABLES.includes(name));
}

async function deriveCached(ctx: Slice, config: Config, folder: string): Promise<ReturnType<typeof limitsOfFacts>['variables']> {
  const mapping = mappingOf(config);
  const endpoint = { baseUrl: config.baseUrl };
  const ids = mappedModels(mapping).map(({ model }) => model);
  const found = await fetchModelFacts(undefined, endpoint, ids, readCachedCatalog(ctx, { folder, endpoint, bases: config.limits.bases }));
  return limitsOfFacts(mapping, found, false).variables;
}
