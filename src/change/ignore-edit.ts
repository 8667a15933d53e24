import type { State, TargetState } from '../config/state.ts';
import { editOf, NO_FILE, problemOf, type FileNow, type Machine } from './machine.ts';
import type { Desired, IgnoreFacts } from './desired.ts';
import { addIgnoreLine, removeIgnoreLine } from '../edit/gitignore.ts';
import type { Problem } from './types.ts';
import type { Edit } from '../apply/types.ts';

type Ignore = State['ignores'][number];

interface IgnorePlan {
  readonly edits: readonly Edit[];
  readonly ignores: State['ignores'];
  readonly problems: readonly Problem[];
}

/**
 * The .gitignore line that goes with the `local` target: added with the key, inside a git work
 * tree that does not ignore the file already, and removed with it.
 *
 * @param targets what the state will hold after the change
 */
export function planIgnore(desired: Desired, machine: Machine, targets: readonly TargetState[]): IgnorePlan {
  const local = desired.targets.find((target) => target.id === 'local');
  const { ignores } = machine.state;
  const facts = desired.ignore;
  if (local?.carries === 'setup' && facts?.needed === true) return addLine(facts, machine);
  if (local?.carries !== 'nothing') return { edits: [], ignores, problems: [] };
  // A line is removed when no `local` is left beside it.
  const gone = ignores.filter((ignore) => !targets.some((each) => each.id === 'local' && isBeside(each.path, ignore.path)));
  const taken = gone.map((ignore) => takeLine(ignore, machine));
  return {
    edits: taken.flatMap((each) => each.edits),
    ignores: [...ignores.filter((ignore) => !gone.includes(ignore)), ...taken.flatMap((each) => each.ignores)],
    problems: taken.flatMap((each) => each.problems),
  };
}

function addLine(facts: IgnoreFacts, machine: Machine): IgnorePlan {
  const { ignores } = machine.state;
  const now = machine.files.get(facts.path) ?? NO_FILE;
  if (now.problem !== undefined) return { edits: [], ignores, problems: [problemOf('local', facts.path, now.problem)] };
  const { after, added } = addIgnoreLine(now.bytes);
  const old = ignores.find((ignore) => ignore.path === facts.path);
  const record: Ignore = { path: facts.path, created: old?.created ?? now.bytes === null, added };
  return {
    edits: [edit(facts.path, now, after, 'keeps settings.local.json out of git')],
    ignores: [...ignores.filter((ignore) => ignore !== old), record],
    problems: [],
  };
}

function takeLine(ignore: Ignore, machine: Machine): IgnorePlan {
  const now = machine.files.get(ignore.path) ?? NO_FILE;
  if (now.problem !== undefined) return { edits: [], ignores: [ignore], problems: [problemOf('local', ignore.path, now.problem)] };
  const without = now.bytes === null ? undefined : removeIgnoreLine(now.bytes, ignore.added);
  if (without === undefined) return { edits: [], ignores: [], problems: [] };
  const after = ignore.created && without.length === 0 ? null : without;
  return { edits: [edit(ignore.path, now, after, 'line for settings.local.json removed')], ignores: [], problems: [] };
}

/** Whether the `.gitignore` is in the folder that holds `.claude/settings.local.json`. */
function isBeside(settings: string, gitignore: string): boolean {
  return settings.replaceAll('\\', '/').replace(/\/\.claude\/[^/]+$/, '') === gitignore.replaceAll('\\', '/').replace(/\/[^/]+$/, '');
}

function edit(path: string, now: FileNow, after: Uint8Array | null, summary: string): Edit {
  return editOf({ path, owner: 'gitignore', summary }, now, after);
}
