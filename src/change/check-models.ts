import { resolveAliases, type AliasModels, type Mapping, inAliasOrder, mappedModels } from '../claude/aliases.ts';
import { OrccError, passStop, didYouMean } from '../core/errors.ts';
import { nameOfGateway } from '../core/hosts.ts';
import { defined } from '../text/defined.ts';
import { describeHiddenName, findHiddenName } from '../openrouter/hidden-name.ts';
import { judgeModel } from '../openrouter/suitability.ts';
import type { Catalog, PresetBases } from '../openrouter/catalog.ts';
import { fetchPreset, type ClientContext } from '../openrouter/client.ts';
import type { Endpoint } from '../openrouter/endpoint.ts';
import { ApiError } from '../openrouter/error-body.ts';
import { isGatewayName, parseModelId, presetOf } from '../openrouter/model-id.ts';
import { disabledPreset, unknownPreset } from '../openrouter/preset-errors.ts';

export interface ModelRemark {
  readonly alias: string;
  readonly model: string;
  readonly text: string;
}

/**
 * Looks up every model of a mapping in the catalog. Throws exit 2 with the nearest ids for one that is
 * not there, unless `force`. With only the built-in list it passes with a remark, and so does one that was
 * mapped before and has gone since, so that it does not block another alias. An account's own preset passes
 * here (`checkPresets` looks it up). Unsuitable models get a remark with the reason.
 */
export function checkModels(
  models: AliasModels,
  catalog: Catalog,
  options: { readonly force: boolean; readonly now: number; readonly before?: AliasModels; readonly baseUrl: string },
): readonly ModelRemark[] {
  const remarks: ModelRemark[] = [];
  const seen = new Set<string>();
  const before = new Set(options.before === undefined ? [] : resolveAliases(options.before).map((each) => each.model));
  for (const { alias, model } of resolveAliases(models)) {
    if (seen.has(model)) continue;
    seen.add(model);
    const id = isGatewayName(model) ? { id: model, preset: false } : parseModelId(model);
    const row = catalog.find(id.id);
    if (row === undefined && id.preset) continue;
    if (row === undefined) {
      if (before.has(model) && catalog.source !== 'builtin') {
        const near = catalog.nearest(model, 1)[0];
        const instead = near === undefined ? 'MODEL' : near;
        remarks.push({
          alias,
          model,
          text: `${nameOfGateway(options.baseUrl)} no longer has it; \`orcc switch ${alias}=${instead}\` maps another`,
        });
        continue;
      }
      if (!options.force && catalog.source !== 'builtin') throw unknownModel(alias, model, catalog, options.baseUrl);
      const where = catalog.source === 'builtin' ? "orcc's built-in list, and no catalog is available" : 'the catalog';
      remarks.push({ alias, model, text: `is not in ${where}; used unchecked` });
      continue;
    }
    const hidden = findHiddenName(id.id, row);
    if (hidden !== undefined) remarks.push({ alias, model, text: describeHiddenName(hidden) });
    for (const problem of judgeModel(row, options.now).problems) remarks.push({ alias, model, text: problem.reason });
  }
  return remarks;
}

/** The presets of a mapping as the account has them: remarks on them, and the model behind each preset that names one. */
interface CheckedPresets {
  readonly remarks: readonly ModelRemark[];
  readonly bases: PresetBases;
}

/** The result if nobody was asked. */
export const NO_PRESETS: CheckedPresets = { remarks: [], bases: {} };

/**
 * Asks OpenRouter for the account's presets that a mapping names. Throws exit 2 for one that does not exist or is turned off, unless
 * `force`. If the key may not see presets, or OpenRouter does not answer, there is a remark instead.
 */
export async function checkPresets(
  ctx: ClientContext,
  endpoint: Endpoint,
  models: AliasModels,
  options: { readonly force: boolean },
): Promise<CheckedPresets> {
  const named = resolveAliases(models).flatMap(({ alias, model }) => {
    const slug = presetOf(model);
    return slug === undefined ? [] : [{ alias, model, slug }];
  });
  const first = named.filter((each, index) => named.findIndex(({ slug }) => slug === each.slug) === index);
  const remarks: ModelRemark[] = [];
  const bases: Record<string, string> = {};
  for (const { alias, model, slug } of first) {
    const { base, state, why = '' } = await lookAtPreset(ctx, endpoint, slug);
    if (base !== undefined) bases[`@preset/${slug}`] = base;
    if (state === 'missing' && !options.force) throw unknownPreset(alias, slug);
    if (state === 'disabled' && !options.force) throw disabledPreset(alias, slug);
    if (state !== 'active') remarks.push({ alias, model, text: PRESET_STATES[state](slug, why) });
  }
  return { remarks, bases };
}

type PresetState = 'active' | 'disabled' | 'missing' | 'unseen';

const PRESET_STATES: Readonly<Record<Exclude<PresetState, 'active'>, (slug: string, why: string) => string>> = {
  disabled: (slug) => `the preset ${slug} is turned off in the account`,
  missing: (slug) => `the account has no preset ${slug}`,
  unseen: (slug, why) => `the preset ${slug} could not be looked up: ${why}`,
};

async function lookAtPreset(
  ctx: ClientContext,
  endpoint: Endpoint,
  slug: string,
): Promise<{ readonly state: PresetState; readonly base?: string; readonly why?: string }> {
  try {
    const { base, disabled } = await fetchPreset(ctx, endpoint, slug);
    return { state: disabled ? 'disabled' : 'active', ...defined({ base }) };
  } catch (error) {
    passStop(error);
    const isMissing = error instanceof ApiError && error.status === 404 && /preset/i.test(error.message);
    return isMissing ? { state: 'missing' } : { state: 'unseen', why: error.message };
  }
}

/** Whether a mapped model takes images, as far as the catalog knows; false with the built-in list, which does not know. */
export function takesImages(mapping: Mapping, catalog: Pick<Catalog, 'find' | 'source'>): boolean {
  if (catalog.source === 'builtin') return false;
  return mappedModels(mapping).some(({ model }) => {
    const row = catalog.find(model);
    return row !== undefined && row.textOnly !== true;
  });
}

/** `No images: opus, haiku take only text, …` for the mapped models that the catalog calls text-only; undefined if there is none.
 * `isGuarded`: orcc's rules against images are there already. */
export function describeTextOnly(mapping: Mapping, catalog: Pick<Catalog, 'find'>, isGuarded = false): string | undefined {
  const models = mappedModels(mapping);
  const blind = models.filter(({ model }) => catalog.find(model)?.textOnly === true);
  if (blind.length === 0) return undefined;
  const aliases = inAliasOrder(blind.flatMap((each) => each.aliases));
  const verb = aliases.length === 1 ? 'takes' : 'take';
  const offer =
    blind.length < models.length
      ? ''
      : isGuarded
        ? '; rules keep images from it'
        : '; `orcc doctor --fix IMAGES_UNGUARDED` keeps images from it';
  return `No images: ${aliases.join(', ')} ${verb} only text, and a session that has read an image is refused from then on${offer}`;
}

function unknownModel(alias: string, model: string, catalog: Catalog, baseUrl: string): OrccError {
  const near = catalog.nearest(model, 3);
  return new OrccError('usage', `${nameOfGateway(baseUrl)} has no model \`${model}\` (${alias})`, {
    code: 'MODEL_UNKNOWN',
    hint: `${didYouMean(near)}\`orcc models\` searches them; \`--force\` uses it anyway`,
    data: { alias, model, nearest: near },
  });
}
