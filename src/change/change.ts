import { applyPlan } from '../apply/apply-plan.ts';
import { checkWritable } from '../apply/check-writable.ts';
import { isLocked, withLock, type Lock } from '../apply/lock.ts';
import type { Receipt } from '../apply/journal.ts';
import { changedMeanwhile } from '../apply/steps.ts';
import { type Edit, isTargetOwner } from '../apply/types.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { type Say, showLong } from '../core/say.ts';
import { shortenPaths } from '../text/text.ts';
import type { Style } from '../text/style.ts';
import type { TargetId } from '../targets/types.ts';
import { checkShellSyntax, needsShell } from './check-syntax.ts';
import type { Desired } from './desired.ts';
import { renderEdit } from './diff.ts';
import { draw, sameEdits, wantOf, type Drawn } from './draw.ts';
import { changedFiles, completeMachine, isOwnFile, observeMachine, readAgain, type Machine } from './machine.ts';
import { checkLandings } from './key-landing.ts';
import { keysKnown } from './read-key.ts';
import { proveReached } from './prove-reached.ts';
import { recoverFirst } from './recover-first.ts';
import { problemError, settle, type Allowed } from './settle.ts';
import type { Keys, Planned } from './types.ts';
import { describeFiles, visibleEdits } from './visible-edits.ts';

/** A change that a command has decided on. */
export interface Change<D> extends Keys {
  readonly command: string;
  /** Plain data that holds no key. */
  readonly decision: D;
  /** What the decision means on this machine. Pure: asks nobody, starts nothing. */
  readonly desire: (decision: D, machine: Machine) => Desired;
  /** The decision anew, where another orcc has changed orcc's own files since the first one was made. */
  readonly decideAgain?: (machine: Machine) => Promise<D>;
  /** The machine as the decision saw it, after `recoverFirst`; without it both are done here. */
  readonly machine?: Machine;
  /** Targets beside those that orcc has written. */
  readonly targets?: readonly TargetId[];
  /** Whether shells are asked where their files are, or orcc's records count (default: they do). */
  readonly places?: 'found' | 'recorded';
  /** Paths beside the targets' own that the plan may change (.gitignore). */
  readonly extraPaths?: readonly string[];
  /** Fixes of single files, worked out before the plan (`doctor --fix`). Pure. */
  readonly prepare?: (machine: Machine) => Machine;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly say: Say;
  /** Asked on a terminal before the first byte is written. */
  readonly question: string;
  /** What is lost does not come back by `orcc undo`: Enter alone says no. */
  readonly isDangerous?: true;
  /**
   * On a terminal in place of diff and question, for a plan without edits too: shows what it wants, the difference by `showDiff` (with
   * further lines below it), and says whether to go on.
   */
  readonly consent?: (planned: Planned, showDiff: (below: string) => Promise<void>) => Promise<boolean>;
  /** Asks about values in the way in place of `ctx.ask`. */
  readonly agree?: (about: readonly string[], question: string, initial: boolean) => Promise<boolean>;
  /** The last step before the lock, after consent: what it throws leaves every file as it was. */
  readonly beforeWrite?: () => Promise<void>;
  /** Blocks that are first put in are proven to be reached, by the shell itself where reading does not tell (`init` alone). */
  readonly provesBlocks?: boolean;
  /** What changes beside the files of the plan: lines below their differences. */
  readonly also?: (style: Style) => readonly string[];
  /** Lines between the preview and the question: costs, warnings. */
  readonly beforeQuestion?: () => void;
  /** Problems do not stop the rest (`remove`): the caller reports them. */
  readonly goOnPastProblems?: boolean;
  /** The caller does more than the plan says (`remove` deletes orcc's folder), so that an empty plan is a question too. */
  readonly asksAnyway?: boolean;
}

export interface Changed<D = unknown> {
  readonly kind: 'unchanged' | 'dry-run' | 'declined' | 'applied';
  readonly dryRun: boolean;
  /** The decision that was carried out. */
  readonly decision: D;
  readonly planned: Planned;
  readonly machine: Machine;
  readonly receipt: Receipt | undefined;
  /** After a dry run what was asked for: each file's difference. Data, so it goes to stdout; otherwise it was shown before the question. */
  readonly preview: (style: Style) => string;
}

/** Milliseconds for which a change is planned anew because a file changed under it: less than others wait for the lock. */
const MOST_MS = 3_000;
/** The same where it was another orcc: each of them gets its turn. */
const MOST_TURNS_MS = 60_000;
/** Milliseconds that another orcc is waited for where a problem may be its half-written change. */
const MOST_WAIT_MS = 5_000;

/**
 * The one way from a decision to written files: finish or roll back what a killed run left, observe, plan, settle
 * conflicts, show, ask once, write. Whatever starts a program runs before the lock. Under it files are compared with the
 * bytes that the plan read, and only a difference plans anew: a file that changes meanwhile is never overwritten.
 */
export async function change<D>(ctx: Context, asked: Change<D>): Promise<Changed<D>> {
  const started = ctx.clock.monotonic();
  let allowed: Allowed = { replace: false, force: false };
  let isAgreed = asked.yes;
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
      if (allowed.replace || allowed.force) continue;
    }
    const done = (kind: Changed['kind']): Changed<D> => ({
      ...{ kind, dryRun: asked.dryRun, decision, planned },
      machine: drawn.machine,
      receipt: undefined,
      preview: (style) => (kind === 'dry-run' ? draft(asked, planned, ctx.home, style) : ''),
    });
    const consent = consentOf(ctx, asked, planned);
    const isEmpty = planned.plan.edits.length === 0 && asked.asksAnyway !== true;
    if (isEmpty) return done(isAgreed || (await consent?.()) !== false ? 'unchanged' : 'declined');
    await startPrograms(ctx, drawn);
    if ((!isAgreed && consent === undefined) || asked.dryRun) await show(ctx, asked, planned);
    if (asked.dryRun) return done('dry-run');
    if (!isAgreed && (consent !== undefined || visibleEdits(planned).length > 0 || asked.asksAnyway === true)) {
      if (!(await (consent?.() ?? hasConsent(ctx, asked)))) return done('declined');
      isAgreed = true;
    }
    if (!isReady) await asked.beforeWrite?.();
    if (!isReady && asked.provesBlocks === true) await proveReached(ctx, planned.plan.edits, drawn.observed, asked.say);
    isReady = true;
    const written = await withLock(ctx, machine.own.folder, (lock) => writeLocked(ctx, asked, decision, { drawn, allowed, lock }));
    if (written.kind === 'written') {
      // With a question they were told before it.
      if (asked.yes)
        for (const note of written.changed.planned.notes)
          asked.say.line(`${asked.say.style.yellow('note:')} ${shortenPaths(note, ctx.home)}`);
      return written.changed;
    }
    if (ctx.clock.monotonic() - started > (written.byOrcc ? MOST_TURNS_MS : MOST_MS) && asked.yes) throw changedMeanwhile(written.path);
    ({ machine, decision } = await lookAgain(ctx, asked, decision, written.byOrcc));
    if (!asked.yes) asked.say.warn('A file was changed in the meantime: this is what would change now');
    isAgreed = asked.yes;
  }
}

/** The machine as it is now, with the decision made anew where another orcc changed it. */
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
 * Whether what was read may be half of another orcc's change, so that a value of orcc's own looks like one edited by hand: it holds the
 * lock, or has written since. Waits until it is done, 5 s at most.
 */
async function isTorn(ctx: Context, machine: Machine): Promise<boolean> {
  const end = ctx.clock.monotonic() + MOST_WAIT_MS;
  let waited = false;
  while (isLocked(ctx, machine.own.folder) && ctx.clock.monotonic() < end) {
    waited = true;
    await ctx.clock.sleep(10);
  }
  return waited || changedFiles(machine, readAgain(ctx, machine)).length > 0;
}

/** The Decision as a member of a dry run's `data`, so that it can go into a bug report. */
export function shownDecision<D>({ dryRun, decision }: Pick<Changed<D>, 'dryRun' | 'decision'>): { readonly decision?: D } {
  return dryRun ? { decision } : {};
}

/** The machine that the plan is made for: as the decision saw it, if it is still like that. */
async function firstLook<D>(ctx: Context, { machine, targets, extraPaths, places, dryRun, say }: Change<D>): Promise<Machine> {
  if (machine === undefined) {
    if (!dryRun) await recoverFirst(ctx, say);
    return observeMachine(ctx, targets, extraPaths, places);
  }
  const isSame = changedFiles(machine, readAgain(ctx, machine)).length === 0;
  return isSame ? completeMachine(ctx, machine, targets, extraPaths, places) : observeMachine(ctx, targets, extraPaths, places);
}

/** Everything about a plan that another program has to be asked: whether git would commit the key, whether shells can read it, which files have access lists. */
async function startPrograms(ctx: Context, { planned, force }: Drawn): Promise<void> {
  const { edits } = planned.plan;
  const places = edits.map((edit) => ({ edit, place: checkWritable(ctx, edit.path, wantOf(edit)) }));
  await checkLandings(ctx, edits, true);
  await checkShellSyntax(ctx, edits, force);
  ctx.findAttributed?.(places.flatMap(({ edit, place }) => (isTargetOwner(edit.owner) && place.stat !== undefined ? [place.real] : [])));
}

/** What stands above the question. In a dry run the difference itself is the outcome. */
async function show<D>(ctx: Context, asked: Change<D>, planned: Planned): Promise<void> {
  const { say, dryRun, beforeQuestion } = asked;
  const text = dryRun ? '' : draft(asked, planned, ctx.home, say.style);
  // Whoever leaves the pager early still has above the question what it is about.
  const isPaged = text !== '' && (await showLong(ctx, say, text));
  if (isPaged) say.line([describeFiles(planned, ctx.home), ...(asked.also?.(say.style) ?? [])].filter((line) => line !== '').join('\n'));
  beforeQuestion?.();
}

/** Each file's difference, then what is worth saying of them. */
function draft<D>({ key, leaving = [], also }: Change<D>, planned: Planned, home: string, style: Style): string {
  const secrets = key === undefined ? leaving : [key, ...leaving];
  const notes = planned.notes.map((note) => style.dim(`  ${shortenPaths(note, home)}`));
  return [...visibleEdits(planned).map((edit) => renderEdit(edit, style, secrets, home)), ...notes, ...(also?.(style) ?? [])].join('\n');
}

/** How the command itself asks, where it does and somebody can be asked. */
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
  /** Not written: this file changed, in a way that asks for a program, a question or another decision. */
  | { readonly kind: 'another'; readonly path: string; readonly byOrcc: boolean };

/**
 * Writes the plan if every file is as the plan read it. Otherwise the plan is made anew for what is there now; it is written only
 * where it is what was agreed to, and where no program has to be asked about it, since none is started here.
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
      // The one program that is started under the lock, and only where the key went below a `.git`: what is ignored now counts.
      const verify = (): Promise<void> => checkLandings(ctx, planned.plan.edits, false);
      const keys = keysKnown(machine, asked.key, ...(asked.leaving ?? []));
      const receipt = await applyPlan(ctx, planned.plan, { folder: machine.own.folder, command: asked.command, lock, keys, verify });
      return { kind: 'written', changed: { ...common, kind: 'applied', receipt } };
    } catch (error) {
      if (!(error instanceof OrccError) || error.code !== 'CHANGED' || ctx.clock.monotonic() - started > MOST_MS) throw error;
    }
  }
}

/** Whether programs have said all that they have to say about these edits, by what they said of the ones before. */
function isChecked(edits: readonly Edit[], before: readonly Edit[]): boolean {
  return edits.every((edit) => before.some((old) => old.path === edit.path && (!needsShell(edit) || sameEdits([edit], [old]))));
}
