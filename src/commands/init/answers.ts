import { findAutoModeOff } from '../../claude/auto-mode.ts';
import type { Mapping } from '../../claude/aliases.ts';
import { checkModels, checkPresets, NO_PRESETS } from '../../change/check-models.ts';
import { nameKept, nameModels } from '../../change/name-models.ts';
import { describeGuesses, gatherFacts } from '../../change/gather-facts.ts';
import { changeKept, checkKept, type Kept } from '../../change/settle-extras.ts';
import { extrasOf, type Config, configuredDestination } from '../../config/config.ts';
import { sameMapping } from '../../config/mapping-input.ts';
import { askAloud } from '../../config/key-command.ts';
import { requireExact } from '../../config/parse-key.ts';
import { type Extras, withFurther } from '../../config/extras.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { Say } from '../../core/say.ts';
import { markBarred } from '../../openrouter/account-models.ts';
import { type Catalog, withBases } from '../../openrouter/catalog.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { ApiError } from '../../openrouter/error-body.ts';
import { tryNewCheck } from '../../probe/auto-check.ts';
import { sourceOf } from '../../keys/given-key.ts';
import { withRecorded } from './desired-targets.ts';
import type { Ground, Answers, Models } from './types.ts';
import type { InitIntent } from './intent.ts';
import { chooseKey, useKey, type ChosenKey, type KeyPath, listCandidates } from './key-step.ts';
import { chooseMapping, fillMapping, type Chosen, type Offers } from './mapping-step.ts';
import { choosePlaces } from './target-step.ts';

/**
 * The answers: from flags, from what is already set up, or else asked for (the key and the models); the rest takes its defaults. A
 * second setup asks nothing that it already knows, unless the key is refused or the repository asks for other models.
 */
export async function takeAnswers(ctx: Context, intent: InitIntent, ground: Ground, say: Say): Promise<Answers> {
  const { config, storage, offers } = ground;
  // Without a terminal, a missing model is reported before anything else is looked up.
  if (!ctx.interactive) requireAnswers(intent, ground);
  const chosen = await takeKey(ctx, intent, ground, false, say);
  const catalog = await readCatalog(ctx, intent, ground, chosen.endpoint, say);
  const { present, team } = offers;
  const isKnown = present !== undefined && (team === undefined || sameMapping(team, present));
  const { mapping, extras } = isKnown ? fillKnown(intent, offers, present) : await chooseMapping(ctx, intent, offers, catalog);
  const beside = changeKept(config ?? {}, intent.extras, extras);
  const places = choosePlaces(ctx, withRecorded(ctx, intent.targets, ground.machine), ground, say);
  return {
    chosen,
    storage,
    models: await lookUpModels(ctx, intent, { mapping, beside, before: extrasOf(config) }, chosen.endpoint, catalog, say),
    ...places,
    limits: intent.limits ?? config?.limits.how ?? 'derived',
    autoMode: autoModeOf(ctx, intent, ground, extrasOf(beside)),
  };
}

/** The present mapping with the flags laid over it, and the extras of the repository or of the preset. */
function fillKnown(intent: InitIntent, { teamExtras }: Offers, present: Mapping): Chosen {
  const extras = intent.preset === undefined ? teamExtras : intent.presetExtras;
  return { mapping: fillMapping(intent, present), ...(extras === undefined ? {} : { extras }) };
}

/** Throws exit 2 with every missing flag at once: those of the models and that of the key. */
function requireAnswers(intent: InitIntent, { offers, config, storage }: Ground): void {
  try {
    fillMapping(intent, offers.team ?? offers.present);
  } catch (error) {
    const hasKey = intent.keyFrom !== undefined || config !== undefined || storage.kind === 'env' || storage.kind === 'command';
    if (!(error instanceof OrccError) || hasKey) throw error;
    throw new OrccError('usage', `${error.message}, and no key`, {
      hint: `${error.hint ?? ''}, and \`--key-env NAME\` or \`--key-stdin\``,
    });
  }
}

/** Off at a first setup on a terminal, where the recap says so (design D21); on if a model answers its check; otherwise as before. */
function autoModeOf(
  ctx: Pick<Context, 'interactive'>,
  intent: InitIntent,
  { config, layers }: Ground,
  { autoModeModel }: Extras,
): Config['autoMode'] {
  if (!intent.autoMode) return 'off';
  if (config !== undefined) return config.autoMode;
  if (autoModeModel !== undefined) return 'kept';
  return ctx.interactive && findAutoModeOff(layers) === undefined ? 'off' : 'kept';
}

/**
 * The key, checked. `anew`: asks for another one although there is one. Throws exit 2 for a key given twice, or for a variable of
 * the key storage that is not set.
 */
export async function takeKey(ctx: Context, intent: InitIntent, ground: Ground, anew: boolean, say: Say): Promise<ChosenKey> {
  const { config, storage, layers, startup, present } = ground;
  const path = keyPathOf(ctx, intent, ground);
  if (storage.kind === 'command') return takeFromCommand(ctx, intent, ground, path, say);
  if (storage.kind !== 'env') return chooseKey(ctx, { ...intent, anew }, path, listCandidates(ctx, present.key, layers, startup), say);
  const name = storage.ref ?? '';
  const given = intent.keyFrom;
  if (given !== undefined && (given.kind === 'stdin' || given.name !== name)) throw givenTwice(`the variable ${name}`);
  const value = ctx.env[name];
  if (value === undefined || value === '') {
    throw new OrccError('usage', `The variable ${name} of the key storage is not set here`, {
      code: 'KEY_MISSING',
      hint: 'Export it in your shell profile first, then run this again',
    });
  }
  // The variable belongs to the base URL that it was set up with, whatever it holds now; its value is used exactly as it is.
  const key = requireExact(value, name);
  const isKnown = config?.keyStorage.kind === 'env' && config.keyStorage.ref === name;
  const keyFrom = { kind: 'env', name } as const;
  // Unless this run names the variable, its key does not go to a newly typed URL.
  if (isKnown && intent.keyStorage === undefined)
    return useKey(ctx, { ...intent, keyFrom: undefined }, path, { key, source: sourceOf(keyFrom), isPresent: true }, say);
  const known = isKnown ? [{ key, where: name, isPresent: true }] : [];
  return chooseKey(ctx, { ...intent, keyFrom, anew: false }, path, known, say);
}

function givenTwice(from: string): OrccError {
  return new OrccError('usage', `The key comes from ${from} of the key storage, and another one was given as well`, {
    hint: 'Leave out `--key-stdin` and `--key-env`, or choose another key storage, such as `--key-storage file`',
  });
}

/** The key that the command prints; the command is shown before it runs. */
async function takeFromCommand(ctx: Context, intent: InitIntent, { config, storage }: Ground, path: KeyPath, say: Say): Promise<ChosenKey> {
  const command = storage.ref ?? '';
  if (intent.keyFrom !== undefined) throw givenTwice('the command');
  const key = await askAloud(ctx, command, say);
  // The command belongs to the base URL that it was set up with.
  const isPresent = config?.keyStorage.kind === 'command' && config.keyStorage.ref === command;
  return useKey(ctx, intent, path, { key, source: 'the command', isPresent }, say);
}

function keyPathOf(ctx: Context, intent: InitIntent, { config, present, typedUrl }: Ground): KeyPath {
  return {
    destination: typedUrl === undefined ? configuredDestination(ctx, config) : { baseUrl: typedUrl, from: '`--base-url`', isTyped: true },
    storedFor: present.storedFor,
    to: intent.to,
    typed: typedUrl,
  };
}

async function readCatalog(
  ctx: Context,
  intent: InitIntent,
  { machine, config, baseUrl }: Ground,
  endpoint: KeyedEndpoint,
  say: Say,
): Promise<Catalog> {
  say.progress('Reading the catalog');
  const all = await loadCatalog(ctx, {
    folder: machine.own.folder,
    endpoint,
    refresh: intent.check,
    offline: !intent.check,
    keep: false,
    bases: config?.limits.bases,
  });
  const { catalog, remark } = intent.check ? await markBarred(ctx, endpoint, all) : { catalog: all };
  say.clear();
  if (remark !== undefined) say.warn(remark);
  if (catalog.failure !== undefined) tellNoCatalog(catalog.failure, baseUrl, say);
  return catalog;
}

/** A mapping with its extras, to be checked. */
interface WantedModels {
  readonly mapping: Mapping;
  readonly beside: Kept;
  /** The extras before. */
  readonly before: Extras;
}

/**
 * Checks the models of a mapping and its extras, and asks for the models' windows. Throws exit 2 for a model that OpenRouter does
 * not have, and for routing rules that leave no provider.
 */
export async function lookUpModels(
  ctx: Context,
  intent: Pick<InitIntent, 'check' | 'force' | 'dryRun'>,
  wanted: WantedModels,
  endpoint: KeyedEndpoint,
  known: Catalog,
  say: Say,
): Promise<Models> {
  const { check, force } = intent;
  const named = nameKept(wanted.beside, known, endpoint.baseUrl);
  const mapping = nameModels(withFurther(wanted.mapping, extrasOf(named)), known, endpoint.baseUrl);
  say.progress('Asking for windows and prices');
  const presets = check ? await checkPresets(ctx, endpoint, mapping.models, { force }) : NO_PRESETS;
  const catalog = withBases(known, presets.bases);
  const unfit = checkModels(mapping.models, catalog, { force: force || !check, now: ctx.clock.now(), baseUrl: endpoint.baseUrl });
  const facts = await gatherFacts(ctx, endpoint, mapping, catalog, !check);
  const { kept: beside, remarks: besideRemarks } = await checkKept(ctx, named, {
    ...{
      mapping,
      before: wanted.before,
      catalog,
      baseUrl: endpoint.baseUrl,
      endpoint: check ? endpoint : undefined,
      force: force || !check,
    },
  });
  say.clear();
  const checked = check ? await checkAutoMode(ctx, intent, { ...wanted, beside: named }, endpoint, catalog) : [];
  const guesses = check ? describeGuesses(facts, catalog) : undefined;
  return {
    mapping,
    beside,
    catalog,
    facts,
    remarks: [...unfit, ...presets.remarks],
    guesses,
    besideRemarks: [...besideRemarks, ...checked],
  };
}

/**
 * Warnings about a model that is new as auto mode's check: its cost, and whether it answers. Throws exit 2 if it does not, unless
 * `force`.
 */
async function checkAutoMode(
  ctx: Context,
  intent: Pick<InitIntent, 'force' | 'dryRun'>,
  { beside, before }: WantedModels,
  endpoint: KeyedEndpoint,
  catalog: Catalog,
): Promise<readonly string[]> {
  const { autoModeModel: model, routing } = extrasOf(beside);
  if (model === undefined || model === before.autoModeModel) return [];
  return tryNewCheck(ctx, endpoint, { model, routing, row: catalog.find(model) }, intent);
}

/** Handles a catalog that could not be read: a gateway without one gets a warning; throws for any other reason. */
function tellNoCatalog(failure: OrccError, baseUrl: string, say: Say): void {
  if (failure instanceof ApiError && failure.isNoPage) {
    say.warn(`${new URL(baseUrl).host} has no model list; the test call will show whether the models work`);
    return;
  }
  const hint = failure.hint === undefined ? '' : `${failure.hint}; `;
  throw new OrccError(failure.exit, failure.message, {
    code: failure.code,
    data: failure.data,
    hint: `${hint}\`--no-check\` sets up without asking OpenRouter`,
    cause: failure,
  });
}
