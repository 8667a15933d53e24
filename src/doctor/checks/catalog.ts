import { DAY_MS } from '../../text/day.ts';
import { ALIASES, resolveAliases, type AliasId } from '../../claude/aliases.ts';
import { MODEL } from '../../claude/variables.ts';
import { findingOf } from '../../diagnose/build.ts';
import { isPlainId } from '../../diagnose/row.ts';
import type { Finding } from '../../core/finding.ts';
import type { FindingCode } from '../../diagnose/table.ts';
import { describeCatalog } from '../../openrouter/catalog-view.ts';
import { findHiddenName } from '../../openrouter/hidden-name.ts';
import { judgeModel, EXPIRY_DAYS } from '../../openrouter/suitability.ts';
import { PRESETS } from '../../claude/presets.ts';
import { type Check, describePlace, foreign, type Fix, type Result } from '../check.ts';
import type { Observed } from '../observed.ts';
import { IMAGE_RULES } from '../../claude/image-rules.ts';
import type { Placement } from '../../claude/layers.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { isFolderTarget, isShared } from '../../targets/types.ts';
import { eachModel, modelsOf } from './models.ts';

/** An id that OpenRouter would refuse. The built-in list alone proves nothing. */
export const modelUnknown: Check = {
  code: 'MODEL_UNKNOWN',
  fine: "every mapped model is in OpenRouter's catalog",
  run: (observed) => {
    const { catalog, now } = observed;
    if (catalog === undefined) return [];
    return mapped(observed).flatMap(({ model, alias, seen, place }) => {
      if (model.startsWith('@') || catalog.find(model) !== undefined) return [];
      const nearest = catalog.nearest(model, 3).filter(isPlainId);
      const evidence = [seen, ...(catalog.source === 'live' ? [] : [describeCatalog(catalog, now)])];
      const finding = findingOf('MODEL_UNKNOWN', { alias, model, nearest }, evidence, alias ?? MODEL);
      // `orcc switch` would not change what others wrote.
      const byHand = `put another id into ${place ?? ''}${nearest[0] === undefined ? '' : `: \`${nearest[0]}\``}`;
      return [{ finding: place === undefined ? finding : { ...finding, fix: byHand } }];
    });
  },
};

/** A model behind an alias, or the default itself; `place` if something other than orcc put it there. */
interface Mapped {
  readonly alias: AliasId | undefined;
  readonly model: string;
  readonly seen: string;
  readonly place?: string;
}

/** The models in effect, with their places, and those that orcc is configured with; each pair of alias and model once. */
function mapped({ views, own, configured }: Observed): readonly Mapped[] {
  const values = new Map(configured?.variables.map(({ name, value }) => [name, value]));
  const ours = ALIASES.flatMap(({ id, variable }): Mapped[] => {
    const model = values.get(variable);
    return model === undefined || model === '' ? [] : [{ alias: id, model, seen: 'orcc is set up with it' }];
  });
  const inEffect = foreign(views).flatMap((view) => {
    const { aliases, default: first } = view.mapping;
    return [...aliases, ...(first.alias === undefined ? [first] : [])].flatMap(({ alias, model, source }): Mapped[] => {
      if (model === undefined || source === undefined) return [];
      const place = describePlace(source);
      const isOurs =
        alias !== undefined &&
        (ours.some((each) => each.alias === alias && each.model === model) || own.some(({ path }) => path === source.file));
      return [{ alias, model, seen: `${place} sets it (${view.name})`, ...(isOurs ? {} : { place }) }];
    });
  });
  return [...new Map([...ours, ...inEffect.toReversed()].map((each) => [`${each.alias ?? ''} ${each.model}`, each])).values()];
}

/** A name or a preset by which Claude Code can't tell which Claude model it is. */
export const modelNameHides: Check = {
  code: 'MODEL_NAME_HIDES',
  fine: 'Claude Code recognises every mapped Claude by its name',
  run: (observed) =>
    eachModel(observed, ({ model, alias, source }) => {
      const row = observed.catalog?.find(model);
      const hidden = row && findHiddenName(model, row);
      if (hidden === undefined) return [];
      const args = { alias, model, reason: hidden.refused.join(' and '), successor: hidden.better };
      return [{ finding: findingOf('MODEL_NAME_HIDES', args, [`${describePlace(source)} maps ${alias} to it`], alias) }];
    }),
};

/** Rules with a finding of their own; expiry is its own check. */
const CODES: Readonly<Record<string, FindingCode>> = { tools: 'NO_TOOLS', text: 'MODEL_NOT_CHAT', account: 'MODEL_NOT_ALLOWED' };

/** What the rules of suitability say against a mapped model. */
export const modelUnsuited: Check = {
  code: 'MODEL_UNSUITED',
  fine: 'every mapped model suits Claude Code',
  run: (observed) =>
    eachModel(observed, ({ model, alias, source }): readonly Result[] => {
      const row = observed.catalog?.find(model);
      const problems = row === undefined ? [] : judgeModel(row, observed.now).problems.filter(({ rule }) => rule !== 'expiry');
      // What rules it out has a finding of its own; the drawbacks are one note.
      const drawbacks = problems.filter(({ severity }) => severity !== 'unusable').map(({ reason }) => reason);
      const make = (code: FindingCode, reason: string): Finding =>
        findingOf(code, { alias, model, reason }, [`${describePlace(source)} maps ${alias} to it`], alias);
      const fatal = problems.filter(({ severity }) => severity === 'unusable');
      if (fatal.length > 0) return fatal.map(({ rule, reason }) => ({ finding: make(CODES[rule] ?? 'MODEL_UNSUITED', reason) }));
      return drawbacks.length === 0 ? [] : [{ finding: { ...make('MODEL_UNSUITED', drawbacks.join('; ')), severity: 'info' } }];
    }),
};

/** Text-only models behind every alias, and nothing that keeps images from them. */
export const imagesUnguarded: Check = {
  code: 'IMAGES_UNGUARDED',
  fine: 'every mapped model takes images, or settings keep images away',
  applies: ({ configured }) => configured !== undefined,
  run: (observed) => {
    const { catalog, layers } = observed;
    const [view] = foreign(observed.views);
    if (view === undefined || catalog === undefined) return [];
    const models = modelsOf(view);
    if (models.length === 0 || models.some(({ model }) => catalog.find(model)?.textOnly !== true)) return [];
    const denied = new Set(layers.settings.flatMap(({ members }) => members.deny ?? []));
    if (IMAGE_RULES.every((rule) => denied.has(rule))) return [];
    const evidence = models.map(({ model, alias }) => `${alias} is ${model}, which takes text only`);
    const place = isMachineBlind(observed, catalog) ? userPlace(observed) : folderPlace(observed, models);
    const fixes: Fix[] = place === undefined ? [] : [{ kind: 'deny-images', ...place }];
    return [{ finding: findingOf('IMAGES_UNGUARDED', {}, evidence), fixes }];
  },
};

type ImagesPlace = Pick<Extract<Fix, { kind: 'deny-images' }>, 'path' | 'place'>;

/** Whether the machine's own mapping is text-only: rules in user settings apply in every folder. */
function isMachineBlind({ configured }: Observed, catalog: Pick<Catalog, 'find'>): boolean {
  const own = ALIASES.flatMap(({ variable }) => configured?.variables.find(({ name }) => name === variable)?.value ?? []);
  return own.length > 0 && own.every((model) => catalog.find(model)?.textOnly === true);
}

function userPlace({ layers }: Observed): ImagesPlace | undefined {
  const user = layers.settings.find(({ layer, state }) => layer === 'user' && (state === 'ok' || state === 'missing'));
  return user && { path: user.path, place: 'machine' };
}

/** The file of orcc's that maps this folder, preferably the one for this user alone (`local`); undefined if there is none. */
function folderPlace({ own }: Observed, models: ReadonlyArray<{ readonly source: Pick<Placement, 'file'> }>): ImagesPlace | undefined {
  const mapping = own.filter(({ id, path }) => isFolderTarget(id) && models.some(({ source }) => source.file === path));
  const found = mapping.find(({ id }) => !isShared(id)) ?? mapping[0];
  return found && { path: found.path, place: 'folder' };
}

/** Presets whose models are gone or about to go. A gateway's own catalog that has none of their models says nothing about that. */
export const presetStale: Check = {
  code: 'PRESET_STALE',
  fine: "the presets' models are available, and none is being retired",
  run: ({ catalog, now }) => {
    if (catalog === undefined) return [];
    const presets = PRESETS.map(({ name, asOf, mapping }) => {
      const models = [...new Set(resolveAliases(mapping.models).map(({ model }) => model))].map((id) => ({ id, row: catalog.find(id) }));
      const going = models.flatMap(({ id, row }) => {
        const left = row?.expires === undefined ? Infinity : Date.parse(row.expires) - now;
        if (row === undefined) return [`${id} is not in the catalog`];
        return left <= EXPIRY_DAYS * DAY_MS ? [`${id} ${left < 0 ? 'went' : 'goes'} away on ${row.expires ?? ''}`] : [];
      });
      return { name, asOf, going, isKnown: models.some(({ row }) => row !== undefined) };
    });
    if (presets.every(({ isKnown }) => !isKnown)) return [];
    return presets.flatMap(({ name, asOf, going }) =>
      going.length === 0 ? [] : [{ finding: findingOf('PRESET_STALE', { value: name, date: asOf }, going, name) }],
    );
  },
};
