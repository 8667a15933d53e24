import { checkWritable } from '../apply/check-writable.ts';
import { type Edit, isTargetOwner } from '../apply/types.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { sameBytes } from '../text/same-bytes.ts';
import type { Change } from './asked.ts';
import { SETTINGS_NAMES } from '../claude/paths.ts';
import { editOf, NO_FILE, type Machine } from './machine.ts';
import { planChange } from './plan.ts';
import type { Allowed } from './settle.ts';
import type { Planned } from './types.ts';

/** A plan with what it was made from. */
export interface Drawn {
  /** As it was read. */
  readonly observed: Machine;
  /** The same; with `goOnPastProblems`, files that can't be written have a `problem`. */
  readonly machine: Machine;
  readonly planned: Planned;
  /** It replaces or removes blocks that were edited by hand. */
  readonly force: boolean;
}

/** The plan that follows from a decision on this machine. Checks files' permissions at most; starts nothing. */
export function draw<D>(
  ctx: Context,
  asked: Pick<Change<D>, 'desire' | 'prepare' | 'key' | 'leaving' | 'named' | 'goOnPastProblems'>,
  decision: D,
  observed: Machine,
  allowed: Allowed,
): Drawn {
  const fixed = asked.prepare?.(observed) ?? observed;
  const wanted = asked.desire(decision, fixed);
  const desired = { ...wanted, replace: wanted.replace || allowed.replace, force: wanted.force || allowed.force };
  const first = planChange(desired, fixed, asked);
  const planned = fixed === observed ? first : planOver(observed, fixed, first, 'fixed');
  const { force } = desired;
  if (asked.goOnPastProblems !== true) return { observed, machine: observed, planned, force };
  const machine = withRefusals(ctx, observed, planned.plan.edits);
  return { observed, machine, planned: planChange(desired, machine, asked), force };
}

/** The machine with a `problem` for each file that can't be written, so that the planner skips it. */
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

/**
 * Turns a plan for a machine whose files are assumed to be fixed already into one for the machine as it is: every edit starts
 * from the bytes that are there, and fixed files that the plan leaves alone get an edit of their own.
 */
function planOver(real: Machine, fixed: Machine, planned: Planned, summary: string): Planned {
  const edits: Edit[] = planned.plan.edits.map((edit) => {
    const now = real.files.get(edit.path) ?? NO_FILE;
    return { ...edit, before: now.bytes, modeBefore: now.mode, mode: edit.mode ?? modeOf(fixed, edit.path, now.mode) };
  });
  const extra = [...fixed.files].flatMap(([path, file]): Edit[] => {
    const now = real.files.get(path) ?? NO_FILE;
    if (edits.some((edit) => edit.path === path) || (sameBytes(now.bytes, file.bytes) && now.mode === file.mode)) return [];
    const owner = file.holdsKey === true ? 'key' : ownerOf(path, fixed);
    return [editOf({ path, owner, summary }, now, file.bytes, modeOf(fixed, path, now.mode))];
  });
  return { ...planned, plan: { ...planned.plan, edits: [...extra, ...edits] } };
}

function modeOf(fixed: Machine, path: string, before: number | null): number | null {
  const mode = fixed.files.get(path)?.mode ?? null;
  return mode === before ? null : mode;
}

function ownerOf(path: string, machine: Machine): Edit['owner'] {
  if (path === machine.own.key) return 'key';
  if (path === machine.own.config) return 'config';
  if (path === machine.own.state || path === machine.own.replaced) return 'state';
  if (path.endsWith('.gitignore')) return 'gitignore';
  const recorded = machine.state.targets.find((target) => target.path === path)?.id;
  if (recorded !== undefined) return recorded;
  if (path.endsWith(SETTINGS_NAMES.local)) return 'local';
  if (path.endsWith('.json')) return path.startsWith(machine.home) ? 'user' : 'project';
  if (path.endsWith('.fish')) return 'fish';
  if (path.endsWith('.ps1')) return 'powershell';
  // The home folder's own name tells nothing of the shell.
  return /[/\\]\.z[^/\\]*$|zsh/.test(path.replace(machine.home, '')) ? 'zsh' : 'bash';
}
