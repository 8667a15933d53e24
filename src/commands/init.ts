import { AUTO_MODE_EXPLANATION, findAutoModeOff } from '../claude/auto-mode.ts';
import { resolveAliases } from '../claude/aliases.ts';
import { listSessions } from '../claude/sessions.ts';
import { readClaudeVersion } from '../claude/version.ts';
import { mappingOf, type Config } from '../config/config.ts';
import type { Context } from '../context.ts';
import { OrccError } from '../errors.ts';
import { settleConflicts } from '../init/conflicts.ts';
import { checkDotfiles } from '../init/dotfile-step.ts';
import { tellFound } from '../init/found.ts';
import { parseInitIntent, type InitIntent } from '../init/intent.ts';
import { listCandidates } from '../init/key-candidates.ts';
import { chooseKey, type ChosenKey } from '../init/key-step.ts';
import { chooseMapping } from '../init/mapping-step.ts';
import { renderNextSteps, type NextSteps } from '../init/next-steps.ts';
import { tellCosts, tellRemarks } from '../init/preview.ts';
import { createSay, type Say } from '../init/say.ts';
import { tellUnsupported } from '../init/unsupported-shell.ts';
import { confirmProject, readIgnoreFacts } from '../init/folder-targets.ts';
import { chooseTargets } from '../init/target-step.ts';
import { checkStorage, usesKeyFile } from '../keys/storage.ts';
import { effectiveMapping } from '../observe/effective.ts';
import { readLayers } from '../observe/layers.ts';
import { observeMachine, type Machine } from '../observe/machine.ts';
import { scanStartup } from '../observe/startup.ts';
import { keepCatalog, loadCatalog } from '../openrouter/catalog.ts';
import { DEFAULT_BASE_URL } from '../openrouter/endpoint.ts';
import type { Desired, DesiredTarget } from '../plan/desired.ts';
import { shortPath } from '../report/diff.ts';
import type { Outcome } from '../report/outcome.ts';
import { createStyle } from '../report/style.ts';
import { buildSetup } from '../setup/build-setup.ts';
import { carryOut } from '../setup/carry-out.ts';
import { checkModels } from '../setup/check-models.ts';
import { desireSetup, recordedMachineTargets } from '../setup/desire.ts';
import { describeGuesses, gatherFacts } from '../setup/gather-facts.ts';
import { testAliases } from '../setup/test-aliases.ts';
import { detectShell } from '../targets/detect-shell.ts';
import { checkHome } from '../targets/check-home.ts';
import { reloadCommands } from '../targets/reload.ts';
import { SHELL_TARGETS, TARGET_IDS, type TargetId } from '../targets/types.ts';

/**
 * Sets this machine up: finds, asks (or takes flags), shows, writes, tests. Nothing is written before
 * the one question is answered; Ctrl-C until then leaves every file as it was.
 */
export async function runInit(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseInitIntent(input);
  checkHome(ctx);
  const say = createSay(ctx.stderr, await createStyle(ctx.stderr), intent.json);
  const shell = detectShell(ctx);
  const machine = await observeMachine(ctx, ctx.interactive ? TARGET_IDS : (intent.targets ?? TARGET_IDS));
  const config = await presentConfig(ctx, machine, intent);
  const layers = readLayers(ctx);
  if (ctx.interactive) {
    const claude = await readClaudeVersion(ctx);
    const mapping = effectiveMapping(layers, 'process');
    tellFound(ctx, { shell: shell.name, claude, layers, mapping, isConfigured: config !== undefined }, say);
  }
  const baseUrl = intent.baseUrl ?? config?.baseUrl ?? DEFAULT_BASE_URL;
  const keyStorage = intent.keyStorage ?? config?.keyStorage ?? { kind: 'file' as const };
  if (intent.targets !== undefined) checkStorage(keyStorage, intent.targets);

  say.step('Key');
  const startup = await scanStartup(ctx, [...machine.located.keys()], { located: machine.located });
  const chosen = await takeKey(ctx, intent, baseUrl, keyStorage, machine, layers, startup.assignments, say);

  say.step('Models');
  const endpoint = { baseUrl, key: chosen.key };
  say.progress('Reading the catalog');
  const catalog = await loadCatalog(ctx, { folder: machine.own.folder, endpoint: { baseUrl }, refresh: intent.check, offline: !intent.check, keep: false });
  say.clear();
  if (catalog.warning !== undefined) throwIfOnline(catalog.warning, intent);
  const mapping = await chooseMapping(ctx, intent, config === undefined ? undefined : mappingOf(config), catalog, say);
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
  const preview = buildSetup({ mapping, baseUrl, keyStorage, key: chosen.key, facts, userTarget: given.includes('user'), limits: limitsHow, own: machine.own, platform: ctx.platform });
  const values = new Map([...preview.setup.variables.map((each): [string, string] => [each.name, each.value]), ['ANTHROPIC_BASE_URL', baseUrl], ['ANTHROPIC_AUTH_TOKEN', chosen.key], ['ANTHROPIC_API_KEY', '']]);
  const consent = await settleConflicts(ctx, { targets: given, values, replace: intent.replace, adopt: intent.adopt }, layers, startup.assignments, say);
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
  };
  if (ctx.interactive || intent.dryRun) say.step('Preview');
  const work = await carryOut(ctx, {
    command: 'init',
    targets: [...new Set<TargetId>([...consent.targets, ...(autoMode === 'off' ? (['user'] as const) : [])])],
    extraPaths: ignore === undefined ? [] : [ignore.path],
    desire: (now): Desired =>
      desireSetup(now, {
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
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: 'Write this?',
    secrets: [chosen.key],
    beforeQuestion: () => tellCosts(preview.limits, mapping, catalog, intent, say),
  });
  const files = work.planned.plan.edits.filter((edit) => edit.owner !== 'config' && edit.owner !== 'state').map((edit) => shortPath(edit.path, ctx.home));
  const data = { kind: work.kind, files, targets: consent.targets, baseUrl, keyStorage: keyStorage.kind, mapping: mapping.models, defaultAlias: mapping.defaultAlias, limits: preview.limits.variables, key: chosen.told ?? null };
  const done = (remark: string): Outcome => ({ ok: true, exit: 'ok', data: { ...data, test: null }, findings: [], text: () => '', remarks: () => remark });
  if (work.kind === 'declined') return { ...done('Nothing was changed'), ok: false, exit: 'cancelled' };
  if (work.kind === 'dry-run') return done('Nothing was changed (--dry-run)');
  keepCatalog(ctx, { folder: machine.own.folder, endpoint: { baseUrl } }, catalog);
  if (work.kind === 'unchanged') say.ok('Nothing to change: every file is as it should be');
  else for (const file of files) say.ok(`Wrote ${file}`);

  const tested = intent.test && work.kind !== 'unchanged' ? await testAfter(ctx, intent, endpoint, mapping, preview.limits.variables, say) : undefined;
  const next: NextSteps | undefined =
    work.kind === 'applied'
      ? {
          reloads: reloadCommands(ctx, consent.targets, work.machine),
          hasShells: consent.targets.some((target) => SHELL_TARGETS.includes(target)),
          hasSettings: consent.targets.includes('user') || consent.targets.includes('local'),
          sessions: ctx.interactive ? (await listSessions(ctx)).map((session) => shortPath(session.cwd ?? `process ${session.pid}`, ctx.home)) : [],
          first: config === undefined,
          freeModels: resolveAliases(mapping.models).some(({ model }) => model.endsWith(':free')),
        }
      : undefined;
  return {
    ok: tested?.ok ?? true,
    exit: tested?.exit === undefined || tested.exit === 'ok' ? 'ok' : 'problems',
    data: { ...data, test: tested?.data ?? null },
    findings: tested?.findings ?? [],
    text: (style) => tested?.text(style) ?? '',
    remarks: (style) => [tested?.remarks?.(style) ?? '', next === undefined ? '' : renderNextSteps(next, style)].filter((part) => part !== '').join('\n'),
  };
}

async function presentConfig(ctx: Context, machine: Machine, intent: InitIntent): Promise<Config | undefined> {
  if (machine.configBroken === undefined) return machine.config;
  if (intent.replace) return undefined;
  if (!ctx.interactive) throw machine.configBroken;
  const isGiven = await ctx.ask.confirm(`${machine.configBroken.message}. Keep it aside as config.broken.json and start anew?`, false);
  if (!isGiven) throw machine.configBroken;
  return undefined;
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
      throw new OrccError('usage', `The variable ${storage.ref ?? ''} of the key storage is not set here`, { code: 'KEY_MISSING', hint: 'Export it in your profile first, then run this again' });
    }
    return chooseKey(ctx, { ...intent, keyFrom: { kind: 'env', name: storage.ref ?? '' } }, baseUrl, [], say);
  }
  return chooseKey(ctx, intent, baseUrl, listCandidates(ctx, machine, layers, startup), say);
}

/** The catalog could not be read although it was to be: without it no model can be checked. */
function throwIfOnline(warning: string, intent: InitIntent): void {
  if (!intent.check) return;
  throw new OrccError('network', warning, { hint: '`--no-check` sets up without looking at OpenRouter' });
}

/** Without a terminal `--target` adds places: those written before stay, and get the same values. */
function withRecorded(ctx: Context, given: readonly TargetId[] | undefined, machine: Machine): readonly TargetId[] | undefined {
  if (given === undefined || ctx.interactive) return given;
  const recorded = recordedMachineTargets(machine).filter((target) => target.carries === 'setup');
  return [...new Set([...given, ...recorded.map((target) => target.id)])];
}

async function chooseAutoMode(ctx: Context, intent: InitIntent, config: Config | undefined, layers: ReturnType<typeof readLayers>, say: Say): Promise<Config['autoMode']> {
  if (!intent.autoMode) return 'off';
  if (config !== undefined) return config.autoMode;
  if (!ctx.interactive || findAutoModeOff(layers) !== undefined) return 'kept';
  for (const line of AUTO_MODE_EXPLANATION) say.line(say.style.dim(line));
  return (await ctx.ask.confirm('Turn auto mode off in user settings?', true)) ? 'off' : 'kept';
}

/** Chosen targets carry the set-up; recorded machine targets that were not chosen are cleared. */
function desiredTargets(chosen: readonly TargetId[], autoMode: Config['autoMode'], machine: Machine): readonly DesiredTarget[] {
  const isMachine = (id: TargetId): boolean => id !== 'project' && id !== 'local';
  const dropped = [...new Set(machine.state.targets.map((target) => target.id))].filter((id) => isMachine(id) && !chosen.includes(id));
  return [
    ...chosen.map((id): DesiredTarget => ({ id, carries: 'setup', remember: false })),
    ...(autoMode === 'off' && !chosen.includes('user') ? [{ id: 'user' as const, carries: 'extras' as const, remember: false }] : []),
    ...dropped.filter((id) => !(id === 'user' && autoMode === 'off')).map((id): DesiredTarget => ({ id, carries: 'nothing', remember: false })),
  ];
}

function keyAction(storage: Config['keyStorage'], key: string, machine: Machine): Desired['key'] {
  if (usesKeyFile(storage)) return { action: 'write', value: key };
  return machine.files.get(machine.own.key)?.bytes == null ? { action: 'keep' } : { action: 'delete' };
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
