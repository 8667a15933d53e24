import type { TargetState } from '../config/state.ts';
import type { Machine } from './machine.ts';
import { isFolderTarget, type TargetId } from '../targets/types.ts';
import type { Desired, DesiredTarget } from './desired.ts';
import { planAdoptions } from './adoption.ts';
import { planIgnore } from './ignore-edit.ts';
import { forgetReplaced, planLeaving, withOldLines } from './leaving.ts';
import { planOwnFiles } from './own-edits.ts';
import { planTargetFile } from './target-edit.ts';
import type { Edit } from '../apply/types.ts';
import type { Keys, Planned, PlannedFile, Problem } from './types.ts';

/**
 * The only planner, and pure: what is desired and what was observed become edits as
 * before and after bytes. Order of the edits: the key first, then the targets, orcc's records last;
 * a key that is deleted goes after every base URL (design D4). `keys` appear only in the bytes.
 */
export function planChange(desired: Desired, observed: Machine, keys: Keys = {}): Planned {
  const leaving = keys.leaving ?? [];
  const machine = { ...observed, replaced: { ...observed.replaced, files: forgetReplaced(withOldLines(observed), leaving) } };
  const problems: Problem[] = [];
  const notes: string[] = [];
  const edits: Edit[] = [];
  const targets: TargetState[] = machine.state.targets.filter((old) =>
    desired.targets.every((each) => each.id !== old.id || !isMeant(each, machine, old)),
  );
  const replaced: Record<string, Record<string, string>> = { ...machine.replaced.files };

  for (const target of desired.targets) {
    for (const file of filesOf(target, machine)) {
      const result = planTargetFile(target, file, { desired, machine, keys, recorded: observed.replaced.files });
      notes.push(...result.notes);
      if (result.problem !== undefined) {
        problems.push(result.problem);
        const old = machine.state.targets.find((each) => each.id === target.id && each.path === file.path);
        if (old !== undefined) targets.push(old);
        continue;
      }
      if (result.edit !== undefined) edits.push(result.edit);
      if (result.state !== undefined) targets.push(result.state);
      if (result.replaced === undefined) delete replaced[file.path];
      else replaced[file.path] = result.replaced;
    }
  }
  edits.push(...planLeaving(observed.replaced.files, machine, edits));
  const adoptions = planAdoptions(desired, machine);
  edits.push(...adoptions.edits);
  notes.push(...adoptions.notes);
  Object.assign(replaced, adoptions.hidden);
  problems.push(...adoptions.problems);
  const ignore = planIgnore(desired, machine, targets);
  edits.push(...ignore.edits);
  problems.push(...ignore.problems);

  const own = planOwnFiles(problems.length > 0 ? keepOwn(desired, machine) : desired, keys, machine, edits, {
    targets,
    adopted: adoptions.adopted,
    ignores: ignore.ignores,
    replaced: forgetReplaced(replaced, leaving),
  });
  const all = [...own.first, ...edits, ...own.last];
  const folders = all.some((edit) => edit.after === null) ? machine.state.folders : [];
  return { plan: { edits: all, ...(folders.length === 0 ? {} : { folders }) }, problems, notes };
}

/** While a target still holds the base URL, neither key nor configuration may go (design D4). */
function keepOwn(desired: Desired, machine: Machine): Desired {
  const { namedKeys: _named, ...rest } = desired;
  return { ...rest, key: desired.key.action === 'delete' ? { action: 'keep' } : desired.key, config: desired.config ?? machine.config };
}

/** A folder's targets are recorded for every folder: only this folder's entry is replaced, unless all are meant. */
function isMeant(target: DesiredTarget, machine: Machine, old: TargetState): boolean {
  if (target.path !== undefined) return target.path === old.path;
  if (target.allFolders === true || !isFolderTarget(old.id)) return true;
  const located = machine.located.get(old.id);
  return located === undefined || located.files.some((file) => file.path === old.path);
}

/** The target's current files, and those where orcc wrote it before (a moved ZDOTDIR, a new login file). */
function filesOf(target: DesiredTarget, machine: Machine): readonly PlannedFile[] {
  if (target.path !== undefined) return [{ path: target.path }];
  const now = machine.located.get(target.id)?.files ?? [];
  const recorded =
    isFolderTarget(target.id) && now.length > 0 && target.allFolders !== true
      ? []
      : machine.state.targets.filter((each) => each.id === target.id);
  const old = recorded
    .filter((each) => now.every((file) => file.path !== each.path))
    .map((each): PlannedFile => ({ path: each.path, stale: true }));
  return target.carries === 'nothing' ? [...now.filter((file) => isRecorded(machine, target.id, file.path)), ...old] : [...now, ...old];
}

function isRecorded(machine: Machine, id: TargetId, path: string): boolean {
  return machine.state.targets.some((each) => each.id === id && each.path === path);
}
