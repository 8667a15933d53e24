import { applyPlan } from '../apply/apply-plan.ts';
import { checkWritable } from '../apply/check-writable.ts';
import { isLocked, withLock, type Lock } from '../apply/lock.ts';
import type { Receipt } from '../apply/journal.ts';
import { changedMeanwhile } from '../apply/steps.ts';
import { type Edit, isTargetOwner } from '../apply/types.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { showLong } from '../core/say.ts';
import { shortenPaths } from '../text/text.ts';
import type { Style } from '../text/style.ts';
import { checkShellSyntax, needsShell } from './check-syntax.ts';
import { renderEdit } from './diff.ts';
import { draw, sameEdits, wantOf, type Drawn } from './draw.ts';
import { changedFiles, completeMachine, isOwnFile, observeMachine, readAgain, type Machine } from './machine.ts';
import { checkLandings } from './key-landing.ts';
import { keysKnown } from './read-key.ts';
import { proveReached } from './prove-reached.ts';
import { recoverFirst } from './recover-first.ts';
import { problemError, settle, type Allowed } from './settle.ts';
import type { Planned } from './types.ts';
import { describeFiles, visibleEdits } from './visible-edits.ts';
import type { Change } from './asked.ts';

export interface Changed<D = unknown> {
  readonly kind: 'unchanged' | 'dry-run' | 'declined' | 'applied';
  readonly dryRun: boolean;
  /** The decision that was carried out. */
  readonly decision: D;
  readonly planned: Planned;
  readonly machine: Machine;
  readonly receipt: Receipt | undefined;
  /** After a dry run, each file's difference: data, so it goes to stdout. Otherwise empty, since it was shown before the question. */
  readonly preview: (style: Style) => string;
}

/** Milliseconds during which a change is planned again because a file changed meanwhile: less than others wait for the lock. */
const MOST_MS = 3_000;
/** The same if another orcc changed it: each of them gets its turn. */
const MOST_TURNS_MS = 60_000;
/** Milliseconds to wait for another orcc whose half-written change may be what looks like a problem. */
const MOST_WAIT_MS = 5_000;

/**
 * The one way from a decision to written files: finish or roll back what a killed run left, observe, plan, settle
 * conflicts, show, ask once, write. Whatever starts a program runs before the lock is taken. Under the lock, files are
 * compared with the bytes that the plan was made from, and only a difference leads to a new plan: a file that changes
 * meanwhile is never overwritten. Throws exit 6 for problems that the user can't or does not accept, exit 2 if consent is
 * needed and there is no terminal.
 */
export async function change<D>(ctx: Context, asked: Change<D>): Promise<Changed<D>> {
  const started = ctx.clock.monotonic();
  let allowed: Allowed = { replace: false, force: false };
  let isReady = false;
  let { decision } = asked;
  let machine = await firstLook(ctx, asked);
  for (;;) {
    const drawn = draw(ctx, asked, decision, machine, allowed);
    const { planned } = drawn;
    if (planned.problems.length > 0 && ctx.clock.monotonic() - started < MOST_TURNS_MS && (await isTorn(ctx, machine))) {
      ({ machine, decision } = await lookAgain(ctx, asked, decision, true));
      continue;
    }
    if (planned.problems.length > 0 && asked.goOnPastProblems !== true) {
      allowed = await settle(ctx, planned.problems, allowed, asked);
      continue;
    }
    const done = (kind: Changed['kind']): Changed<D> => ({
      ...{ kind, dryRun: asked.dryRun, decision, planned },
      machine: drawn.machine,
      receipt: undefined,
      preview: (style) => (kind === 'dry-run' ? draft(asked, planned, ctx.home, style) : ''),
    });
    const consent = consentOf(ctx, asked, planned);
    const isEmpty = planned.plan.edits.length === 0 && asked.asksAnyway !== true;
    if (isEmpty) return done(asked.yes || (await consent?.()) !== false ? 'unchanged' : 'declined');
    await startPrograms(ctx, drawn);
    if ((!asked.yes && consent === undefined) || asked.dryRun) await show(ctx, asked, planned);
    if (asked.dryRun) return done('dry-run');
    if (!asked.yes && (consent !== undefined || visibleEdits(planned).length > 0 || asked.asksAnyway === true)) {
      if (!(await (consent?.() ?? hasConsent(ctx, asked)))) return done('declined');
    }
    if (!isReady) await asked.beforeWrite?.();
    if (!isReady) await proveReached(ctx, planned.plan.edits, drawn.observed, asked.say, asked.provesBlocks === true);
    isReady = true;
    const written = await withLock(ctx, machine.own.folder, (lock) => writeLocked(ctx, asked, decision, { drawn, allowed, lock }));
    if (written.kind === 'written') {
      // If there was a question, they were shown before it.
      if (asked.yes)
        for (const note of written.changed.planned.notes)
          asked.say.line(`${asked.say.style.yellow('note:')} ${shortenPaths(note, ctx.home)}`);
      return written.changed;
    }
    if (ctx.clock.monotonic() - started > (written.byOrcc ? MOST_TURNS_MS : MOST_MS) && asked.yes) throw changedMeanwhile(written.path);
    ({ machine, decision } = await lookAgain(ctx, asked, decision, written.byOrcc));
    if (!asked.yes) asked.say.warn('A file was changed in the meantime: this is what would change now');
  }
}

/** The machine as it is now, and the decision, made again if another orcc changed the machine. */
async function lookAgain<D>(
  ctx: Context,
  { targets, extraPaths, places, decideAgain }: Change<D>,
  decision: D,
  byOrcc: boolean,
): Promise<{ readonly machine: Machine; readonly decision: D }> {
  const machine = await observeMachine(ctx, targets, extraPaths, places);
  return { machine, decision: (byOrcc ? await decideAgain?.(machine) : undefined) ?? decision };
}

/**
 * Whether what was read may have been half of another orcc's change, which makes orcc's own values look edited by hand: files have
 * changed since. Waits until that orcc is done, at most 5 s.
 */
async function isTorn(ctx: Context, machine: Machine): Promise<boolean> {
  const end = ctx.clock.monotonic() + MOST_WAIT_MS;
  while (isLocked(ctx, machine.own.folder) && ctx.clock.monotonic() < end) await ctx.clock.sleep(10);
  return changedFiles(machine, readAgain(ctx, machine)).length > 0;
}

/** The Decision as a member of a dry run's `data`, so that it can go into a bug report. */
export function shownDecision<D>({ dryRun, decision }: Pick<Changed<D>, 'dryRun' | 'decision'>): { readonly decision?: D } {
  return dryRun ? { decision } : {};
}

/** The machine that the plan is made for: the one that the decision saw, if nothing has changed since. */
async function firstLook<D>(ctx: Context, { machine, targets, extraPaths, places, dryRun, say }: Change<D>): Promise<Machine> {
  if (machine === undefined) {
    if (!dryRun) await recoverFirst(ctx, say);
    return observeMachine(ctx, targets, extraPaths, places);
  }
  const isSame = changedFiles(machine, readAgain(ctx, machine)).length === 0;
  return isSame ? completeMachine(ctx, machine, targets, extraPaths, places) : observeMachine(ctx, targets, extraPaths, places);
}

/** Runs the checks that need other programs: whether git would commit the key, shells can parse the files, files have access lists. */
async function startPrograms(ctx: Context, { planned, force }: Drawn): Promise<void> {
  const { edits } = planned.plan;
  const places = edits.map((edit) => ({ edit, place: checkWritable(ctx, edit.path, wantOf(edit)) }));
  await checkLandings(ctx, edits, true);
  await checkShellSyntax(ctx, edits, force);
  ctx.findAttributed?.(places.flatMap(({ edit, place }) => (isTargetOwner(edit.owner) && place.stat !== undefined ? [place.real] : [])));
}

/** Shows what comes above the question. In a dry run the difference is itself the outcome, and is not shown here. */
async function show<D>(ctx: Context, asked: Change<D>, planned: Planned): Promise<void> {
  const { say, dryRun, beforeQuestion } = asked;
  const text = dryRun ? '' : draft(asked, planned, ctx.home, say.style);
  // Someone who leaves the pager early still sees above the question what it is about.
  const isPaged = text !== '' && (await showLong(ctx, say, text));
  if (isPaged)
    say.line([describeFiles(planned, ctx.home), ...(asked.also?.(say.style, planned) ?? [])].filter((line) => line !== '').join('\n'));
  beforeQuestion?.();
}

/** Each file's difference, then the notes on them. */
function draft<D>({ key, leaving = [], also }: Change<D>, planned: Planned, home: string, style: Style): string {
  const secrets = key === undefined ? leaving : [key, ...leaving];
  const notes = planned.notes.map((note) => style.dim(`  ${shortenPaths(note, home)}`));
  return [...visibleEdits(planned).map((edit) => renderEdit(edit, style, secrets, home)), ...notes, ...(also?.(style, planned) ?? [])].join(
    '\n',
  );
}

/** The command's own way of asking; undefined if it has none, in a dry run, or without a terminal. */
function consentOf<D>(
  ctx: Pick<Context, 'interactive' | 'home' | 'stdout' | 'page'>,
  asked: Change<D>,
  planned: Planned,
): (() => Promise<boolean>) | undefined {
  const { consent, say } = asked;
  if (!ctx.interactive || asked.dryRun || consent === undefined) return undefined;
  return () =>
    consent(planned, async (below) => void (await showLong(ctx, say, `${draft(asked, planned, ctx.home, say.style)}\n${below}`)));
}

async function hasConsent<D>(ctx: Pick<Context, 'ask' | 'interactive'>, { question, isDangerous }: Change<D>): Promise<boolean> {
  if (!ctx.interactive) {
    throw new OrccError('usage', 'There is no terminal to ask for confirmation', {
      hint: 'Preview the change with `--dry-run`, then add `--yes`',
    });
  }
  return ctx.ask.confirm(question, isDangerous !== true);
}

interface Locked {
  readonly drawn: Drawn;
  readonly allowed: Allowed;
  readonly lock: Lock;
}

type Written<D> =
  | { readonly kind: 'written'; readonly changed: Changed<D> }
  /** Not written: this file changed, so that a program, a question or another decision is needed. */
  | { readonly kind: 'another'; readonly path: string; readonly byOrcc: boolean };

/**
 * Writes the plan if every file is as the plan read it. Otherwise makes a new plan for what is there now, and writes that only if it is
 * what was agreed to and no program has to check it, since none is started here.
 */
async function writeLocked<D>(ctx: Context, asked: Change<D>, decision: D, { drawn, allowed, lock }: Locked): Promise<Written<D>> {
  const started = ctx.clock.monotonic();
  const agreed = drawn.planned.plan.edits;
  let now = drawn;
  for (;;) {
    const machine = readAgain(ctx, now.observed, lock.createdFolders);
    const [path] = changedFiles(now.observed, machine);
    if (path !== undefined) {
      if (isOwnFile(machine, path)) return { kind: 'another', path, byOrcc: true };
      now = draw(ctx, asked, decision, machine, allowed);
      const isFine = asked.yes ? isChecked(now.planned.plan.edits, agreed) : sameEdits(now.planned.plan.edits, agreed);
      if (!isFine) return { kind: 'another', path, byOrcc: false };
    }
    const { planned } = now;
    if (planned.problems.length > 0 && asked.goOnPastProblems !== true) throw problemError(planned.problems, ctx.home);
    const common = { dryRun: false, decision, planned, machine: now.machine, preview: () => '' };
    if (planned.plan.edits.length === 0) return { kind: 'written', changed: { ...common, kind: 'unchanged', receipt: undefined } };
    try {
      // The only program that is started under the lock, and only if the key went below a `.git`: what git ignores now is what counts.
      const verify = (): Promise<void> => checkLandings(ctx, planned.plan.edits, false);
      const keys = keysKnown(machine, asked.key, ...(asked.leaving ?? []));
      const receipt = await applyPlan(ctx, planned.plan, { folder: machine.own.folder, command: asked.command, lock, keys, verify });
      return { kind: 'written', changed: { ...common, kind: 'applied', receipt } };
    } catch (error) {
      if (!(error instanceof OrccError) || error.code !== 'CHANGED' || ctx.clock.monotonic() - started > MOST_MS) throw error;
    }
  }
}

/** Whether no program has to check these edits, given that programs have checked the ones before. */
function isChecked(edits: readonly Edit[], before: readonly Edit[]): boolean {
  return edits.every((edit) => before.some((old) => old.path === edit.path && (!needsShell(edit) || sameEdits([edit], [old]))));
}
