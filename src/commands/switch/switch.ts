import * as z from 'zod/mini';
import { change, type Changed } from '../../change/change.ts';
import { recordedMachineTargets } from '../../change/desire.ts';
import { observeMachine, requireConfig, type Machine } from '../../change/machine.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { readLayers } from '../../claude/layers.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { flag, parseIntent, text, wholeNumber } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { createSay, holdSay, type Say } from '../../core/say.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import { keepCatalog } from '../../openrouter/load-catalog.ts';
import { scanStartup } from '../../targets/startup.ts';
import { createStyle } from '../../text/style.ts';
import { tellBeaten } from '../init/conflicts.ts';
import { gatherNextSteps } from '../init/gather-next-steps.ts';
import { decideSwitch, type SwitchDecision } from './decide.ts';
import { desireSwitch, isNative } from './desire.ts';
import { hereTargets } from './here-targets.ts';
import { switchToNative } from './native.ts';
import { changedAliases, describeChanges, tellSwitched, viewSwitch, viewTested } from './view.ts';
import { readWords } from './words.ts';

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
  to: toFlag,
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
  const later = holdSay(say);
  checkCombination(intent);
  // What can't be meant is said before anything is read.
  readWords(intent.changes, ctx.interactive);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const machine = await observeMachine(
    ctx,
    intent.here ? ['project', 'local'] : (state) => [...recordedMachineTargets({ state }).map(({ id }) => id), 'user'],
    [],
    'recorded',
  );
  const config = requireConfig(machine);
  const place = intent.here
    ? await hereTargets(ctx, intent, machine, config, say)
    : { targets: recordedMachineTargets(machine), ignore: undefined };
  if (place.targets.length === 0) throw new OrccError('nothing', 'orcc has written to no place yet', { hint: 'Run `orcc init`' });
  if (intent.native) return switchToNative(ctx, intent, machine, place.targets, say);
  const decided = await decideSwitch(ctx, intent, machine, place, say, later);
  if (decided === 'native') return switchToNative(ctx, intent, machine, place.targets, say);
  const { decision, key, endpoint, catalog, again } = decided;
  if (!isNative(decision, machine)) await tellWhatBeats(ctx, machine, decision, later);
  if (intent.yes) later.tell();
  const done = await change(ctx, {
    command: 'switch',
    decision,
    desire: desireSwitch,
    decideAgain: again,
    machine,
    key,
    targets: [...new Set([...place.targets.map((target) => target.id), 'user' as const])],
    places: 'recorded',
    extraPaths: place.ignore === undefined ? [] : [place.ignore.path],
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: 'Switch?',
    beforeQuestion: () => {
      for (const line of describeChanges(decision, catalog)) say.line(line);
      later.tell();
    },
  });
  const native = isNative(done.decision, machine);
  const outcome = viewSwitch(ctx, done, native);
  if (done.kind !== 'applied') return outcome;
  keepCatalog(ctx, { folder: machine.own.folder, endpoint: { baseUrl: config.baseUrl } }, catalog);
  tellSwitched(ctx, done, intent.yes ? describeChanges(done.decision, catalog) : [], say);
  return native ? outcome : await finish(ctx, intent, done, endpoint, outcome, say);
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

/** What the user does now, and with `--test` the test of the aliases that changed. */
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
    aliases: changedAliases(decision.from, decision.mapping).flatMap(({ alias, after }) => (after === undefined ? [] : [alias])),
    quick: false,
    timeoutMs: intent.timeout === undefined ? undefined : intent.timeout * 1000,
    json: intent.json,
  });
  return viewTested(outcome, { ...tested, exit: exitAfterTest(tested) }, next);
}

/** Every command that writes says what would win over it (design D1). Reads files, starts nothing. */
async function tellWhatBeats(ctx: Context, machine: Machine, decision: SwitchDecision, say: Say): Promise<void> {
  const ids = decision.targets.filter((target) => target.carries === 'setup').map((target) => target.id);
  const { setup } = desireSwitch(decision, machine);
  const values = new Map(setup?.variables.map((each): [string, string] => [each.name, each.value]));
  const { assignments } = await scanStartup(ctx, ids);
  tellBeaten(ctx, { targets: ids, values }, readLayers(ctx), assignments, say);
}
