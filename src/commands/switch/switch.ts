import * as z from 'zod/mini';
import { change, type Changed } from '../../change/change.ts';
import { recordedMachineTargets } from '../../change/desire.ts';
import { observeMachine, requireConfig, type Machine } from '../../change/machine.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { FALLBACK_NOTE } from '../../claude/fallback.ts';
import { readLayers } from '../../claude/layers.ts';
import { BASE_URL, isLabelVariable } from '../../claude/variables.ts';
import { extrasOf, readConfig, type Config } from '../../config/config.ts';
import { parseExtraFlags, type ExtrasChange } from '../../config/extras-change.ts';
import type { Context } from '../../core/context.ts';
import { Cancelled, OrccError } from '../../core/errors.ts';
import { ownFiles } from '../../core/folder.ts';
import { changeFlags, flag, parseIntent, seconds, text } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { holdSay, type Say, sayOf } from '../../core/say.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import { keepCatalog } from '../../openrouter/load-catalog.ts';
import { scanStartup } from '../../targets/startup.ts';
import { FOLDER_TARGETS, isShellTarget } from '../../targets/types.ts';
import { tellBeaten } from '../init/conflicts.ts';
import { gatherNextSteps } from '../init/next-steps.ts';
import { isOtherwise, type Otherwise } from './choose-mapping.ts';
import { decideSwitch, type Decided, type SwitchDecision, type SwitchIntent } from './decide.ts';
import { desireSwitch, isNative } from './desire.ts';
import type { HereTargets } from './here-targets.ts';
import { changedAliases, describeChanges, isIdle, tellSwitched, viewSwitch, viewTested } from './view.ts';
import { readWords } from './words.ts';

const schema = z.object({
  changes: z.array(z.string()),
  default: text,
  fallback: text,
  effort: text,
  autoModeModel: text,
  here: flag,
  target: z.exactOptional(z.array(z.string())),
  native: flag,
  back: flag,
  offline: flag,
  test: flag,
  timeout: seconds(3600),
  to: toFlag,
  adopt: flag,
  ...changeFlags,
});
type Flags = z.infer<typeof schema>;
type Intent = Flags & { readonly extras?: ExtrasChange | undefined };

/** `orcc switch`: changes the mapping in every place that carries it. Checks each model first, and writes nothing for an unknown one. */
export async function runSwitch(ctx: Context, input: unknown): Promise<Outcome> {
  const flags = parseIntent(schema, input);
  const intent: Intent = { ...flags, extras: parseExtraFlags(flags) };
  const say = await sayOf(ctx, intent);
  checkCombination(intent);
  // Words with no meaning are refused before anything is read.
  readWords(intent.changes, ctx.interactive);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  await takeKeyOfProfile(ctx, intent, say);
  const { machine, config, place } = await findPlace(ctx, intent, say);
  const toNative = async (): Promise<Outcome> => (await import('./native.ts')).switchToNative(ctx, intent, machine, place.targets, say);
  if (intent.native) return toNative();
  const notes = (): void => tellExtras(intent.extras, place.targets, say);
  const made = await changeSetup(ctx, intent, { machine, place }, say, { command: 'switch', question: 'Switch?', notes });
  if (made === 'native') return toNative();
  // As if its name had been typed: its key is taken into use first.
  if ('picked' in made) return runSwitch(ctx, { ...(input as object), changes: [made.picked] });
  const { done, endpoint, catalog } = made;
  const native = isNative(done.decision, machine);
  const outcome = viewSwitch(ctx, done, native);
  if (done.kind !== 'applied' || isIdle(ctx, done)) return outcome;
  keepCatalog(ctx, { folder: machine.own.folder, endpoint: { baseUrl: config.baseUrl } }, catalog);
  tellSwitched(ctx, done, intent.yes ? describeChanges(done.decision, extrasOf(config), catalog) : [], say);
  return native ? outcome : await finish(ctx, intent, done, endpoint, outcome, say);
}

/** Notes about the extras that the flags set. */
function tellExtras(change: ExtrasChange | undefined, targets: HereTargets['targets'], say: Say): void {
  const isSet = (value: unknown): boolean => value !== undefined && value !== null;
  if (isSet(change?.fallback)) say.line(`${say.style.yellow('note:')} ${FALLBACK_NOTE}`);
  const isMembers = isSet(change?.fallback) || Object.keys(change?.effort ?? {}).some((name) => name !== 'all');
  if (isMembers && targets.length > 0 && targets.every(({ id }) => isShellTarget(id)))
    say.line(`${say.style.yellow('note:')} a shell profile can't hold this: it goes to user settings`);
}

/** A profile may name a key to use with it: `orcc switch` takes that one into use first, as a change of its own. */
async function takeKeyOfProfile(ctx: Context, { changes, here, native, ...intent }: Intent, say: Say): Promise<void> {
  const config = readConfig(ctx.fs, ownFiles(ctx).config);
  const name = changes
    .flatMap((word) => (config !== undefined && Object.hasOwn(config.profiles, word) ? (config.profiles[word]?.key ?? []) : []))
    .at(-1);
  if (config === undefined || name === undefined || native || name === config.activeKey) return;
  if (here) {
    say.warn(`the key ${name} of this profile is not used for a single folder: \`orcc key use ${name}\` switches to it everywhere`);
    return;
  }
  const { useNamed } = await import('../key/use-named.ts');
  const used = await useNamed(ctx, { ...intent, command: 'key use', name, check: !intent.offline, say });
  if (used.kind === 'in-use') return;
  if (used.kind === 'declined') throw new Cancelled();
  if (used.kind === 'dry-run') say.line(used.preview(say.style));
  else say.ok(`The key ${name} is in use, for ${used.baseUrl}`);
}

/** The intent that all commands which change the whole setup share. */
type SetupIntent = SwitchIntent & {
  readonly target?: readonly string[] | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
};

interface SetupPlace {
  readonly machine: Machine;
  readonly place: HereTargets;
}

/** Decides and carries out a change of extras only: the mapping stays as it is. */
export async function changeExtrasOf(
  ctx: Context,
  intent: Omit<SetupIntent, 'changes' | 'back'>,
  place: SetupPlace,
  say: Say,
  about: { readonly command: string; readonly question: string },
): Promise<SetUp> {
  const made = await changeSetup(ctx, { ...intent, changes: [], back: false }, place, say, about);
  if (isOtherwise(made)) throw new OrccError('bug', 'A change beside the mapping was taken for a switch');
  return made;
}

/** The machine, its configuration, and the targets to write. Throws exit 3 if nothing is configured. */
export async function findPlace(
  ctx: Context,
  intent: Pick<SetupIntent, 'here' | 'target' | 'yes' | 'dryRun'>,
  say: Say,
): Promise<SetupPlace & { readonly config: Config }> {
  const machine = await observeMachine(
    ctx,
    intent.here ? FOLDER_TARGETS : (state) => [...recordedMachineTargets({ state }).map(({ id }) => id), 'user'],
  );
  const config = requireConfig(machine);
  const place = intent.here
    ? await (await import('./here-targets.ts')).hereTargets(ctx, intent, machine, config, say)
    : { targets: recordedMachineTargets(machine), ignore: undefined };
  if (place.targets.length === 0) throw new OrccError('nothing', 'orcc has no target on this machine', { hint: 'Run `orcc init`' });
  return { machine, place, config };
}

type SetUp = Pick<Decided, 'endpoint' | 'catalog'> & { readonly done: Changed<SwitchDecision> };

/**
 * Decides and carries out a change of mapping and extras in every target of the place. Returns an `Otherwise` if that was picked
 * instead.
 */
async function changeSetup(
  ctx: Context,
  intent: SetupIntent,
  { machine, place }: SetupPlace,
  say: Say,
  { command, question, notes }: { readonly command: string; readonly question: string; readonly notes?: () => void },
): Promise<SetUp | Otherwise> {
  const later = holdSay(say);
  const decided = await decideSwitch(ctx, intent, machine, place, say, later);
  if (isOtherwise(decided)) return decided;
  const { decision, key, endpoint, catalog, again } = decided;
  if (!isNative(decision, machine)) await tellWhatBeats(ctx, machine, decision, later);
  if (intent.yes) later.tell();
  const done = await change(ctx, {
    command,
    decision,
    desire: desireSwitch,
    decideAgain: again,
    machine,
    key,
    targets: [...new Set([...place.targets.map((target) => target.id), 'user' as const])],
    extraPaths: place.ignore === undefined ? [] : [place.ignore.path],
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question,
    beforeQuestion: () => {
      notes?.();
      for (const line of describeChanges(decision, extrasOf(machine.config), catalog)) say.line(line);
      later.tell();
    },
  });
  // Where the change is refused, the refusal says enough.
  if (intent.yes && !intent.dryRun) notes?.();
  return { done, endpoint, catalog };
}

/** Throws exit 2 for `--target` without `--here`. */
export function checkTarget({ target, here }: Pick<SetupIntent, 'target' | 'here'>): void {
  if (target !== undefined && !here)
    throw new OrccError('usage', '`--target` only works with `--here`', { hint: '`orcc init --target` adds a target on this machine' });
}

function checkCombination(intent: Intent): void {
  checkTarget(intent);
  if (intent.native && intent.back) throw new OrccError('usage', "`--native` and `--back` can't be combined", { hint: 'Use one of them' });
  if (intent.back && intent.here)
    throw new OrccError('usage', "`--back` can't be combined with `--here`: it is the machine that was switched to Anthropic", {
      hint: 'Run `orcc switch --back` on its own',
    });
  if (
    intent.native &&
    (intent.changes.length > 0 || intent.default !== undefined || intent.extras !== undefined || intent.test || intent.here)
  ) {
    throw new OrccError('usage', "`--native` can't be combined with a change, `--test` or `--here`", {
      hint: 'Run `orcc switch --native` on its own',
    });
  }
}

/** The outcome with the next steps, and with `--test` the test of the aliases that changed. */
async function finish(
  ctx: Context,
  intent: Intent,
  { decision, machine }: Changed<SwitchDecision>,
  endpoint: KeyedEndpoint | undefined,
  outcome: ReturnType<typeof viewSwitch>,
  say: Say,
): Promise<Outcome> {
  const ids = decision.targets.map((target) => target.id);
  const next = await gatherNextSteps(ctx, ids, machine);
  if (!intent.test || endpoint === undefined) return viewTested(outcome, undefined, next);
  const { exitAfterTest, testAliases } = await import('../../probe/test-aliases.ts');
  say.step('Test');
  const tested = await testAliases(ctx, {
    endpoint,
    mapping: decision.mapping,
    limits: decision.limits.variables,
    extras: extrasOf(decision.extras),
    aliases: changedAliases(decision.from, decision.mapping).flatMap(({ alias, after }) => (after === undefined ? [] : [alias])),
    quick: false,
    timeoutMs: intent.timeout,
    json: intent.json,
  });
  return viewTested(outcome, { ...tested, exit: exitAfterTest(tested) }, next);
}

/** Says what would win over the new values, as every command that writes does (design D1). Reads files, starts nothing. */
async function tellWhatBeats(ctx: Context, machine: Machine, decision: SwitchDecision, say: Say): Promise<void> {
  const ids = decision.targets.filter((target) => target.carries === 'setup').map((target) => target.id);
  const { setup } = desireSwitch(decision, machine);
  const variables = setup?.variables.flatMap(({ name, value }) => (isLabelVariable(name) ? [] : [[name, value] as const]));
  const values = new Map([...(setup === undefined ? [] : [[BASE_URL, setup.baseUrl] as const]), ...(variables ?? [])]);
  const { assignments } = await scanStartup(ctx, ids);
  tellBeaten(ctx, { targets: ids, values }, { layers: readLayers(ctx), startup: assignments }, say);
}
