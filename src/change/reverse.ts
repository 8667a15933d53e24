import type { Reversal } from '../apply/plan-undo.ts';
import { EMPTY_STATE, parseState, type State, EMPTY_REPLACED, parseReplaced, type Replaced } from '../config/state.ts';
import type { Machine } from './machine.ts';
import { shellIdOf } from '../targets/types.ts';
import { removeIgnoreLine } from '../edit/gitignore.ts';
import { isTargetOwner } from '../apply/types.ts';
import { defined } from '../text/defined.ts';
import { ownedMembers, presentValue } from './members.ts';
import type { Recorded } from './types.ts';
import type { ShellId, ShellPlace } from '../edit/shell/types.ts';
import { replaceBlock } from '../edit/shell/block-edit.ts';
import { inspectText, decodeStartup } from '../edit/shell/block.ts';
import { restoreFrom } from '../edit/shell/shell-adopt.ts';
import { planShellFile } from '../edit/shell/shell-edit.ts';
import { settingsRoot } from '../edit/json/json-gate.ts';
import { planSettingsFile, type SettingsMember } from '../edit/json/settings-edit.ts';

/**
 * For a file that someone else changed since orcc wrote it: undoes what one change did to orcc's own block, members or
 * line, if these are still as orcc left them. Returns the new bytes, null to delete the file, and undefined if it can't be
 * done without touching what is not orcc's; `undo` then refuses, naming the file.
 */
export function reverseOwnPart(reversal: Reversal, machine: Machine): Uint8Array | null | undefined {
  const { edit, now, before } = reversal;
  if (now === null) return undefined;
  const { path } = edit;
  const [then, later] = [recordsAt(reversal, machine, 'before'), recordsAt(reversal, machine, 'after')];
  if (edit.owner === 'gitignore') return reverseLine(before, now, later.state.ignores.find((ignore) => ignore.path === path)?.added);
  if (!isTargetOwner(edit.owner)) return undefined;
  const [wanted, owned] = [recordedOf(path, then), recordedOf(path, later)];
  const isCreated = owned.target?.created === true;
  const shell = shellIdOf(edit.owner);
  return shell === undefined
    ? reverseMembers({ path, now, before, owned, wanted, isCreated })
    : reverseBlock({ path, shell, now, before, isCreated, place: machine });
}

interface Records {
  readonly state: State;
  readonly replaced: Replaced;
}

function recordsAt({ other }: Reversal, { own, state, replaced, home }: Machine, when: 'before' | 'after'): Records {
  const read = <T>(path: string, parse: (text: string, path: string) => T, present: T, none: T): T => {
    const found = other(path);
    if (found === undefined) return present;
    const bytes = found[when];
    return bytes === null ? none : parse(Buffer.from(bytes).toString('utf8'), path);
  };
  return {
    state: read(own.state, (text, path) => parseState(text, path, home), state, EMPTY_STATE),
    replaced: read(own.replaced, (text, path) => parseReplaced(text, path, { home }), replaced, EMPTY_REPLACED),
  };
}

function recordedOf(path: string, { state, replaced }: Records): Recorded {
  return { target: state.targets.find((target) => target.path === path), replaced: replaced.files[path] ?? {} };
}

/** Only for a change that added the line: a removal can't be told apart from a user who did not want it. */
function reverseLine(before: Uint8Array | null, now: Uint8Array, added: string | undefined): Uint8Array | null | undefined {
  if (added === undefined || (before !== null && removeIgnoreLine(before, added) !== undefined)) return undefined;
  const without = removeIgnoreLine(now, added);
  return without?.length === 0 && before === null ? null : without;
}

/** One file in which a change is undone. */
interface Part extends Pick<Reversal, 'before'> {
  /** Only for messages. */
  readonly path: string;
  readonly now: Uint8Array;
  /** orcc made this file. */
  readonly isCreated: boolean;
}

interface BlockReversal extends Part {
  readonly shell: ShellId;
  readonly place: ShellPlace;
}

/**
 * Gives a start-up file the block that it had before a change, or none, and keeps everything else as it is now. null: nothing
 * is left of a file that orcc made. undefined: the block was edited by hand, is gone, or is one of several.
 */
export function reverseBlock(reversal: BlockReversal): Uint8Array | null | undefined {
  const { shell, now, before, place } = reversal;
  const [present, former] = [decodeStartup(now, shell), decodeStartup(before ?? new Uint8Array(), shell)];
  if (!present.ok || !former.ok) return undefined;
  const [found, old] = [inspectText(present.text, shell), inspectText(former.text, shell)];
  if (found.kind === 'none' && old.kind === 'none') {
    // Not a target's own file: only the user's lines were commented out in it.
    const text = restoreFrom(present.text, former.text);
    return text === present.text ? undefined : present.encode(text);
  }
  if (found.kind !== 'blocks' || found.blocks.length > 1 || found.blocks[0].edited) return undefined;
  if (old.kind === 'none') return takeOut({ ...reversal, now: present.encode(restoreFrom(present.text, former.text)) }, place);
  if (old.kind !== 'blocks' || old.blocks.length > 1 || old.blocks[0].edited) return undefined;
  const text = replaceBlock(present.text, found.blocks[0], old.blocks[0].body, found.blocks[0].eol, []);
  return present.encode(restoreFrom(text, former.text));
}

function takeOut({ path, shell, now, isCreated }: BlockReversal, { home, platform }: ShellPlace): Uint8Array | null | undefined {
  const result = planShellFile({ path, shell, before: now, desired: null, home, platform, created: isCreated });
  return result.ok ? result.after : undefined;
}

interface MembersReversal extends Part {
  /** What orcc recorded of the file after the change, and before it. */
  readonly owned: Recorded;
  readonly wanted: Recorded;
}

/**
 * Gives a settings file those members of orcc's that it had before a change, with the values from then, and keeps
 * everything else as it is now. null: nothing is left of a file that orcc made. undefined: someone changed one of
 * orcc's members since, or removed it.
 */
function reverseMembers({ path, now, before, owned, wanted, isCreated }: MembersReversal): Uint8Array | null | undefined {
  if (owned.target === undefined) return undefined;
  const former = settingsRoot(before);
  if (former === undefined) return undefined;
  const desired = (wanted.target?.members ?? []).flatMap(({ path: member, sum, element, stood }): SettingsMember[] => {
    const value = presentValue(former, { path: member, sum, element });
    return value === undefined && stood === undefined ? [] : [{ path: member, value, ...defined({ element }) }];
  });
  const members = ownedMembers(owned.target.members, owned.replaced);
  const result = planSettingsFile({ path, before: now, desired, owned: members, createdFile: isCreated, replace: false, force: false });
  if (!result.ok || result.notes.some((note) => note.kind === 'edited' || (note.kind === 'gone' && desired.length > 0))) return undefined;
  return result.after;
}
