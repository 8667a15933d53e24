import type { TargetState } from '../config/state.ts';
import { NO_FILE, type FileNow, type Machine } from './machine.ts';
import type { BlockContent } from '../edit/shell/types.ts';
import { targetOf } from '../targets/index.ts';
import type { Desired, DesiredTarget } from './desired.ts';
import { dropDisabled } from './leaving.ts';
import { settingsMembers } from './members.ts';
import type { PlannedFile, Problem } from './plan.ts';
import { sameBytes } from '../text/same-bytes.ts';
import { planSettingsFile, type OwnedMember } from '../edit/json/settings-edit.ts';
import { planShellFile } from '../edit/shell/shell-edit.ts';
import type { SettingsNote } from '../edit/json/settings-types.ts';
import type { Edit } from '../apply/types.ts';

export interface TargetEdit {
  /** undefined: nothing to change. */
  readonly edit: Edit | undefined;
  readonly problem: Problem | undefined;
  /** undefined: orcc has nothing in this file any more. */
  readonly state: TargetState | undefined;
  /** Raw text of what orcc replaced in this file, by member path; whole lines that held a key, by sum. */
  readonly replaced: Readonly<Record<string, string>> | undefined;
  readonly notes: readonly string[];
}

const PRIVATE = 0o600;

/** Plans one file of one target. Pure; never throws for what a user's file may hold. */
export function planTargetFile(target: DesiredTarget, file: PlannedFile, desired: Desired, machine: Machine): TargetEdit {
  const now = machine.files.get(file.path) ?? NO_FILE;
  const old = machine.state.targets.find((each) => each.id === target.id && each.path === file.path);
  const carries = file.stale === true ? 'nothing' : target.carries;
  if (now.problem !== undefined) {
    return failed(
      target,
      file,
      now.problem.code ?? 'FILE_REFUSED',
      now.problem.message,
      now.problem.hint ?? 'See to the file, then run orcc again',
      undefined,
    );
  }
  return file.holds === 'settings'
    ? planSettings({ ...target, carries }, file, now, old, desired, machine)
    : planShell({ ...target, carries }, file, now, old, desired, machine);
}

function planShell(
  target: DesiredTarget,
  file: PlannedFile,
  now: FileNow,
  old: TargetState | undefined,
  desired: Desired,
  machine: Machine,
): TargetEdit {
  const setup = target.setup ?? desired.setup;
  const content: BlockContent | null =
    target.carries === 'setup' && setup !== undefined ? { baseUrl: setup.baseUrl, key: setup.shellKey, variables: setup.variables } : null;
  const shell = targetOf(target.id).shell ?? 'sh';
  const kept = machine.replaced.files[file.path] ?? {};
  const result = planShellFile({
    path: file.path,
    shell,
    holds: file.holds === 'whole' ? 'whole' : 'block',
    placement: file.placement ?? 'append',
    before: dropDisabled(now.bytes, shell, desired.leaving ?? [], kept),
    desired: content,
    home: machine.home,
    platform: machine.platform,
    force: desired.force,
    adopt: desired.adopt,
    created: old?.created ?? now.bytes === null,
    // `switch --native` comes back: the user's own OpenRouter lines stay commented out meanwhile.
    restore: !target.remember,
    hidden: kept,
  });
  if (!result.ok) {
    return failed(target, file, result.code, result.message, result.hint, result.code === 'BLOCK_EDITED' ? 'force' : undefined);
  }
  const holdsKey = content !== null && content.key.kind === 'literal';
  const isPrivate = holdsKey || file.holds === 'whole';
  return finish(
    target,
    file,
    now,
    old,
    result.after,
    isPrivate,
    [],
    Object.keys(result.hidden).length > 0 ? result.hidden : undefined,
    result.notes.map((note) => note.text),
    machine,
  );
}

function planSettings(
  target: DesiredTarget,
  file: PlannedFile,
  now: FileNow,
  old: TargetState | undefined,
  desired: Desired,
  machine: Machine,
): TargetEdit {
  const members = settingsMembers(target.id, target.carries, target.setup ?? desired.setup, desired.disableAutoMode);
  const kept = machine.replaced.files[file.path] ?? {};
  const owned = (old?.members ?? []).map((member): OwnedMember => {
    const replaced = kept[JSON.stringify(member.path)];
    return { ...member, ...(replaced === undefined ? {} : { replaced }) };
  });
  const result = planSettingsFile({
    path: file.path,
    before: now.bytes,
    desired: members,
    owned,
    createdFile: old?.created ?? now.bytes === null,
    replace: desired.replace,
    force: desired.force,
  });
  if (!result.ok) {
    const consent = result.code === 'FOREIGN_VALUE' || result.code === 'EDITED' ? 'replace' : undefined;
    return failed(target, file, result.code, result.message, result.hint, consent);
  }
  const holdsKey = target.id !== 'project' && members.some(({ path, value }) => path.at(-1) === 'ANTHROPIC_AUTH_TOKEN' && value !== '');
  const records = result.owned.map(recordOf);
  const replaced = Object.fromEntries(
    result.owned.flatMap((member) => (member.replaced === undefined ? [] : [[JSON.stringify(member.path), member.replaced]])),
  );
  return finish(
    target,
    file,
    now,
    old,
    result.after,
    holdsKey,
    records,
    Object.keys(replaced).length > 0 ? replaced : undefined,
    textsOf(result.notes, file.path),
    machine,
  );
}

/** One line each, but one alone for a file that someone has emptied. */
function textsOf(notes: readonly SettingsNote[], path: string): readonly string[] {
  const gone = notes.filter(({ kind }) => kind === 'gone').length;
  if (gone <= 3) return notes.map(({ text }) => text);
  const others = notes.filter(({ kind }) => kind !== 'gone').map(({ text }) => text);
  return [`\`${path}\`: ${gone} members of orcc's were taken out by someone since orcc wrote them`, ...others];
}

/** What the state keeps of a member: all but what it replaced, which may be someone's token. */
function recordOf({ path, sum, createdParents, filled, blank }: OwnedMember): TargetState['members'][number] {
  return {
    path: [...path],
    sum,
    createdParents: createdParents.map((each) => [...each]),
    ...(filled === undefined ? {} : { filled: filled.map((each) => ({ path: [...each.path], text: each.text })) }),
    ...(blank === undefined ? {} : { blank }),
  };
}

function finish(
  target: DesiredTarget,
  file: PlannedFile,
  now: FileNow,
  old: TargetState | undefined,
  after: Uint8Array | null,
  isPrivate: boolean,
  members: TargetState['members'],
  replaced: TargetEdit['replaced'],
  notes: readonly string[],
  machine: Machine,
): TargetEdit {
  // null is an answer too: the file was not there.
  const modeBefore = old === undefined ? now.mode : old.modeBefore;
  const mode = wantedMode(now, old, after, isPrivate, machine.platform);
  const isSame = sameBytes(now.bytes, after) && (mode === null || mode === now.mode);
  const edit: Edit | undefined = isSame
    ? undefined
    : {
        path: file.path,
        owner: target.id,
        before: now.bytes,
        after,
        mode,
        modeBefore: now.mode,
        summary: summarise(target, file, now, after),
      };
  const carried = target.carries === 'nothing' || (target.carries === 'extras' && members.length === 0) ? 'nothing' : target.carries;
  const keep = file.stale !== true && (carried !== 'nothing' || target.remember);
  const returns = carried === 'nothing' ? (old?.carries === 'nothing' ? old.returns : old?.carries) : undefined;
  const state: TargetState | undefined = keep
    ? {
        id: target.id,
        path: file.path,
        created: old?.created ?? now.bytes === null,
        modeBefore,
        carries: carried,
        ...(returns === undefined ? {} : { returns }),
        members,
      }
    : undefined;
  return { edit, problem: undefined, state, replaced, notes };
}

/** A file that comes to hold a key ends 0600; one that holds it no longer gets its old mode back. */
function wantedMode(
  now: FileNow,
  old: TargetState | undefined,
  after: Uint8Array | null,
  isPrivate: boolean,
  platform: NodeJS.Platform,
): number | null {
  if (after === null || platform === 'win32') return null;
  if (isPrivate) return now.mode === null || (now.mode & 0o077) !== 0 ? PRIVATE : null;
  const isOurs = old !== undefined && old.modeBefore !== null && now.mode === PRIVATE && old.modeBefore !== PRIVATE;
  return isOurs ? old.modeBefore : null;
}

function summarise(target: DesiredTarget, file: PlannedFile, now: FileNow, after: Uint8Array | null): string {
  if (after === null) return `${target.id}: file taken away`;
  if (target.carries === 'nothing' || file.stale === true) return `${target.id}: orcc's lines taken out`;
  if (target.carries === 'extras') return `${target.id}: auto mode off`;
  return now.bytes === null ? `${target.id}: new file` : `${target.id}: set-up written`;
}

function failed(
  target: DesiredTarget,
  file: PlannedFile,
  code: string,
  message: string,
  hint: string,
  consent: Problem['consent'],
): TargetEdit {
  return {
    edit: undefined,
    problem: { target: target.id, path: file.path, code, message, hint, consent },
    state: undefined,
    replaced: undefined,
    notes: [],
  };
}
