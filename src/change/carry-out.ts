import { applyPlan } from '../apply/apply-plan.ts';
import { withLock, type Lock } from '../apply/lock.ts';
import { checkWritable } from '../apply/check-writable.ts';
import type { Receipt } from '../apply/receipt.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { Say } from '../core/say.ts';
import { NO_FILE, observeMachine, type Machine } from './machine.ts';
import type { Desired } from './desired.ts';
import { isTargetOwner } from '../apply/owner.ts';
import { sameBytes } from '../text/same-bytes.ts';
import { planOver } from './plan-over.ts';
import { planChange, type Planned, type Problem } from './plan.ts';
import type { Edit } from '../apply/types.ts';
import { renderEdit } from './diff.ts';
import { shortPath } from '../text/short-path.ts';
import type { TargetId } from '../targets/types.ts';
import { checkShellSyntax } from './check-syntax.ts';
import { recoverFirst } from './recover-first.ts';

export interface CarryOut {
  readonly command: string;
  readonly targets: readonly TargetId[];
  /** Whether shells are asked where their files are, or orcc's records count (default: found). */
  readonly places?: 'found' | 'recorded';
  /** Paths beside the targets' own that the plan may change (.gitignore). */
  readonly extraPaths?: readonly string[];
  /** Mends of single files, made in thought before the plan (`doctor --fix`). Pure. */
  readonly prepare?: (machine: Machine) => Machine;
  readonly desire: (machine: Machine) => Promise<Desired> | Desired;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly say: Say;
  /** Asked on a terminal before the first byte is written. */
  readonly question: string;
  /** The last step before the first byte is written, after consent: what it throws leaves every file as it was. */
  readonly beforeWrite?: () => Promise<void>;
  /** Keys to mask in the preview, besides everything that looks like one. */
  readonly secrets: readonly string[];
  /** Lines between the preview and the question: costs, warnings. */
  readonly beforeQuestion?: () => void;
  /** Problems do not stop the rest (`remove`): the caller reports them. */
  readonly goOnPastProblems?: boolean;
  /** The caller does more than the plan says (`remove` deletes orcc's folder), so that an empty plan is a question too. */
  readonly asksAnyway?: boolean;
}

export interface CarriedOut {
  readonly kind: 'unchanged' | 'dry-run' | 'declined' | 'applied';
  readonly planned: Planned;
  readonly machine: Machine;
  readonly receipt: Receipt | undefined;
}

/** Milliseconds for which a change is planned anew because a file changed under it: less than others wait for the lock. */
const MOST_MS = 3_000;

/**
 * The one way from a desire to written files: finish or roll back what a killed run
 * left, observe, plan, settle conflicts, show, ask, write. A file that changes between
 * looking and writing means planning again, never overwriting.
 */
export async function carryOut(ctx: Context, work: CarryOut): Promise<CarriedOut> {
  const { say } = work;
  let allow = { replace: false, force: false };
  let isAgreed = work.yes;
  if (!work.dryRun) await recoverFirst(ctx, say);
  for (;;) {
    const { machine, planned, force } = await look(ctx, work, allow);
    if (planned.problems.length > 0 && work.goOnPastProblems !== true) {
      allow = await settle(ctx, planned.problems, allow, work);
      if (allow.replace || allow.force) continue;
    }
    const { edits } = planned.plan;
    const done = (kind: CarriedOut['kind'], receipt?: Receipt): CarriedOut => ({ kind, planned, machine, receipt });
    // Config and state alone are bookkeeping: they are written, but are no change worth a question.
    const visible = edits.filter((edit) => edit.owner !== 'config' && edit.owner !== 'state');
    if (edits.length === 0 && work.asksAnyway !== true) return done('unchanged');
    const places = edits.map((edit) => ({ edit, place: checkWritable(ctx, edit.path, wantOf(edit)) }));
    await checkShellSyntax(ctx, edits, force);
    if (!isAgreed || work.dryRun) {
      for (const edit of visible) say.line(renderEdit(edit, say.style, work.secrets, ctx.home));
      for (const note of planned.notes) say.line(say.style.dim(`  ${note}`));
      work.beforeQuestion?.();
    }
    if (work.dryRun) return done('dry-run');
    if (!isAgreed && (visible.length > 0 || work.asksAnyway === true)) {
      if (!ctx.interactive) {
        throw new OrccError('usage', 'There is no terminal to ask for consent', {
          hint: 'Look at the change with `--dry-run`, then give `--yes`',
        });
      }
      if (!(await ctx.ask.confirm(work.question, true))) return done('declined');
      isAgreed = true;
    }
    // Asked now, the answer is there under the lock, where every millisecond is one in which a foreign editor may write.
    ctx.findAttributed?.(places.flatMap(({ edit, place }) => (isTargetOwner(edit.owner) && place.stat !== undefined ? [place.real] : [])));
    // Others may have written meanwhile: under the lock it is planned anew, and written only if it is still what was agreed to.
    const applied = await withLock(ctx, machine.own.folder, (lock) =>
      applyAnew(ctx, work, { allow, agreed: work.yes ? undefined : edits, lock }),
    );
    if (applied !== undefined) {
      // With a question they were told before it.
      if (work.yes) for (const note of applied.planned.notes) say.line(`${say.style.yellow('note:')} ${note}`);
      return applied;
    }
    say.warn('A file was changed meanwhile: this is the change as it would be now');
    isAgreed = false;
  }
}

interface Anew {
  readonly allow: { readonly replace: boolean; readonly force: boolean };
  /** What the user said yes to; undefined where nobody is asked. */
  readonly agreed: readonly Edit[] | undefined;
  readonly lock: Lock;
}

/**
 * Plans under the lock and writes. A file that a program without the lock changes in that moment (editors, Claude Code) means
 * planning again. Undefined where the change is another one than was agreed to.
 */
async function applyAnew(ctx: Context, work: CarryOut, { allow, agreed, lock }: Anew): Promise<CarriedOut | undefined> {
  const started = ctx.clock.monotonic();
  for (let isFirst = true; ; isFirst = false) {
    const { machine, planned } = await look(ctx, work, allow, lock.createdFolders);
    const { edits } = planned.plan;
    if (agreed !== undefined && !sameEdits(edits, agreed)) return undefined;
    if (planned.problems.length > 0 && work.goOnPastProblems !== true) throw problemError(planned.problems, ctx.home);
    if (isFirst) await work.beforeWrite?.();
    if (edits.length === 0) return { kind: 'unchanged', planned, machine, receipt: undefined };
    try {
      const receipt = await applyPlan(ctx, planned.plan, { folder: machine.own.folder, command: work.command, lock });
      return { kind: 'applied', planned, machine, receipt };
    } catch (error) {
      if (!(error instanceof OrccError) || error.code !== 'CHANGED' || ctx.clock.monotonic() - started > MOST_MS) throw error;
    }
  }
}

/** One look at the machine and the plan that follows from it. `made` are folders that the lock has made: they count as missing still. */
async function look(
  ctx: Context,
  work: CarryOut,
  allow: { readonly replace: boolean; readonly force: boolean },
  made: readonly string[] = [],
): Promise<{ machine: Machine; planned: Planned; force: boolean }> {
  const observed = await observeMachine(ctx, work.targets, work.extraPaths ?? [], work.places ?? 'found');
  const files = new Map(observed.files);
  const config = files.get(observed.own.config) ?? NO_FILE;
  if (made.length > 0) files.set(observed.own.config, { ...config, missingParents: [...new Set([...made, ...config.missingParents])] });
  const machine = { ...observed, files };
  const mended = work.prepare?.(machine) ?? machine;
  const wish = await work.desire(mended);
  const desired = { ...wish, replace: wish.replace || allow.replace, force: wish.force || allow.force };
  const planned = mended === machine ? planChange(desired, machine) : planOver(machine, mended, planChange(desired, mended), 'mended');
  if (work.goOnPastProblems !== true) return { machine, planned, force: desired.force };
  const refused = withRefusals(ctx, machine, planned.plan.edits);
  return { machine: refused, planned: planChange(desired, refused), force: desired.force };
}

function sameEdits(a: readonly Edit[], b: readonly Edit[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      (edit, index) =>
        edit.path === b[index]?.path &&
        edit.mode === b[index].mode &&
        sameBytes(edit.before, b[index].before) &&
        sameBytes(edit.after, b[index].after),
    )
  );
}

/** The machine in which files that can't be written have their reason as `problem`, so that the planner passes them over. */
function withRefusals(ctx: Context, machine: Machine, edits: readonly Edit[]): Machine {
  const files = new Map(machine.files);
  for (const edit of edits) {
    if (!isTargetOwner(edit.owner) && edit.owner !== 'gitignore') continue;
    try {
      checkWritable(ctx, edit.path, wantOf(edit));
    } catch (error) {
      if (!(error instanceof OrccError)) throw error;
      files.set(edit.path, { ...NO_FILE, problem: error });
    }
  }
  return { ...machine, files };
}

function wantOf(edit: Edit): 'write' | 'delete' | 'mode' {
  if (edit.after === null) return 'delete';
  return sameBytes(edit.before, edit.after) ? 'mode' : 'write';
}

/** On a terminal the user may let orcc go on; without one every problem is said and the exit code is 6. */
async function settle(
  ctx: Context,
  problems: readonly Problem[],
  allowed: { replace: boolean; force: boolean },
  work: CarryOut,
): Promise<{ replace: boolean; force: boolean }> {
  const isOpen = (problem: Problem): boolean => problem.consent !== undefined && !allowed[problem.consent];
  if (!ctx.interactive || work.yes || work.dryRun || !problems.every(isOpen)) throw problemError(problems, ctx.home);
  for (const problem of problems) work.say.warn(problem.message);
  const isEdited = problems.every(({ consent }) => consent === 'force');
  const question = isEdited
    ? 'Let orcc write this anew? (lines of your own go below its block)'
    : "Let orcc replace these? (`orcc remove` puts someone else's values back)";
  const isGiven = await ctx.ask.confirm(question, false);
  if (!isGiven) throw problemError(problems, ctx.home);
  return {
    replace: allowed.replace || problems.some((problem) => problem.consent === 'replace'),
    force: allowed.force || problems.some((problem) => problem.consent === 'force'),
  };
}

/** All problems at once, one line each. */
export function problemError(problems: readonly Problem[], home: string): OrccError {
  const first = problems[0];
  const message = problems.map((problem) => problem.message).join('\n');
  return new OrccError('refused', message, {
    code: first?.code,
    hint: first?.hint,
    data: {
      problems: problems.map(({ target, path, code, message: text }) => ({ target, path: shortPath(path, home), code, message: text })),
    },
  });
}
