import { API_KEY, AUTH_TOKEN, BASE_URL } from '../claude/variables.ts';
import type { State } from '../config/state.ts';
import { NO_FILE, type Machine } from './machine.ts';
import { targetOf } from '../targets/index.ts';
import type { TargetId } from '../targets/types.ts';
import type { Desired } from './desired.ts';
import type { Problem } from './types.ts';
import { planAdoption, type HiddenLines } from '../edit/shell/shell-adopt.ts';
import { planShellFile } from '../edit/shell/shell-edit.ts';
import type { ShellEdit } from '../edit/shell/shell-refusals.ts';
import { sameBytes } from '../text/same-bytes.ts';
import type { Edit } from '../apply/types.ts';

export interface Adoptions {
  readonly edits: readonly Edit[];
  readonly adopted: State['adopted'];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
  /** Lines with a key that were commented out, by file: orcc's private file keeps them. */
  readonly hidden: Readonly<Record<string, HiddenLines>>;
}

/**
 * Start-up files beside the targets' own (`.bash_aliases`, `config.fish`): hand-written assignments that would
 * win are commented out with the user's consent, and come back, byte for byte, when their target goes.
 */
export function planAdoptions(desired: Desired, machine: Machine): Adoptions {
  const edits: Edit[] = [];
  const notes: string[] = [];
  const problems: Problem[] = [];
  const hidden: Record<string, HiddenLines> = {};
  const isGone = (id: TargetId): boolean =>
    desired.targets.some((target) => target.id === id && target.carries === 'nothing' && !target.remember);
  const add = (target: TargetId, path: string, result: ShellEdit, summary: string): void => {
    const now = machine.files.get(path) ?? NO_FILE;
    if (!result.ok) {
      problems.push({ target, path, code: result.code, message: result.message, hint: result.hint, consent: undefined });
      return;
    }
    notes.push(...result.notes.map((note) => note.text));
    hidden[path] = result.hidden;
    if (sameBytes(now.bytes, result.after)) return;
    edits.push({ path, owner: target, before: now.bytes, after: result.after, mode: null, modeBefore: now.mode, summary });
  };
  /** Files that can't be given back now: their record stays. */
  const stuck = new Set<string>();
  for (const { target, path } of machine.state.adopted.filter((each) => isGone(each.target))) {
    const { problem } = machine.files.get(path) ?? NO_FILE;
    if (problem !== undefined) {
      stuck.add(path);
      problems.push({
        target,
        path,
        code: problem.code ?? 'FILE_REFUSED',
        message: problem.message,
        hint: problem.hint ?? 'See to the file, then run orcc again',
        consent: undefined,
      });
      continue;
    }
    const shell = targetOf(target).shell ?? 'sh';
    const before = machine.files.get(path)?.bytes ?? null;
    const place = { home: machine.home, platform: machine.platform };
    add(
      target,
      path,
      planShellFile({
        path,
        shell,
        holds: 'block',
        placement: 'append',
        before,
        desired: null,
        ...place,
        force: false,
        adopt: false,
        created: false,
        hidden: machine.replaced.files[path] ?? {},
      }),
      `${target}: your own lines back`,
    );
  }
  const names = desired.setup === undefined ? [] : [BASE_URL, AUTH_TOKEN, API_KEY, ...desired.setup.variables.map((each) => each.name)];
  // A target's own file gets it with its block.
  const isOwn = (target: TargetId, path: string): boolean => machine.located.get(target)?.files.some((file) => file.path === path) ?? false;
  const wanted = (desired.adoptFiles ?? []).filter(({ target, path }) => !isOwn(target, path));
  for (const { target, path } of wanted) {
    const before = machine.files.get(path)?.bytes ?? null;
    if (before === null) continue;
    const shell = targetOf(target).shell ?? 'sh';
    const result = planAdoption(path, shell, before, names, machine.replaced.files[path] ?? {});
    add(target, path, result, `${target}: hand-written lines commented out`);
  }
  const kept = machine.state.adopted.filter((each) => !isGone(each.target) || stuck.has(each.path));
  const fresh = wanted.filter((each) => kept.every((old) => old.path !== each.path));
  return { edits, notes, problems, hidden, adopted: [...kept, ...fresh.map(({ target, path }) => ({ target, path }))] };
}
