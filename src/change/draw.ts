import { checkWritable } from '../apply/check-writable.ts';
import { isTargetOwner } from '../apply/owner.ts';
import type { Edit } from '../apply/types.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { sameBytes } from '../text/same-bytes.ts';
import type { Change } from './change.ts';
import { NO_FILE, type Machine } from './machine.ts';
import { planOver } from './plan-over.ts';
import { planChange } from './plan.ts';
import type { Allowed } from './settle.ts';
import type { Planned } from './types.ts';

/** A plan with what it was made from. */
export interface Drawn {
  /** As it was read. */
  readonly observed: Machine;
  /** The same with what stands in the way of single files. */
  readonly machine: Machine;
  readonly planned: Planned;
  /** Goes past blocks that were edited by hand. */
  readonly force: boolean;
}

/** The plan that follows from a decision on this machine. Looks at files' permissions at most; starts nothing. */
export function draw<D>(
  ctx: Context,
  asked: Pick<Change<D>, 'desire' | 'prepare' | 'key' | 'leaving' | 'named' | 'goOnPastProblems'>,
  decision: D,
  observed: Machine,
  allowed: Allowed,
): Drawn {
  const mended = asked.prepare?.(observed) ?? observed;
  const wanted = asked.desire(decision, mended);
  const desired = { ...wanted, replace: wanted.replace || allowed.replace, force: wanted.force || allowed.force };
  const first = planChange(desired, mended, asked);
  const planned = mended === observed ? first : planOver(observed, mended, first, 'mended');
  const { force } = desired;
  if (asked.goOnPastProblems !== true) return { observed, machine: observed, planned, force };
  const machine = withRefusals(ctx, observed, planned.plan.edits);
  return { observed, machine, planned: planChange(desired, machine, asked), force };
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

/** What an edit does to its file. */
export function wantOf(edit: Edit): 'write' | 'delete' | 'mode' {
  if (edit.after === null) return 'delete';
  return sameBytes(edit.before, edit.after) ? 'mode' : 'write';
}

/** Whether two lists of edits do the same to the same files. */
export function sameEdits(a: readonly Edit[], b: readonly Edit[]): boolean {
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
