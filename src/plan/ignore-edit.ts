import type { State, TargetState } from '../config/state.ts';
import { NO_FILE, type FileNow, type Machine } from '../observe/machine.ts';
import type { Desired } from './desired.ts';
import { addIgnoreLine, removeIgnoreLine } from './gitignore.ts';
import { sameBytes } from './target-edit.ts';
import type { Edit } from './types.ts';

/**
 * The .gitignore line that goes with the `local` target: added with the key, inside a git work
 * tree that does not ignore the file already, and removed with it.
 */
export function planIgnore(
  desired: Desired,
  machine: Machine,
  targets: readonly TargetState[],
): { readonly edit: Edit | undefined; readonly ignores: State['ignores'] } {
  const local = desired.targets.find((target) => target.id === 'local');
  const { ignores } = machine.state;
  const facts = desired.ignore;
  if (local?.carries === 'setup' && facts !== undefined && facts.inWorkTree && !facts.ignored && !facts.tracked) {
    const now = machine.files.get(facts.path) ?? NO_FILE;
    const { after, added } = addIgnoreLine(now.bytes);
    return {
      edit: edit(facts.path, now, after, 'keeps settings.local.json out of git'),
      ignores: [...ignores, { path: facts.path, created: now.bytes === null, added }],
    };
  }
  // The line goes when no folder's `local` is left beside it.
  const gone = ignores.filter((ignore) => local?.carries === 'nothing' && !targets.some((each) => each.id === 'local' && isBeside(each.path, ignore.path) && each.carries === 'setup'));
  const first = gone[0];
  if (first === undefined) return { edit: undefined, ignores };
  const now = machine.files.get(first.path) ?? NO_FILE;
  const rest = ignores.filter((ignore) => ignore !== first);
  const without = now.bytes === null ? undefined : removeIgnoreLine(now.bytes, first.added);
  if (without === undefined) return { edit: undefined, ignores: rest };
  const after = first.created && without.length === 0 ? null : without;
  return { edit: sameBytes(now.bytes, after) ? undefined : edit(first.path, now, after, 'line for settings.local.json taken out'), ignores: rest };
}

/** `.gitignore` lies in the folder that holds `.claude/settings.local.json`. */
function isBeside(settings: string, gitignore: string): boolean {
  return settings.replaceAll('\\', '/').replace(/\/\.claude\/[^/]+$/, '') === gitignore.replaceAll('\\', '/').replace(/\/[^/]+$/, '');
}

function edit(path: string, now: FileNow, after: Uint8Array | null, summary: string): Edit {
  return { path, owner: 'gitignore', before: now.bytes, after, mode: null, modeBefore: now.mode, summary };
}
