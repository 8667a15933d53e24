import type { Mapping } from '../../claude/aliases.ts';
import { effectiveMapping } from '../../claude/effective.ts';
import { readLayers, type Layers } from '../../claude/layers.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL, buildVariables, type Label } from '../../claude/variables.ts';
import { readClaudeVersion } from '../../claude/version.ts';
import { limitsFor, type SetupLimits } from '../../change/build-setup.ts';
import { checkModels, checkPresets, NO_PRESETS } from '../../change/check-models.ts';
import type { IgnoreFacts } from '../../change/desired.ts';
import { describeGuesses, gatherFacts } from '../../change/gather-facts.ts';
import { chooseLabels } from '../../change/labels.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import { extrasInput, keyUrlOf, mappingOf, type Config } from '../../config/config.ts';
import { extraVariables } from '../../config/extras-table.ts';
import { configuredDestination } from '../../config/destination.ts';
import { listNamed } from '../../config/named-mapping.ts';
import { teamMapping, type Team } from '../../config/find-team.ts';
import { handleOfKey, type KeyHandle } from '../../config/key-handle.ts';
import { requireKeychain } from '../../config/keychain/keychain.ts';
import { requireExact } from '../../config/parse-key.ts';
import { checkStorage, type KeyStorage } from '../../config/storage.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { Say } from '../../core/say.ts';
import { presentKey, type PresentKey } from '../../keys/present-key.ts';
import { nameItem } from '../../keys/store-key.ts';
import { markBarred } from '../../openrouter/account-models.ts';
import { loadCatalog, type Catalog } from '../../openrouter/catalog.ts';
import { withBases } from '../../openrouter/preset-bases.ts';
import { DEFAULT_BASE_URL } from '../../openrouter/base-url.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { ApiError } from '../../openrouter/error-body.ts';
import type { ModelFacts } from '../../openrouter/model-facts.ts';
import { detectShell, type DetectedShell } from '../../targets/detect-shell.ts';
import { scanStartup, type StartupAssignment } from '../../targets/startup.ts';
import { TARGET_IDS, type TargetId } from '../../targets/types.ts';
import { shortPath } from '../../text/short-path.ts';
import { chooseAutoMode } from './auto-mode-step.ts';
import { settleConflicts, type Consent } from './conflicts.ts';
import { clearedNames, withRecorded } from './desired-targets.ts';
import { checkDotfiles } from './dotfile-step.ts';
import { confirmProject, readIgnoreFacts, requireConnection } from './folder-targets.ts';
import { tellFound } from './found.ts';
import type { InitIntent } from './intent.ts';
import { listCandidates } from './key-candidates.ts';
import { chooseKey, type ChosenKey, type KeyPath } from './key-step.ts';
import { chooseMapping, fillMapping, shortMapping, type Offers } from './mapping-step.ts';
import { presentConfig } from './present-config.ts';
import { tellRemarks } from './preview.ts';
import { chooseTargets } from './target-step.ts';
import { tellUnsupported } from './unsupported-shell.ts';

/** What `orcc init` has decided. */
export interface InitDecision {
  readonly baseUrl: string;
  readonly key: KeyHandle;
  readonly mapping: Mapping;
  readonly limits: SetupLimits & { readonly how: Config['limits']['how'] };
  /** The rows of Claude Code's picker. */
  readonly labels: readonly Label[];
  readonly targets: readonly TargetId[];
  readonly autoMode: Config['autoMode'];
  readonly ignore: IgnoreFacts | undefined;
  readonly replace: boolean;
  readonly adopt: boolean;
  /** Files beside the targets' own in which lines are to be commented out. */
  readonly adoptFiles: Consent['adoptFiles'];
  readonly force: boolean;
}

/** A decision with what it rests on and what does not belong into it. */
export interface Decided {
  readonly decision: InitDecision;
  readonly chosen: ChosenKey;
  /** The key until now. */
  readonly present: PresentKey;
  readonly catalog: Catalog;
  readonly isFirst: boolean;
}

/** What is on this machine before anything is asked, looked at once. */
interface Ground {
  readonly machine: Machine;
  readonly shell: DetectedShell;
  /** The configuration whose values are the defaults. */
  readonly config: Config | undefined;
  /** What can be chosen as a whole, and what flags start from. */
  readonly offers: Offers;
  readonly layers: Layers;
  readonly startup: readonly StartupAssignment[];
  readonly baseUrl: string;
  readonly storage: KeyStorage;
}

interface Models {
  readonly mapping: Mapping;
  readonly labels: readonly Label[];
  readonly catalog: Catalog;
  readonly facts: readonly ModelFacts[];
}

/** Finds, asks (or takes flags), looks up: three questions, then everything that stands in the way. Writes nothing. */
export async function decideInit(ctx: Context, intent: InitIntent, team: Team | undefined, say: Say): Promise<Decided> {
  const ground = await lookAround(ctx, intent, team, say);
  const { machine, config, baseUrl, storage, layers } = ground;
  // Without a terminal a missing model is said before anyone is asked for anything.
  if (!ctx.interactive) requireAnswers(intent, ground);
  say.step('Key');
  const present = await presentKey(ctx, machine);
  const chosen = await takeKey(ctx, intent, ground, present, say);
  say.step('Models');
  const models = await chooseModels(ctx, intent, ground, chosen.endpoint, say);
  say.step('Places');
  const { consent, limits } = await choosePlaces(ctx, intent, ground, { ...models, key: chosen.key }, say);
  const decision: InitDecision = {
    baseUrl,
    key: handleOfKey(chosen.key, chosen.source, storage),
    mapping: models.mapping,
    limits,
    labels: models.labels,
    targets: consent.targets,
    autoMode: await chooseAutoMode(ctx, intent, config, layers, say),
    ignore: await readIgnoreFacts(ctx, consent.targets),
    replace: consent.replace,
    adopt: consent.adopt,
    adoptFiles: consent.adoptFiles,
    force: intent.force,
  };
  return { decision, chosen, present, catalog: models.catalog, isFirst: config === undefined };
}

/** Throws exit 2 with every flag that is missing: the key's is asked for with the models', not after them. */
function requireAnswers(intent: InitIntent, { offers, config, storage }: Ground): void {
  try {
    fillMapping(intent, offers.team ?? offers.present);
  } catch (error) {
    const hasKey = intent.keyFrom !== undefined || config !== undefined || storage.kind === 'env';
    if (!(error instanceof OrccError) || hasKey) throw error;
    throw new OrccError('usage', `${error.message}, and no key`, {
      hint: `${error.hint ?? ''}, and \`--key-env NAME\` or \`--key-stdin\``,
    });
  }
}

async function lookAround(ctx: Context, intent: InitIntent, team: Team | undefined, say: Say): Promise<Ground> {
  const shell = detectShell(ctx);
  const machine = await observeMachine(ctx, ctx.interactive ? TARGET_IDS : (intent.targets ?? TARGET_IDS));
  const config = await presentConfig(ctx, machine, intent);
  const offers = offersOf(ctx, team, config, say);
  const layers = readLayers(ctx);
  if (ctx.interactive) {
    const found = { shell: shell.name, claude: await readClaudeVersion(ctx), layers, mapping: effectiveMapping(layers, 'process') };
    tellFound(ctx, { ...found, isConfigured: config !== undefined }, say);
  }
  const baseUrl = intent.baseUrl ?? config?.baseUrl ?? DEFAULT_BASE_URL;
  const before = config?.keyStorage ?? { kind: 'file' };
  const storage = nameItem(intent.keyStorage ?? before, { storage: before, baseUrl });
  if (storage.kind === 'keychain') requireKeychain(ctx);
  if (intent.targets !== undefined) {
    checkStorage(storage, intent.targets);
    requireConnection(intent.targets, machine);
  }
  const { assignments: startup } = await scanStartup(ctx, [...machine.located.keys()], { located: machine.located });
  return { machine, shell, config, offers, layers, startup, baseUrl, storage };
}

/** The mappings to choose from. What the repository's orcc.json asks for is said, since flags start from it. */
function offersOf(ctx: Context, team: Team | undefined, config: Config | undefined, say: Say): Offers {
  const present = config === undefined ? undefined : mappingOf(config);
  const asked = teamMapping(team, present);
  if (team !== undefined && asked !== undefined) say.line(`${shortPath(team.path, ctx.home)} asks for ${shortMapping(asked)}`);
  return { present, team: asked, named: listNamed(config, team?.file) };
}

async function takeKey(ctx: Context, intent: InitIntent, ground: Ground, present: PresentKey, say: Say): Promise<ChosenKey> {
  const { config, storage, layers, startup } = ground;
  const path = keyPathOf(ctx, intent, config);
  if (storage.kind !== 'env') return chooseKey(ctx, intent, path, listCandidates(ctx, present.key, layers, startup), say);
  const name = storage.ref ?? '';
  const value = ctx.env[name];
  if (value === undefined || value === '') {
    throw new OrccError('usage', `The variable ${name} of the key storage is not set here`, {
      code: 'KEY_MISSING',
      hint: 'Export it in your profile first, then run this again',
    });
  }
  // The variable belongs to the base URL that it was set up with, whatever it holds now; and it is used as it stands.
  const key = requireExact(value, name);
  const isKnown = config?.keyStorage.kind === 'env' && config.keyStorage.ref === name;
  const known = isKnown ? [{ key, where: name, isPresent: true }] : [];
  return chooseKey(ctx, { ...intent, keyFrom: { kind: 'env', name } }, path, known, say);
}

function keyPathOf(ctx: Context, intent: InitIntent, config: Config | undefined): KeyPath {
  return {
    destination: intent.baseUrl === undefined ? configuredDestination(ctx, config) : { baseUrl: intent.baseUrl, from: '`--base-url`' },
    storedFor: config === undefined ? undefined : keyUrlOf(config),
    to: intent.to,
    typed: intent.baseUrl,
  };
}

async function chooseModels(
  ctx: Context,
  intent: InitIntent,
  { machine, config, offers, baseUrl }: Ground,
  endpoint: KeyedEndpoint,
  say: Say,
): Promise<Models> {
  say.progress('Reading the catalog');
  const all = await loadCatalog(ctx, {
    folder: machine.own.folder,
    endpoint: { baseUrl },
    refresh: intent.check,
    offline: !intent.check,
    keep: false,
    bases: config?.limits.bases,
  });
  const { catalog: known, remark } = intent.check ? await markBarred(ctx, endpoint, all) : { catalog: all };
  say.clear();
  if (remark !== undefined) say.warn(remark);
  if (known.failure !== undefined) tellNoCatalog(known.failure, baseUrl, say);
  const { mapping } = await chooseMapping(ctx, intent, offers, known, say);
  const presets = intent.check ? await checkPresets(ctx, endpoint, mapping.models, { force: intent.force }) : NO_PRESETS;
  const catalog = withBases(known, presets.bases);
  const remarks = checkModels(mapping.models, catalog, { force: intent.force || !intent.check, now: ctx.clock.now() });
  tellRemarks(mapping, catalog, [...remarks, ...presets.remarks], say);
  const facts = await gatherFacts(ctx, endpoint, mapping.models, catalog, !intent.check);
  const guesses = intent.check ? describeGuesses(facts, catalog) : undefined;
  if (guesses !== undefined) say.warn(guesses);
  return { mapping, labels: chooseLabels(config, mapping, facts), catalog, facts };
}

/** The catalog could not be read although it was to be. A gateway that has none is told of; anything else stops. */
function tellNoCatalog(failure: OrccError, baseUrl: string, say: Say): void {
  if (failure instanceof ApiError && (failure.status === 404 || failure.status === 405)) {
    say.warn(`${new URL(baseUrl).host} has no list of models; the test call will show whether they work`);
    return;
  }
  const hint = failure.hint === undefined ? '' : `${failure.hint}; `;
  throw new OrccError(failure.exit, failure.message, {
    code: failure.code,
    data: failure.data,
    hint: `${hint}\`--no-check\` sets up without looking at OpenRouter`,
    cause: failure,
  });
}

/** What is odd about the chosen places (CLAUDE_CONFIG_DIR that depends on the folder, ZDOTDIR, WSL), with a question or without. */
function tellPlaces({ located }: Machine, targets: readonly TargetId[], say: Say): void {
  for (const id of targets) for (const note of located.get(id)?.notes ?? []) say.line(`${say.style.yellow('note:')} ${note}`);
}

/** Where it is written, what the user lets orcc do about values that would win over it, and the limits that follow. */
async function choosePlaces(
  ctx: Context,
  intent: InitIntent,
  { machine, shell, config, layers, startup, baseUrl, storage }: Ground,
  { mapping, labels, facts, key }: Models & { readonly key: string },
  say: Say,
): Promise<{ readonly consent: Consent; readonly limits: InitDecision['limits'] }> {
  if (shell.unsupported !== undefined && intent.targets === undefined && machine.state.targets.length === 0)
    tellUnsupported(ctx, shell.unsupported, { mapping, baseUrl, keyStorage: storage, facts, own: machine.own }, say);
  const given = await chooseTargets(ctx, withRecorded(ctx, intent.targets, machine), shell.target, machine.state, machine.located, say);
  checkStorage(storage, given);
  tellPlaces(machine, given, say);
  await checkDotfiles(ctx, given, machine.located, storage, say);
  await confirmProject(ctx, given, machine, intent.yes, say);
  const how = intent.limits ?? config?.limits.how ?? 'derived';
  const limitsIn = (targets: readonly TargetId[]): InitDecision['limits'] => ({
    how,
    ...limitsFor(how, mapping, facts, { hasUser: targets.includes('user'), hasProject: targets.includes('project') }),
  });
  const limits = limitsIn(given);
  const values = new Map([
    ...buildVariables({
      mapping,
      labels,
      limits: limits.variables,
      extras: config === undefined ? [] : extraVariables({ ...extrasInput(config), mapping }),
    }).map((each): [string, string] => [each.name, each.value]),
    [BASE_URL, baseUrl],
    [AUTH_TOKEN, key],
    [API_KEY, ''],
  ]);
  const cleared = clearedNames(machine, given);
  const about = { targets: given, values, cleared, replace: intent.replace, adopt: intent.adopt, force: intent.force };
  const consent = await settleConflicts(ctx, about, layers, startup, say);
  const added = consent.targets.filter((id) => !given.includes(id));
  await checkDotfiles(ctx, added, machine.located, storage, say);
  return { consent, limits: added.length === 0 ? limits : limitsIn(consent.targets) };
}
