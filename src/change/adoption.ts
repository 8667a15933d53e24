import { API_KEY, AUTH_TOKEN, BASE_URL } from '../claude/variables.ts';
import type { State } from '../config/state.ts';
import { editOf, NO_FILE, problemOf, type Machine } from './machine.ts';
import { shellIdOf, type TargetId } from '../targets/types.ts';
import type { Desired } from './desired.ts';
import type { Problem } from './types.ts';
import { planAdoption, recordsOfAll } from '../edit/shell/shell-adopt.ts';
import type { HiddenLines } from '../edit/shell/types.ts';
import { textsOfNotes } from '../edit/shell/shell-notes.ts';
import { planShellFile } from '../edit/shell/shell-edit.ts';
import type { ShellEdit } from '../edit/shell/shell-refusals.ts';
import { sameBytes } from '../text/same-bytes.ts';
import type { Edit } from '../apply/types.ts';

interface Adoptions {
  readonly edits: readonly Edit[];
  readonly adopted: State['adopted'];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** The original lines that were commented out, by file, for orcc's private file. */
  readonly hidden: Readonly<Record<string, HiddenLines>>;
}

/**
 * Plans start-up files other than the targets' own (`.bash_aliases`, `config.fish`): comments out hand-written
 * assignments that would win, with the user's consent, and restores them, byte for byte, when their target is removed.
 */
export function planAdoptions(desired: Desired, machine: Machine): Adoptions {
  const isGone = (id: TargetId): boolean =>
    desired.targets.some((target) => target.id === id && target.carries === 'nothing' && !target.remember);
  const back = machine.state.adopted.filter((each) => isGone(each.target)).map((each) => giveBack(each, machine));
  // Files that can't be restored now keep their record.
  const stuck = new Set(back.flatMap(({ path, isStuck }) => (isStuck === true ? [path] : [])));
  // In a target's own file this happens together with its block.
  const isOwn = ({ target, path }: Adopted): boolean => machine.located.get(target)?.files.some((file) => file.path === path) ?? false;
  const asked = (desired.adoptFiles ?? []).filter((each) => !isOwn(each));
  const all = [...back, ...asked.flatMap((each) => commentOut(each, desired, machine))];
  const kept = machine.state.adopted.filter((each) => !isGone(each.target) || stuck.has(each.path));
  const fresh = asked.filter((each) => kept.every((old) => old.path !== each.path));
  return {
    edits: all.flatMap((each) => each.edit ?? []),
    notes: all.flatMap((each) => each.notes),
    problems: all.flatMap((each) => each.problem ?? []),
    hidden: Object.fromEntries(all.flatMap(({ path, hidden }) => (hidden === undefined ? [] : [[path, hidden] as const]))),
    adopted: [...kept, ...fresh.map(({ target, path }) => ({ target, path }))],
  };
}

type Adopted = State['adopted'][number];

interface Beside {
  readonly path: string;
  readonly edit?: Edit;
  readonly problem?: Problem;
  readonly notes: readonly string[];
  readonly hidden?: HiddenLines;
  readonly isStuck?: true;
}

function giveBack({ target, path }: Adopted, machine: Machine): Beside {
  const { problem } = machine.files.get(path) ?? NO_FILE;
  if (problem !== undefined) return { path, problem: problemOf(target, path, problem), notes: [], isStuck: true };
  const shell = shellIdOf(target) ?? 'sh';
  const before = machine.files.get(path)?.bytes ?? null;
  const result = planShellFile({
    path,
    shell,
    before,
    desired: null,
    home: machine.home,
    platform: machine.platform,
    created: false,
    // The file is recorded: if its single lines are not, all disabled ones are orcc's.
    hidden: machine.replaced.files[path] ?? recordsOfAll(before, shell),
  });
  return resultOf({ target, path }, machine, result, `${target}: your own lines restored`);
}

function commentOut({ target, path }: Adopted, { setup }: Desired, machine: Machine): readonly Beside[] {
  const before = machine.files.get(path)?.bytes ?? null;
  if (before === null) return [];
  const names = setup === undefined ? [] : [BASE_URL, AUTH_TOKEN, API_KEY, ...setup.variables.map((each) => each.name)];
  const result = planAdoption(path, shellIdOf(target) ?? 'sh', before, names, machine.replaced.files[path] ?? {});
  return [resultOf({ target, path }, machine, result, `${target}: hand-written lines commented out`)];
}

function resultOf({ target, path }: Adopted, machine: Machine, result: ShellEdit, summary: string): Beside {
  const now = machine.files.get(path) ?? NO_FILE;
  if (!result.ok) return { path, problem: problemOf(target, path, result), notes: [], isStuck: true };
  const common = { path, notes: textsOfNotes(result.notes, path), hidden: result.hidden };
  if (sameBytes(now.bytes, result.after)) return common;
  return { ...common, edit: editOf({ path, owner: target, summary }, now, result.after) };
}
