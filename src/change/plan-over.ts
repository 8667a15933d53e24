import { NO_FILE, type Machine } from './machine.ts';
import type { Planned } from './types.ts';
import { sameBytes } from '../text/same-bytes.ts';
import type { Edit } from '../apply/types.ts';

/**
 * A plan made for a machine whose files are assumed to be fixed already, as a plan for the machine as it is: every edit goes
 * from the bytes that are there, and mended files that the plan leaves alone get an edit of their own.
 */
export function planOver(real: Machine, mended: Machine, planned: Planned, summary: string): Planned {
  const edits: Edit[] = planned.plan.edits.map((edit) => {
    const now = real.files.get(edit.path) ?? NO_FILE;
    return { ...edit, before: now.bytes, modeBefore: now.mode, mode: edit.mode ?? modeOf(mended, edit.path, now.mode) };
  });
  const extra = [...mended.files].flatMap(([path, file]): Edit[] => {
    const now = real.files.get(path) ?? NO_FILE;
    if (edits.some((edit) => edit.path === path) || (sameBytes(now.bytes, file.bytes) && now.mode === file.mode)) return [];
    return [
      {
        path,
        owner: file.holdsKey === true ? 'key' : ownerOf(path, mended),
        before: now.bytes,
        after: file.bytes,
        mode: modeOf(mended, path, now.mode),
        modeBefore: now.mode,
        summary,
      },
    ];
  });
  return { ...planned, plan: { ...planned.plan, edits: [...extra, ...edits] } };
}

function modeOf(mended: Machine, path: string, before: number | null): number | null {
  const mode = mended.files.get(path)?.mode ?? null;
  return mode === before ? null : mode;
}

function ownerOf(path: string, machine: Machine): Edit['owner'] {
  if (path === machine.own.key) return 'key';
  if (path === machine.own.config) return 'config';
  if (path === machine.own.state || path === machine.own.replaced) return 'state';
  if (path.endsWith('.gitignore')) return 'gitignore';
  const recorded = machine.state.targets.find((target) => target.path === path)?.id;
  if (recorded !== undefined) return recorded;
  if (path.endsWith('settings.local.json')) return 'local';
  if (path.endsWith('.json')) return path.startsWith(machine.home) ? 'user' : 'project';
  return path.endsWith('.fish') ? 'fish' : path.endsWith('.ps1') ? 'powershell' : path.includes('zsh') ? 'zsh' : 'bash';
}
