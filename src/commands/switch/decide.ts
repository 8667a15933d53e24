import { FOLDER_TARGETS, isShared, isShellTarget } from '../../targets/types.ts';
import type { Mapping } from '../../claude/aliases.ts';
import { AUTO_MODE_OFF, findAutoModeOff } from '../../claude/auto-mode.ts';
import { readLayers } from '../../claude/layers.ts';
import { checkModels, checkPresets, describeTextOnly, NO_PRESETS, takesImages } from '../../change/check-models.ts';
import { limitsInPlace, type SetupParts } from '../../change/desire.ts';
import type { DesiredTarget } from '../../change/desired.ts';
import { hasImageRules } from '../../change/folder-images.ts';
import { readFolderMapping } from '../../change/folder-mapping.ts';
import { describeGuesses, gatherFacts } from '../../change/gather-facts.ts';
import { loadKey } from '../../change/read-key.ts';
import { chooseLabels } from '../../change/labels.ts';
import { nameKept } from '../../change/name-models.ts';
import { checkKept, decideExtras, pinRowsFor, type Kept, type KeptChecks } from '../../change/settle-extras.ts';
import { requireConfig, type Machine } from '../../change/machine.ts';
import { extrasOf, keyUrlOf, mappingOf, type Config, configuredDestination } from '../../config/config.ts';
import { handleOfOwn, type KeyHandle } from '../../config/storage.ts';
import { sameMapping } from '../../config/mapping-input.ts';
import { withFurther } from '../../config/extras.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { Say } from '../../core/say.ts';
import { shortPath } from '../../text/text.ts';
import { markBarred } from '../../openrouter/account-models.ts';
import { type Catalog, withBases } from '../../openrouter/catalog.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import { admitUrl, type Endpoint, type KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { isOtherwise, type Otherwise, chooseSwitch, isAsked, type MappingChoice, type MappingIntent } from './choose-mapping.ts';
import type { HereTargets } from './here-targets.ts';
import type { ChangeFlags } from '../../core/intent.ts';

/** What the flags of `orcc switch` ask for, as far as it matters here. */
export interface SwitchIntent extends MappingIntent, Omit<ChangeFlags, 'yes'> {
  readonly here: boolean;
  readonly offline: boolean;
  /** `--to URL`. */
  readonly to?: string | undefined;
  readonly adopt: boolean;
}

/** What `orcc switch` has decided. */
export interface SwitchDecision extends Pick<
  SetupParts,
  'limits' | 'labels' | 'targets' | 'takesImages' | 'ignore' | 'replace' | 'adopt' | 'force'
> {
  /** The mapping before the switch. */
  readonly from: Mapping;
  readonly mapping: Mapping;
  /** The profile or preset that the mapping comes from; undefined: the name in use stays. */
  readonly profile: string | undefined;
  /** The extras: the machine's own, those of the profile, and the pinned rows. */
  readonly extras: Kept;
  /** Changes this folder's mapping only; the configuration stays as it is. */
  readonly here: boolean;
  /** Goes from Anthropic back to the mapping. */
  readonly back: boolean;
  /** undefined if the key can't be read here and no target needs it. */
  readonly key: KeyHandle | undefined;
}

/** A decision, with what it was based on and what must not be recorded in it. */
export interface Decided {
  readonly decision: SwitchDecision;
  readonly key: string | undefined;
  /** Where the key may be sent; undefined without a key. */
  readonly endpoint: KeyedEndpoint | undefined;
  readonly catalog: Catalog;
  /** The same change, if another orcc has switched in the meantime: applied on top of that one, without undoing any of it. */
  readonly again: (machine: Machine) => Promise<SwitchDecision>;
}

/** What is derived from a mapping. */
type Derived = Pick<SwitchDecision, 'limits' | 'labels' | 'takesImages'>;

/** Milliseconds to wait for which models the account allows: useful to know, but no switch waits longer for it. */
const ACCOUNT_MS = 2000;

/**
 * Looks up, asks, and checks each model. `later` takes what belongs right above the question. Returns `native` if the answer is
 * Anthropic. Throws exit 2 for an unknown model, exit 4 if a file needs the key and it is gone.
 */
export async function decideSwitch(
  ctx: Context,
  intent: SwitchIntent,
  machine: Machine,
  { targets, ignore }: HereTargets,
  say: Say,
  later: Say,
): Promise<Decided | Otherwise> {
  const config = requireConfig(machine);
  // Every place that is written gets the key next to this base URL.
  const url = await admitUrl(ctx, configuredDestination(ctx, config), { storedFor: keyUrlOf(config), to: intent.to });
  const { baseUrl } = url;
  const from = intent.here ? readFolderMapping(machine, mappingOf(config)) : mappingOf(config);
  const key = await loadKey(ctx, machine);
  const endpoint = key === undefined ? undefined : url.with(key);
  const all = await readCatalog(ctx, machine, endpoint ?? { baseUrl }, intent.offline, later);
  const isOffline = intent.offline || (all.source !== 'live' && all.warning !== undefined);
  const known = endpoint === undefined || isOffline ? all : await askAccount(ctx, endpoint, all, say);
  const isNative = intent.here ? undefined : config.native;
  const chosen = await chooseSwitch(ctx, intent, config, from, isNative, known, say);
  if (isOtherwise(chosen)) return chosen;
  const { isBack, ...choice } = chosen;
  checkKey(key, config, targets);
  const catalog = await checkChoice(ctx, isOffline ? undefined : endpoint, known, { ...choice, from, force: intent.force, baseUrl }, later);
  // A `--back` with nothing to go back to puts no model into effect.
  if (intent.changes.length > 0 || (intent.back ? config.native : intent.extras === undefined))
    tellImages(choice.mapping, catalog, intent.here, machine, later);
  const keyed = isOffline ? undefined : endpoint;
  const asked = { catalog, endpoint: isOffline ? undefined : (endpoint ?? { baseUrl }), keyed };
  const extras = await settleExtras(ctx, intent, machine, choice, asked, later);
  const ground: DeriveGround = { endpoint: endpoint ?? { baseUrl }, catalog, isOffline, here: intent.here, targets, later };
  const derive = async (models: Mapping, beside: Kept, now: Machine, isTold: boolean): Promise<Derived> =>
    deriveFrom(ctx, withFurther(models, extrasOf(beside)), now, isTold, ground);
  const { here, replace, adopt, force } = intent;
  const back = intent.back || isBack === true;
  const decision: SwitchDecision = {
    from,
    ...{ mapping: choice.mapping, profile: choice.profile, extras },
    ...(await derive(choice.mapping, extras, machine, true)),
    ...{ targets, here, back, ignore, replace, adopt, force },
    key: handleOfOwn(key, config.keyStorage),
  };
  const again = async (now: Machine): Promise<SwitchDecision> => {
    const fresh = requireConfig(now);
    const start = mappingOf(fresh);
    if (here) return decision;
    // Extras that another orcc has set in the meantime stay.
    if (sameMapping(start, from)) return { ...decision, extras: pinRowsFor(decideExtras(now, intent, choice), catalog) };
    // A choice made on a terminal is not asked for again.
    const made = isAsked(intent) ? choice : await chooseSwitch(ctx, intent, fresh, start, isNative, known, say);
    const anew = isOtherwise(made) ? choice : made;
    const beside = pinRowsFor(decideExtras(now, intent, anew), catalog);
    const { mapping, profile } = anew;
    return { ...decision, from: start, mapping, profile, extras: beside, ...(await derive(mapping, beside, now, false)) };
  };
  return { decision, key, endpoint, catalog, again };
}

/** What stays the same from one derivation to the next. */
interface DeriveGround extends Pick<HereTargets, 'targets'> {
  readonly endpoint: Endpoint;
  readonly catalog: Catalog;
  readonly isOffline: boolean;
  readonly here: boolean;
  readonly later: Say;
}

async function deriveFrom(
  ctx: Context,
  mapping: Mapping,
  now: Machine,
  isTold: boolean,
  { endpoint, catalog, isOffline, here, targets, later }: DeriveGround,
): Promise<Derived> {
  const { config } = now;
  const facts = await gatherFacts(ctx, endpoint, mapping, catalog, isOffline);
  const guesses = isOffline ? undefined : describeGuesses(facts, catalog);
  if (guesses !== undefined && isTold) later.warn(guesses);
  // No record is kept of a folder's mapping, so its prices could not be kept as they were written.
  const labels = chooseLabels(config, mapping, facts).map(({ price, ...label }) =>
    here || price === undefined ? label : { ...label, price },
  );
  const { how } = requireConfig(now).limits;
  return { labels, takesImages: takesImages(mapping, catalog), limits: limitsInPlace(now, how, mapping, facts, targets) };
}

/** Works out the extras, checks them and warns about them. Throws exit 2 for an extra that can't be used. */
async function settleExtras(
  ctx: Context,
  intent: SwitchIntent,
  machine: Machine,
  choice: MappingChoice,
  { keyed, ...asked }: Pick<KeptChecks, 'catalog' | 'endpoint'> & { readonly keyed: KeyedEndpoint | undefined },
  say: Say,
): Promise<Kept> {
  const config = requireConfig(machine);
  const { baseUrl } = config;
  const { kept, remarks } = await checkKept(ctx, nameKept(decideExtras(machine, intent, choice), asked.catalog, baseUrl), {
    ...{ ...asked, baseUrl, mapping: choice.mapping, mappingBefore: mappingOf(config), before: extrasOf(config), force: intent.force },
  });
  for (const remark of remarks) say.warn(remark);
  const { autoModeModel: model, routing } = extrasOf(kept);
  if (model === undefined || model === extrasOf(machine.config).autoModeModel) return kept;
  const { tryNewCheck } = await import('../../probe/auto-check.ts');
  const named = { model, routing, row: asked.catalog.find(model) };
  for (const remark of await tryNewCheck(ctx, keyed, named, intent)) say.warn(remark);
  const off = findAutoModeOff(readLayers(ctx));
  // What orcc wrote there itself is removed by this switch, if a model is set for the whole machine.
  if (off !== undefined && (intent.here || machine.config?.autoMode !== 'off'))
    say.warn(
      `auto mode is off in ${shortPath(off.file ?? '', ctx.home)} (${AUTO_MODE_OFF.path.join('.')}), so ${model} checks nothing until that is removed`,
    );
  return kept;
}

/** Warns about each model. Returns the catalog with the presets added. Throws exit 2 for a model or preset that does not exist. */
async function checkChoice(
  ctx: Context,
  endpoint: KeyedEndpoint | undefined,
  known: Catalog,
  { mapping, from, force, baseUrl }: Pick<SwitchDecision, 'mapping' | 'from' | 'force'> & { readonly baseUrl: string },
  say: Say,
): Promise<Catalog> {
  const { models } = mapping;
  const presets = endpoint === undefined ? NO_PRESETS : await checkPresets(ctx, endpoint, models, { force });
  const catalog = withBases(known, presets.bases);
  const remarks = checkModels(models, catalog, { force, now: ctx.clock.now(), before: from.models, baseUrl });
  for (const { alias, model, text } of [...remarks, ...presets.remarks]) say.warn(`${alias} -> ${model}: ${text}`);
  return catalog;
}

/**
 * Says which models of the mapping take no images, and whether rules keep images from them. Rules in user settings apply in every
 * folder.
 */
function tellImages(mapping: Mapping, catalog: Catalog, here: boolean, machine: Machine, say: Say): void {
  const isEverywhere = machine.config?.denyImages === true;
  const isGuarded = isEverywhere || (here && FOLDER_TARGETS.some((id) => hasImageRules(machine, id)));
  const textOnly = describeTextOnly(mapping, catalog, isGuarded);
  if (textOnly !== undefined) say.note('no-images', textOnly);
  if (here && isEverywhere && takesImages(mapping, catalog))
    say.warn(
      "A model in this folder takes images, but orcc's rules in user settings still block them: they belong to the machine's mapping and apply in every folder",
    );
}

/** The catalog, with what the account bars marked if OpenRouter answers in time. */
async function askAccount(ctx: Context, endpoint: KeyedEndpoint, all: Catalog, say: Say): Promise<Catalog> {
  const { catalog, remark } = await markBarred(ctx, endpoint, all, ACCOUNT_MS);
  if (remark !== undefined) say.warn(remark);
  return catalog;
}

async function readCatalog(ctx: Context, machine: Machine, endpoint: Endpoint, offline: boolean, say: Say): Promise<Catalog> {
  const { bases } = requireConfig(machine).limits;
  const catalog = await loadCatalog(ctx, { folder: machine.own.folder, endpoint, offline, keep: false, bases });
  if (catalog.warning === undefined) return catalog;
  const day = new Date(catalog.asOf).toISOString().slice(0, 10);
  const source = catalog.source === 'cache' ? `the catalog of ${day}` : "orcc's built-in list";
  say.warn(`${catalog.warning}; checking the models against ${source}`);
  return catalog;
}

/** Throws exit 4 if the key is gone but needed, since a target holds it literally. */
function checkKey(key: string | undefined, { keyStorage: { kind } }: Config, targets: readonly DesiredTarget[]): void {
  const hasSettings = targets.some(({ id, carries }) => carries === 'setup' && !isShellTarget(id) && !isShared(id));
  if (key !== undefined || (kind !== 'profile' && !(kind === 'file' && hasSettings))) return;
  throw new OrccError('key', 'The key is no longer in its storage', { code: 'KEY_MISSING', hint: 'Run `orcc init` and enter it again' });
}
