import type { ReceiptEdit } from '../apply/receipt.ts';
import type { State, TargetState } from '../config/state.ts';
import type { Machine } from '../observe/machine.ts';
import { targetOf } from '../targets/index.ts';
import { planSettingsFile, type OwnedMember } from './settings-edit.ts';
import { planShellFile } from './shell-edit.ts';
import { isTargetOwner } from './owner.ts';

/**
 * For a file that someone else changed since orcc wrote it: takes orcc's own block or members out, where the change
 * to be undone was the one that put them in and they are still intact. Undefined where that can't be done
 * without touching what is not orcc's; `undo` then refuses, naming the file.
 */
export function reverseOwnPart(edit: ReceiptEdit, now: Uint8Array | null, machine: Machine, stateBefore: State | undefined): Uint8Array | null | undefined {
  if (now === null || !isTargetOwner(edit.owner)) return undefined;
  const wasThere = stateBefore?.targets.some((target) => target.path === edit.path) ?? false;
  // A change of an existing block can't be told from the present one any more.
  if (wasThere) return undefined;
  const recorded = machine.state.targets.find((target) => target.path === edit.path);
  const shell = targetOf(edit.owner).shell;
  return shell === undefined ? reverseSettings(edit, now, recorded, machine) : reverseShell(edit, now, recorded, machine);
}

function reverseShell(edit: ReceiptEdit, now: Uint8Array, recorded: TargetState | undefined, machine: Machine): Uint8Array | null | undefined {
  if (!isTargetOwner(edit.owner)) return undefined;
  const result = planShellFile({
    path: edit.path,
    shell: targetOf(edit.owner).shell ?? 'sh',
    holds: edit.owner === 'fish' ? 'whole' : 'block',
    placement: 'append',
    before: now,
    desired: null,
    home: machine.home,
    platform: machine.platform,
    force: false,
    adopt: false,
    created: recorded?.created ?? !edit.existed,
  });
  return result.ok ? result.after : undefined;
}

function reverseSettings(edit: ReceiptEdit, now: Uint8Array, recorded: TargetState | undefined, machine: Machine): Uint8Array | null | undefined {
  if (recorded === undefined) return undefined;
  const kept = machine.replaced.files[edit.path] ?? {};
  const owned = recorded.members.map((member): OwnedMember => {
    const replaced = kept[JSON.stringify(member.path)];
    return { ...member, ...(replaced === undefined ? {} : { replaced }) };
  });
  const result = planSettingsFile({ path: edit.path, before: now, desired: [], owned, createdFile: recorded.created, replace: false, force: false });
  if (!result.ok || result.notes.some((note) => note.kind === 'edited')) return undefined;
  return result.after;
}
