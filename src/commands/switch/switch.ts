import * as z from 'zod/mini';
import { resolveAliases, type AliasId, type Mapping } from '../../claude/aliases.ts';
import { mappingOf, type Config } from '../../config/config.ts';
import { ownFiles } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { tellBeaten } from '../init/conflicts.ts';
import { renderNextSteps } from '../init/next-steps.ts';
import { createSay, type Say } from '../../core/say.ts';
import { flag, parseIntent, text, wholeNumber } from '../../core/intent.ts';
import { loadKey } from '../../change/load-key.ts';
import { readLayers } from '../../claude/layers.ts';
import { observeMachine, type Machine } from '../../change/machine.ts';
import { scanStartup } from '../../targets/startup.ts';
import { keepCatalog, loadCatalog } from '../../openrouter/catalog.ts';
import type { Desired, DesiredTarget } from '../../change/desired.ts';
import { shortPath } from '../../text/short-path.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createStyle } from '../../text/style.ts';
import { carryOut } from '../../change/carry-out.ts';
import { checkModels } from '../../change/check-models.ts';
import { desireSetup, recordedMachineTargets } from '../../change/desire.ts';
import { describeGuesses, gatherFacts } from '../../change/gather-facts.ts';
import { readFolderMapping } from '../../change/folder-mapping.ts';
import { hereTargets, type HereTargets } from './here-targets.ts';
import { parseAssignment, sameMapping } from '../../config/mapping-input.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { unsetLines } from './unset-lines.ts';
import { chooseWanted, configWith, onTopOf, type Wanted } from './wanted-mapping.ts';

const schema = z.object({
  changes: z.array(z.string()),
  default: text,
  here: flag,
  target: z.exactOptional(z.array(z.string())),
  native: flag,
  back: flag,
  offline: flag,
  test: flag,
  timeout: wholeNumber(1, 3600),
  replace: flag,
  adopt: flag,
  force: flag,
  yes: flag,
  dryRun: flag,
  json: flag,
});
type Intent = z.infer<typeof schema>;

/** Changes the mapping in every place that carries it; checks each model first, and writes nothing for an unknown one. */
export async function runSwitch(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const say = createSay(ctx.stderr, await createStyle(ctx.stderr), intent.json);
  checkCombination(intent);
  // What can't be meant is said before anything is read.
  for (const word of intent.changes) parseAssignment(word);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const machine = await observeMachine(ctx, intent.here ? ['project', 'local'] : []);
  if (machine.configBroken !== undefined) throw machine.configBroken;
  const { config } = machine;
  if (config === undefined) throw new OrccError('nothing', 'Nothing is configured yet', { hint: 'Run `orcc init` first' });
  const { targets, ignore } = intent.here
    ? await hereTargets(ctx, intent, machine, config, say)
    : { targets: recordedMachineTargets(machine), ignore: undefined };
  if (targets.length === 0) throw new OrccError('nothing', 'orcc has written to no place yet', { hint: 'Run `orcc init`' });
  if (intent.native) return goNative(ctx, intent, config, await onlyInProfiles(ctx, machine), targets, say);
  const from = intent.here ? readFolderMapping(machine, mappingOf(config)) : mappingOf(config);
  return changeTo(ctx, intent, config, machine, { targets, ignore }, from, say);
}

function checkCombination(intent: Intent): void {
  if (intent.target !== undefined && !intent.here)
    throw new OrccError('usage', '`--target` goes with `--here`', { hint: '`orcc init --target` adds a place on this machine' });
  const alone = intent.native ? '--native' : intent.back ? '--back' : undefined;
  if (intent.native && intent.back)
    throw new OrccError('usage', '`--native` and `--back` exclude each other', { hint: 'Give one of them' });
  if (alone === '--native' && (intent.changes.length > 0 || intent.default !== undefined || intent.test || intent.here)) {
    throw new OrccError('usage', '`--native` takes no change, `--test` or `--here`', { hint: 'Run `orcc switch --native` alone' });
  }
}

/** Takes our variables out of the machine's targets; key, mapping and the list of places stay for `--back`. */
/** A key that stands in profiles alone: they are about to lose it, so that it has to wait in orcc's own file. */
async function onlyInProfiles(ctx: Context, machine: Machine): Promise<string | undefined> {
  return machine.config?.keyStorage.kind === 'profile' ? loadKey(ctx, machine) : undefined;
}

async function goNative(
  ctx: Context,
  intent: Intent,
  config: Config,
  key: string | undefined,
  targets: readonly DesiredTarget[],
  say: Say,
): Promise<Outcome> {
  const work = await carryOut(ctx, {
    command: 'switch --native',
    targets: targets.map((target) => target.id),
    places: 'recorded',
    desire: (): Desired => ({
      setup: undefined,
      targets: targets.map((target) => ({ ...target, carries: 'nothing', remember: true })),
      key: key === undefined ? { action: 'keep' } : { action: 'write', value: key },
      config: { ...config, native: true },
      disableAutoMode: false,
      ignore: undefined,
      replace: true,
      adopt: false,
      force: intent.force,
    }),
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: 'Take Claude Code back to Anthropic?',
    secrets: key === undefined ? [] : [key],
  });
  const unset = unsetLines(ctx);
  const isDeclined = work.kind === 'declined';
  return {
    ok: !isDeclined,
    exit: isDeclined ? 'cancelled' : 'ok',
    data: { kind: work.kind, native: work.kind === 'applied' || config.native, unset },
    findings: [],
    text: () => '',
    remarks: () => {
      if (work.kind === 'dry-run' || work.kind === 'declined') return 'Nothing was changed';
      if (work.kind === 'unchanged') return 'Claude Code is on Anthropic already';
      const lines = ['Claude Code talks to Anthropic again; `orcc switch --back` brings the mapping in again'];
      if (unset.length > 0) lines.push('This terminal still has the variables; take them out with:', ...unset.map((line) => `  ${line}`));
      return lines.join('\n');
    },
  };
}

async function changeTo(
  ctx: Context,
  intent: Intent,
  config: Config,
  machine: Machine,
  { targets, ignore }: HereTargets,
  from: Mapping,
  say: Say,
): Promise<Outcome> {
  const { baseUrl } = config;
  const folder = ownFiles(ctx).folder;
  const catalog = await loadCatalog(ctx, { folder, endpoint: { baseUrl }, offline: intent.offline, keep: false });
  if (catalog.warning !== undefined)
    say.warn(
      `${catalog.warning}; the models are checked against ${catalog.source === 'cache' ? `the catalog of ${new Date(catalog.asOf).toISOString().slice(0, 10)}` : "orcc's built-in list"}`,
    );
  const first = await chooseWanted(ctx, intent, config, from, catalog, say);
  const { mapping } = first;
  for (const remark of checkModels(mapping.models, catalog, { force: intent.force, now: ctx.clock.now() }))
    say.warn(`${remark.alias} -> ${remark.model}: ${remark.text}`);
  const key = await loadKey(ctx, machine);
  if (key === undefined && needsKey(config, targets)) {
    throw new OrccError('key', 'The key is not in its storage any more', {
      code: 'KEY_MISSING',
      hint: 'Run `orcc init` and give it again',
    });
  }
  const isOffline = intent.offline || (catalog.source !== 'live' && catalog.warning !== undefined);
  const factsOf = (models: Mapping['models']): ReturnType<typeof gatherFacts> => gatherFacts(ctx, { baseUrl }, models, catalog, isOffline);
  const facts = await factsOf(mapping.models);
  const guesses = isOffline ? undefined : describeGuesses(facts, catalog);
  if (guesses !== undefined) say.warn(guesses);
  let wanted: Wanted = { ...first, from, facts, config: configWith(intent, config, first) };
  const isNative = wanted.config.native;
  const wish = (now: Machine): ReturnType<typeof desireSetup> =>
    desireSetup(now, {
      config: intent.here ? { ...wanted.config, mapping: { ...mapping.models }, defaultAlias: mapping.defaultAlias } : wanted.config,
      literalKey: key,
      key: { action: 'keep' },
      facts: wanted.facts,
      here: intent.here,
      targets: isNative ? targets.map((target) => ({ ...target, carries: 'nothing' as const })) : targets,
      ignore,
      replace: intent.replace,
      adopt: intent.adopt,
      force: intent.force,
    });
  if (!isNative) await tellWhatBeats(ctx, machine, targets, wish(machine).desired, say);
  const work = await carryOut(ctx, {
    command: 'switch',
    targets: targets.map((target) => target.id),
    places: 'recorded',
    ...(ignore === undefined ? {} : { extraPaths: [ignore.path] }),
    desire: async (now): Promise<Desired> => {
      // Another orcc may have switched meanwhile: this change goes on top of that one, and undoes nothing of it.
      if (!intent.here && now.config !== undefined) wanted = await onTopOf(ctx, intent, now.config, wanted, { catalog, factsOf, say });
      const { desired } = wish(now);
      return intent.here ? { ...desired, config: now.config } : desired;
    },
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: 'Switch?',
    secrets: key === undefined ? [] : [key],
  });
  const changed = changedAliases(wanted.from, wanted.mapping);
  const files = work.planned.plan.edits
    .filter((edit) => edit.owner !== 'config' && edit.owner !== 'state')
    .map((edit) => shortPath(edit.path, ctx.home));
  const data = {
    kind: work.kind,
    changed,
    mapping: wanted.mapping.models,
    defaultAlias: wanted.mapping.defaultAlias,
    files,
    native: isNative,
  };
  const done = (remark: string, ok = true): Outcome => ({
    ok,
    exit: ok ? 'ok' : 'cancelled',
    data: { ...data, test: null },
    findings: [],
    text: () => '',
    remarks: () => remark,
  });
  if (work.kind === 'declined') return done('Nothing was changed', false);
  if (work.kind === 'dry-run') return done('Nothing was changed (--dry-run)');
  if (work.kind === 'unchanged') return done('Nothing to change: that is the mapping already');
  keepCatalog(ctx, { folder, endpoint: { baseUrl } }, catalog);
  for (const { alias, before, after } of changed) say.ok(`${alias}: ${before ?? 'not set'} -> ${after ?? 'not set'}`);
  for (const file of files) say.ok(`Wrote ${file}`);
  if (isNative) return done('Claude Code is on Anthropic at present (`--native`); `orcc switch --back` brings this mapping in');
  const ids = targets.map((target) => target.id);
  const { gatherNextSteps } = await import('../init/gather-next-steps.ts');
  const next = await gatherNextSteps(ctx, ids, work.machine, { first: false, freeModels: false });
  if (!intent.test || key === undefined) return { ...done(''), remarks: (style) => renderNextSteps(next, style) };
  const { exitAfterTest, testAliases } = await import('../../probe/test-aliases.ts');
  say.step('Test');
  const tested = await testAliases(ctx, {
    endpoint: { baseUrl, key },
    mapping: wanted.mapping,
    limits: wish(work.machine).limits.variables,
    aliases: changed.flatMap(({ alias, after }) => (after === undefined ? [] : [alias])),
    quick: false,
    timeoutMs: intent.timeout === undefined ? undefined : intent.timeout * 1000,
    json: intent.json,
  });
  return { ...tested, exit: exitAfterTest(tested), data: { ...data, test: tested.data }, remarks: (style) => renderNextSteps(next, style) };
}

/** Every command that writes says what would win over it (design D1). Reads files, starts nothing. */
async function tellWhatBeats(ctx: Context, machine: Machine, targets: readonly DesiredTarget[], desired: Desired, say: Say): Promise<void> {
  const ids = targets.filter((target) => target.carries === 'setup').map((target) => target.id);
  const values = new Map(desired.setup?.variables.map((each): [string, string] => [each.name, each.value]));
  const { assignments } = await scanStartup(ctx, ids, { located: machine.located });
  tellBeaten(ctx, { targets: ids, values }, readLayers(ctx), assignments, say);
}

/** Whether some target holds the key literally, so that writing it needs the key at hand. */
function needsKey(config: Config, targets: readonly DesiredTarget[]): boolean {
  const hasSettings = targets.some((target) => (target.id === 'user' || target.id === 'local') && target.carries === 'setup');
  return config.keyStorage.kind === 'profile' || (config.keyStorage.kind === 'file' && hasSettings);
}

function changedAliases(
  from: Mapping,
  to: Mapping,
): ReadonlyArray<{ readonly alias: AliasId | 'default'; readonly before: string | undefined; readonly after: string | undefined }> {
  if (sameMapping(from, to)) return [];
  const before = new Map(resolveAliases(from.models).map(({ alias, model }) => [alias, model]));
  const after = new Map(resolveAliases(to.models).map(({ alias, model }) => [alias, model]));
  const aliases = [...new Set([...before.keys(), ...after.keys()])];
  const changed = aliases
    .filter((alias) => before.get(alias) !== after.get(alias))
    .map((alias) => ({ alias, before: before.get(alias), after: after.get(alias) }));
  return from.defaultAlias === to.defaultAlias
    ? changed
    : [...changed, { alias: 'default' as const, before: from.defaultAlias, after: to.defaultAlias }];
}
