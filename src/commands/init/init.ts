import { describeTextOnly } from '../../change/check-models.ts';
import { type Changed } from '../../change/change.ts';
import { describeWritten } from '../../change/view-change.ts';
import { recoverFirst } from '../../change/recover-first.ts';
import { isWhole } from '../../claude/aliases.ts';
import type { Planned } from '../../change/types.ts';
import { tellLeftOut, tryTeam, withWayOut } from '../../config/find-team.ts';
import { extrasOf } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { Cancelled, OrccError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type Say, sayOf } from '../../core/say.ts';
import { changeKey } from '../../keys/change-key.ts';
import { keepCatalog } from '../../openrouter/load-catalog.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { testAliases } from '../../probe/test-aliases.ts';
import { checkHome } from '../../targets/check-home.ts';
import type { TargetId } from '../../targets/types.ts';
import { stripControls } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';
import { agreeIn, type Agreements } from './agree.ts';
import { takeAnswers } from './answers.ts';
import type { Answers, Deciding } from './types.ts';
import { changeSomething } from './changes.ts';
import { decideAnswers, type InitDecision } from './decide.ts';
import { desireInit } from './desire.ts';
import { gatherNextSteps } from './next-steps.ts';
import { lookAround } from './ground.ts';
import { parseInitIntent, type InitIntent } from './intent.ts';
import { otherPlace } from './target-step.ts';
import { askRecap, extraRows, noticeRows, type Recap, renderLimits, renderMapping, renderRecap, warningsOf } from './recap.ts';
import { viewInit, viewTested } from './view.ts';

/** What one run of init works with. */
interface Run extends Omit<Deciding, 'agree'> {
  /** Answers to the questions so far. */
  readonly agreements: Agreements;
}

/** A change that was shown, and what the user decided. */
interface Shown {
  readonly done: Changed<InitDecision>;
  /**
   * Set if something is to be changed first: `change` asks what, a target replaces the chosen place; undefined if the change is
   * settled.
   */
  readonly open: 'change' | TargetId | undefined;
}

/**
 * `orcc init`: sets this machine up: finds, asks (or takes flags), shows, writes, tests. Nothing is written before the user agrees
 * to the recap; Ctrl-C until then leaves every file as it was.
 */
export async function runInit(ctx: Context, input: unknown): Promise<Outcome> {
  const { team, broken } = tryTeam(ctx);
  const intent = parseInitIntent(input, team?.file.presets, broken);
  checkHome(ctx);
  const say = await sayOf(ctx, intent);
  if (broken !== undefined) leaveOut(ctx, intent, broken, say);
  if (!intent.dryRun) await recoverFirst(ctx, say);
  const ground = await lookAround(ctx, intent, team, say);
  const answers = await takeAnswers(ctx, intent, ground, say);
  const run: Run = { intent, ground, say, agreements: new Map() };
  const { done, settled } = await settleAll(ctx, run, answers);
  const { chosen, models } = settled;
  const outcome = viewInit(ctx, done, chosen.told);
  // Tested even if nothing changed: what matters is whether the setup works.
  const test = async (): Promise<Outcome | undefined> => (intent.test ? testAfter(ctx, intent, chosen.endpoint, done) : undefined);
  if (done.kind === 'unchanged' && !intent.dryRun) return viewTested(ctx, outcome, await test(), await check(ctx));
  if (done.kind !== 'applied') return outcome;
  const { baseUrl, targets } = done.decision;
  keepCatalog(ctx, { folder: ground.machine.own.folder, endpoint: { baseUrl } }, models.catalog);
  for (const text of describeWritten(done.planned, ctx.home)) say.ok(text);
  const tested = await test();
  const checked = await check(ctx);
  return viewTested(ctx, outcome, tested, checked, await gatherNextSteps(ctx, targets, done.machine));
}

/**
 * Warns that an unusable orcc.json is left out. Throws if it would have decided the models: no flag names them, and nobody can be
 * asked.
 */
function leaveOut(ctx: Pick<Context, 'interactive'>, { preset, models }: InitIntent, broken: OrccError, say: Say): void {
  if (!ctx.interactive && preset === undefined && !isWhole(models))
    throw withWayOut(broken, '`orcc init --preset NAME`, or a model for each alias, leaves it out');
  say.warn(tellLeftOut(broken));
}

/** doctor's checks, loaded only when needed. */
async function check(ctx: Context): Promise<readonly Finding[]> {
  const { checkWritten } = await import('../../doctor/check-written.ts');
  return checkWritten(ctx);
}

/**
 * Leads from answers to a change that is applied, declined or only shown. Every answer can be changed from the recap without losing
 * the others.
 */
async function settleAll(
  ctx: Context,
  run: Run,
  first: Answers,
): Promise<{ readonly done: Changed<InitDecision>; readonly settled: Answers }> {
  const { say, agreements } = run;
  let good: Answers | undefined;
  let answers = first;
  for (;;) {
    const before = new Map(agreements);
    try {
      // Nothing is asked again after a yes: an error while writing ends the run.
      const onAgreed = (): void => void (good = undefined);
      const { done, open } = await showAndWrite(ctx, run, answers, onAgreed);
      if (open === undefined) return { done, settled: answers };
      good = answers;
      answers = open === 'change' ? ((await changeSomething(answers, { ctx, ...run })) ?? answers) : { ...answers, targets: [open] };
    } catch (error) {
      // An impossible change is reported, and the last possible answers stay.
      if (good === undefined || !(error instanceof OrccError) || error instanceof Cancelled) throw error;
      say.error(error.message, error.hint);
      answers = good;
      agreements.clear();
      for (const [matter, answer] of before) agreements.set(matter, answer);
    }
  }
}

async function showAndWrite(ctx: Context, run: Run, answers: Answers, onAgreed: () => void): Promise<Shown> {
  const { intent, ground, say, agreements } = run;
  const agree = agreeIn(agreements, ctx, say);
  const decision = await decideAnswers(ctx, { ...run, agree }, answers);
  const { chosen } = answers;
  const to = { key: chosen.key, storage: decision.key.storage };
  const recapOf = (planned: Planned): string => renderRecap(ctx, { answers, decision, ground, planned }, intent, say.style);
  if (!ctx.interactive || intent.dryRun) tellChoice({ answers, decision, ground }, say);
  const place = otherPlace(ctx, answers, ground);
  let open: Shown['open'];
  const done = await changeKey(ctx, ground.present, to, {
    command: 'init',
    decision,
    desire: desireInit,
    machine: ground.machine,
    targets: [...new Set<TargetId>([...decision.targets, 'user'])],
    places: 'found',
    extraPaths: [decision.ignore ?? [], decision.settingsFiles ?? [], decision.adoptFiles].flat().map(({ path }) => path),
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: 'Write this?',
    agree,
    consent: async (planned, showDiff) => {
      say.line(recapOf(planned));
      const answer = await askRecap(ctx, planned, intent, place, () => showDiff(renderLimits(decision.limits, say.style)));
      open = answer === 'change' ? answer : answer === 'place' ? place?.target : undefined;
      if (answer === 'write') onAgreed();
      return answer === 'write';
    },
    provesBlocks: true,
    beforeQuestion: () => say.line(renderLimits(decision.limits, say.style)),
  });
  return { done, open };
}

/** Says what the flags have led to, if no recap is shown. */
function tellChoice(chosen: Omit<Recap, 'planned'>, say: Say): void {
  const { decision } = chosen;
  const { mapping, catalog } = chosen.answers.models;
  say.line(renderMapping(mapping, catalog, decision.limits, say.style));
  const textOnly = describeTextOnly(mapping, catalog, chosen.ground.machine.config?.denyImages === true);
  if (textOnly !== undefined) say.note('no-images', textOnly);
  for (const text of warningsOf(chosen)) say.warn(text);
  for (const [title, text] of extraRows(decision)) say.line(wrap(`${title}: ${stripControls(text)}`, say.style.width, '  '));
  for (const [, text] of noticeRows(chosen)) say.line(wrap(`Note: ${text}`, say.style.width, '  '));
}

async function testAfter(
  ctx: Context,
  intent: InitIntent,
  endpoint: KeyedEndpoint,
  { decision, machine }: Changed<InitDecision>,
): Promise<Outcome> {
  return testAliases(ctx, {
    endpoint,
    mapping: decision.mapping,
    limits: decision.limits.variables,
    extras: extrasOf(machine.config),
    aliases: [],
    quick: intent.quick,
    timeoutMs: intent.timeout,
    json: intent.json,
  });
}
