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
  const bare = ALIAS_IDS.filter((alias) => isGatewayName(mapping.models[alias] ?? '@'));
  if (bare.length === 0) return mapping;
  const named = Object.fromEntries(bare.map((alias) => [alias, findSlug(mapping.models[alias] ?? '', catalog, isOpenRouter(baseUrl))]));
  return { ...mapping, models: { ...mapping.models, ...named } };
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
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (!isAtOpenRouter && only === undefined) return slug;
  const near = found.length > 1 ? found.slice(0, MOST_NAMED) : nearest(slug, 3);
  throw new OrccError('usage', found.length > 1 ? `More than one model is called \`${slug}\`` : `OpenRouter has no model \`${slug}\``, {
    code: 'MODEL_UNKNOWN',
    hint: `${didYouMean(near)}\`orcc models\` searches them`,
    data: { model: slug, nearest: near },
  });
}
