import { resolveAliases, type Mapping } from '../../claude/aliases.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL } from '../../claude/variables.ts';
import { readClaudeVersion } from '../../claude/version.ts';
import { mappingOf, type Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { chooseAutoMode } from './auto-mode-step.ts';
import { settleConflicts } from './conflicts.ts';
import { clearedNames, desiredTargets, withRecorded } from './desired-targets.ts';
import { checkDotfiles } from './dotfile-step.ts';
import { tellFound } from './found.ts';
import { parseInitIntent, type InitIntent } from './intent.ts';
import { listCandidates } from './key-candidates.ts';
import { chooseKey, type ChosenKey } from './key-step.ts';
import { chooseMapping, fillMapping, shortMapping } from './mapping-step.ts';
import { renderNextSteps } from './next-steps.ts';
import { presentConfig } from './present-config.ts';
import { tellCosts, tellRemarks } from './preview.ts';
import { createSay, type Say } from '../../core/say.ts';
import { tellUnsupported } from './unsupported-shell.ts';
import { confirmProject, readIgnoreFacts, requireConnection } from './folder-targets.ts';
import { chooseTargets } from './target-step.ts';
import { carryOutKey } from '../../keys/carry-out-key.ts';
import { requireKeychain } from '../../config/keychain/keychain.ts';
import { presentKey } from '../../keys/present-key.ts';
import { nameItem } from '../../keys/store-key.ts';
import { checkStorage, usesKeyFile } from '../../config/storage.ts';
import { effectiveMapping } from '../../claude/effective.ts';
import { readLayers } from '../../claude/layers.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import { scanStartup } from '../../targets/startup.ts';
import { keepCatalog, loadCatalog } from '../../openrouter/catalog.ts';
import { DEFAULT_BASE_URL } from '../../openrouter/endpoint.ts';
import { ApiError } from '../../openrouter/error-body.ts';
import type { Desired } from '../../change/desired.ts';
import { shortPath } from '../../text/short-path.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createStyle } from '../../text/style.ts';
import { buildSetup } from '../../change/build-setup.ts';
import { checkModels } from '../../change/check-models.ts';
import { desireSetup } from '../../change/desire.ts';
import { chooseLabels } from '../../change/labels.ts';
import { describeGuesses, gatherFacts } from '../../change/gather-facts.ts';
import { gatherNextSteps } from './gather-next-steps.ts';
import { sameMapping } from '../../config/mapping-input.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { exitAfterTest, testAliases } from '../../probe/test-aliases.ts';
import { detectShell } from '../../targets/detect-shell.ts';
import { checkHome } from '../../targets/check-home.ts';
import { TARGET_IDS, type TargetId } from '../../targets/types.ts';
import { findTeam, teamMapping, type Team } from '../../config/find-team.ts';

/**
 * Sets this machine up: finds, asks (or takes flags), shows, writes, tests. Nothing is written before
 * the one question is answered; Ctrl-C until then leaves every file as it was.
 */
export async function runInit(ctx: Context, input: unknown): Promise<Outcome> {
  const team = findTeam(ctx);
  const intent = parseInitIntent(input, team?.file.presets);
  checkHome(ctx);
  const say = createSay(ctx.stderr, await createStyle(ctx.stderr), intent.json);
  const shell = detectShell(ctx);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const machine = await observeMachine(ctx, ctx.interactive ? TARGET_IDS : (intent.targets ?? TARGET_IDS));
  const config = await presentConfig(ctx, machine, intent);
  const present = wantedByTeam(ctx, team, config, say);
  const layers = readLayers(ctx);
  if (ctx.interactive) {
    const claude = await readClaudeVersion(ctx);
    const mapping = effectiveMapping(layers, 'process');
    tellFound(ctx, { shell: shell.name, claude, layers, mapping, isConfigured: config !== undefined }, say);
  }
  const baseUrl = intent.baseUrl ?? config?.baseUrl ?? DEFAULT_BASE_URL;
  const keyStorage = nameItem(intent.keyStorage ?? config?.keyStorage ?? { kind: 'file' }, {
    storage: config?.keyStorage ?? { kind: 'file' },
    baseUrl,
  });
  if (keyStorage.kind === 'keychain') requireKeychain(ctx);
  if (intent.targets !== undefined) {
    checkStorage(keyStorage, intent.targets);
    requireConnection(intent.targets, machine);
  }
  // Without a terminal a missing model is said before anyone is asked for anything.
  if (!ctx.interactive) fillMapping(intent, present);

  say.step('Key');
  const startup = await scanStartup(ctx, [...machine.located.keys()], { located: machine.located });
  const chosen = await takeKey(ctx, intent, baseUrl, keyStorage, machine, layers, startup.assignments, say);

  say.step('Models');
  const endpoint = { baseUrl, key: chosen.key };
  say.progress('Reading the catalog');
  const catalog = await loadCatalog(ctx, {
    folder: machine.own.folder,
    endpoint: { baseUrl },
    refresh: intent.check,
    offline: !intent.check,
    keep: false,
  });
  say.clear();
  if (catalog.failure !== undefined) tellNoCatalog(catalog.failure, baseUrl, say);
  const mapping = await chooseMapping(ctx, intent, present, catalog, say);
  const remarks = checkModels(mapping.models, catalog, { force: intent.force || !intent.check, now: ctx.clock.now() });
  tellRemarks(mapping, catalog, remarks, say);
  const facts = await gatherFacts(ctx, endpoint, mapping.models, catalog, !intent.check);
  const guesses = !intent.check ? undefined : describeGuesses(facts, catalog);
  if (guesses !== undefined) say.warn(guesses);

  say.step('Places');
  if (shell.unsupported !== undefined && intent.targets === undefined && machine.state.targets.length === 0) {
    tellUnsupported(ctx, shell.unsupported, { mapping, baseUrl, keyStorage, key: chosen.key, facts, own: machine.own }, say);
  }
  const given = await chooseTargets(ctx, withRecorded(ctx, intent.targets, machine), shell.target, machine.state, machine.located, say);
  checkStorage(keyStorage, given);
  await checkDotfiles(ctx, given, machine.located, keyStorage, say);
  await confirmProject(ctx, given, machine, intent.yes, say);
  const limitsHow = intent.limits ?? config?.limits.how ?? 'derived';
  const setupFor = (targets: readonly TargetId[]): ReturnType<typeof buildSetup> =>
    buildSetup({
      mapping,
      baseUrl,
      keyStorage,
      key: chosen.key,
      facts,
      labels: chooseLabels(config, mapping, facts),
      userTarget: targets.includes('user'),
      limits: limitsHow,
      own: machine.own,
      platform: ctx.platform,
    });
  const values = new Map([
    ...setupFor(given).setup.variables.map((each): [string, string] => [each.name, each.value]),
    [BASE_URL, baseUrl],
    [AUTH_TOKEN, chosen.key],
    [API_KEY, ''],
  ]);
  const consent = await settleConflicts(
    ctx,
    { targets: given, values, cleared: clearedNames(machine, given), replace: intent.replace, adopt: intent.adopt },
    layers,
    startup.assignments,
    say,
  );
  await checkDotfiles(
    ctx,
    consent.targets.filter((id) => !given.includes(id)),
    machine.located,
    keyStorage,
    say,
  );
  const { limits } = setupFor(consent.targets);
  const autoMode = await chooseAutoMode(ctx, intent, config, layers, say);
  const ignore = await readIgnoreFacts(ctx, consent.targets);

  const newConfig: Config = {
    schemaVersion: 1,
    baseUrl,
    keyStorage,
    mapping: { ...mapping.models },
    defaultAlias: mapping.defaultAlias,
    limits: { how: limitsHow, variables: [] },
    autoMode,
    native: false,
    profiles: config?.profiles ?? {},
    // The name says where the mapping came from, so it stays while the mapping does.
    ...(config?.activeProfile !== undefined && sameMapping(mappingOf(config), mapping) ? { activeProfile: config.activeProfile } : {}),
  };
  if (ctx.interactive || intent.dryRun) say.step('Preview');
  const work = await carryOutKey(
    ctx,
    await presentKey(ctx, machine),
    { key: chosen.key, storage: keyStorage },
    {
      command: 'init',
      targets: [...new Set<TargetId>([...consent.targets, ...(autoMode === 'off' ? (['user'] as const) : [])])],
      extraPaths: [...(ignore === undefined ? [] : [ignore.path]), ...consent.adoptFiles.map((each) => each.path)],
      desire: (now): Desired => ({
        ...desireSetup(now, {
          config: newConfig,
          literalKey: chosen.key,
          key: keyAction(keyStorage, chosen.key, now),
          facts,
          targets: desiredTargets(consent.targets, autoMode, now),
          ignore,
          replace: consent.replace,
          adopt: consent.adopt,
          force: intent.force,
        }).desired,
        adoptFiles: consent.adoptFiles,
      }),
      yes: intent.yes,
      dryRun: intent.dryRun,
      say,
      question: 'Write this?',
      secrets: [chosen.key],
      beforeQuestion: () => tellCosts(limits, mapping, catalog, intent, say),
    },
  );
  const files = work.planned.plan.edits
    .filter((edit) => edit.owner !== 'config' && edit.owner !== 'state')
    .map((edit) => shortPath(edit.path, ctx.home));
  const data = {
    kind: work.kind,
    files,
    targets: consent.targets,
    baseUrl,
    keyStorage: keyStorage.kind,
    mapping: mapping.models,
    defaultAlias: mapping.defaultAlias,
    limits: limits.variables,
    key: chosen.told ?? null,
  };
  const done = (remark: string): Outcome => ({
    ok: true,
    exit: 'ok',
    data: { ...data, test: null },
    findings: [],
    text: () => '',
    remarks: () => remark,
  });
  if (work.kind === 'declined') return { ...done('Nothing was changed'), ok: false, exit: 'cancelled' };
  if (work.kind === 'dry-run') return done('Nothing was changed (--dry-run)');
  if (work.kind === 'unchanged') return done('Nothing to change: every file is as it should be');
  keepCatalog(ctx, { folder: machine.own.folder, endpoint: { baseUrl } }, catalog);
  for (const file of files) say.ok(`Wrote ${file}`);

  const tested = intent.test ? await testAfter(ctx, intent, endpoint, mapping, limits.variables, say) : undefined;
  const freeModels = resolveAliases(mapping.models).some(({ model }) => model.endsWith(':free'));
  const next = await gatherNextSteps(ctx, consent.targets, work.machine, { first: config === undefined, freeModels });
  return {
    ok: tested?.ok ?? true,
    exit: tested === undefined ? 'ok' : exitAfterTest(tested),
    data: { ...data, test: tested?.data ?? null },
    findings: tested?.findings ?? [],
    text: (style) => tested?.text(style) ?? '',
    remarks: (style) => [tested?.remarks?.(style) ?? '', renderNextSteps(next, style)].filter((part) => part !== '').join('\n'),
  };
}

/** The mapping to start from: what the repository's orcc.json asks for, saying so, else the present one. */
function wantedByTeam(ctx: Context, team: Team | undefined, config: Config | undefined, say: Say): Mapping | undefined {
  const present = config === undefined ? undefined : mappingOf(config);
  const asked = teamMapping(team, present);
  if (team === undefined || asked === undefined) return present;
  say.line(`${shortPath(team.path, ctx.home)} asks for ${shortMapping(asked)}`);
  return asked;
}

async function takeKey(
  ctx: Context,
  intent: InitIntent,
  baseUrl: string,
  storage: Config['keyStorage'],
  machine: Machine,
  layers: Parameters<typeof listCandidates>[2],
  startup: Parameters<typeof listCandidates>[3],
  say: Say,
): Promise<ChosenKey> {
  if (storage.kind === 'env') {
    const value = ctx.env[storage.ref ?? ''];
    if (value === undefined || value === '') {
      throw new OrccError('usage', `The variable ${storage.ref ?? ''} of the key storage is not set here`, {
        code: 'KEY_MISSING',
        hint: 'Export it in your profile first, then run this again',
      });
    }
    return chooseKey(ctx, { ...intent, keyFrom: { kind: 'env', name: storage.ref ?? '' } }, baseUrl, [], say);
  }
  return chooseKey(ctx, intent, baseUrl, await listCandidates(ctx, machine, layers, startup), say);
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

function keyAction(storage: Config['keyStorage'], key: string, machine: Machine): Desired['key'] {
  if (usesKeyFile(storage)) return { action: 'write', value: key };
  return (machine.files.get(machine.own.key)?.bytes ?? null) === null ? { action: 'keep' } : { action: 'delete' };
}

async function testAfter(
  ctx: Context,
  intent: InitIntent,
  endpoint: { readonly baseUrl: string; readonly key: string },
  mapping: Parameters<typeof testAliases>[1]['mapping'],
  limits: ReadonlyArray<{ readonly name: string; readonly value: string }>,
  say: Say,
): Promise<Outcome> {
  say.step('Test');
  return testAliases(ctx, { endpoint, mapping, limits, aliases: [], quick: intent.quick, timeoutMs: intent.timeoutMs, json: intent.json });
}
