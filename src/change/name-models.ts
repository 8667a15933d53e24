import { ALIAS_IDS, type Mapping } from '../claude/aliases.ts';
import { OrccError, didYouMean } from '../core/errors.ts';
import { isOpenRouter } from '../core/hosts.ts';
import { defined } from '../text/defined.ts';
import type { Catalog } from '../openrouter/catalog.ts';
import type { Extras } from '../config/extras.ts';
import { isGatewayName } from '../openrouter/model-id.ts';
import type { Kept } from './settle-extras.ts';

/** How many models an error names at most. */
const MOST_NAMED = 5;

/**
 * The mapping with full ids: a slug that only one author has becomes that model. Throws exit 2 with the candidates for an ambiguous slug
 * and, at OpenRouter, for an unknown one; at another base URL, whose models may have any name, that is kept as it is (`checkModels`
 * looks it up there).
 */
export function nameModels(mapping: Mapping, catalog: Pick<Catalog, 'models' | 'nearest' | 'source'>, baseUrl: string): Mapping {
  const named = ALIAS_IDS.flatMap((alias) => {
    const model = mapping.models[alias];
    if (model === undefined || !isGatewayName(model)) return [];
    return [[alias, findSlug(model, catalog, isOpenRouter(baseUrl))] as const];
  });
  return { ...mapping, models: { ...mapping.models, ...Object.fromEntries(named) } };
}

/** The same for the extras. An alias in them already has its model. */
export function nameKept(kept: Kept, catalog: Pick<Catalog, 'models' | 'nearest' | 'source'>, baseUrl: string): Kept {
  const isAtOpenRouter = isOpenRouter(baseUrl);
  const name = (id: string): string =>
    isGatewayName(id) && !ALIAS_IDS.some((alias) => alias === id) ? findSlug(id, catalog, isAtOpenRouter) : id;
  const named = ({ fallback, pins, autoModeModel, ...rest }: Extras): Extras => ({
    ...rest,
    ...defined({ fallback: fallback?.map(name), pins: pins?.map(name), autoModeModel: autoModeModel && name(autoModeModel) }),
  });
  const { extras, profileExtras } = kept;
  return { ...kept, ...defined({ extras: extras && named(extras), profileExtras: profileExtras && named(profileExtras) }) };
}

function findSlug(
  slug: string,
  { models, nearest, source }: Pick<Catalog, 'models' | 'nearest' | 'source'>,
  isAtOpenRouter: boolean,
): string {
  // The built-in list says nothing about a gateway's models.
  if (!isAtOpenRouter && (source === 'builtin' || models.some(({ id }) => id === slug))) return slug;
  const wanted = slug.toLowerCase();
  const found = models.map(({ id }) => id).filter((id) => id.slice(id.indexOf('/') + 1).toLowerCase() === wanted);
  const [only, ...others] = found;
  if (only === undefined) {
    if (!isAtOpenRouter) return slug;
    throw notOne(slug, `OpenRouter has no model \`${slug}\``, nearest(slug, 3));
  }
  if (others.length === 0) return only;
  throw notOne(slug, `More than one model is called \`${slug}\``, found.slice(0, MOST_NAMED));
}

function notOne(slug: string, message: string, near: readonly string[]): OrccError {
  return new OrccError('usage', message, {
    code: 'MODEL_UNKNOWN',
    hint: `${didYouMean(near)}\`orcc models\` searches them`,
    data: { model: slug, nearest: near },
  });
}
