import { gateSettings } from '../edit/json/json-gate.ts';
import { valueAt } from '../edit/json/json-verify.ts';
import { sumOf } from '../edit/json/settings-conflicts.ts';
import type { Recorded } from './types.ts';
import { planSettingsFile, type OwnedMember, type SettingsMember } from '../edit/json/settings-edit.ts';

interface MembersReversal {
  /** Only for messages. */
  readonly path: string;
  readonly now: Uint8Array;
  readonly before: Uint8Array | null;
  /** What orcc recorded of the file after the change, and before it. */
  readonly owned: Recorded;
  readonly wanted: Recorded;
  /** orcc made this file. */
  readonly isCreated: boolean;
}

/**
 * Gives a settings file those members of orcc's that it had before a change, with the values from then, and keeps
 * everything else as it is now. null: nothing is left of a file that orcc made. Undefined where someone changed one
 * of orcc's members since, or took it out.
 */
export function reverseMembers({ path, now, before, owned, wanted, isCreated }: MembersReversal): Uint8Array | null | undefined {
  if (owned.target === undefined) return undefined;
  const former = gateSettings(before ?? new Uint8Array());
  if (!former.ok) return undefined;
  const desired = (wanted.target?.members ?? []).flatMap(({ path: member, sum, element, stood }): SettingsMember[] => {
    const value = valueAt(former.root, member);
    const found: unknown = element === true && Array.isArray(value) ? value.find((each) => sumOf(each) === sum) : value;
    if (stood !== undefined && found === undefined) return [{ path: member, value: undefined }];
    return isScalar(found) ? [{ path: member, value: found, ...(element === true ? { element } : {}) }] : [];
  });
  const members = owned.target.members.map((member): OwnedMember => {
    const replaced = owned.replaced[JSON.stringify(member.path)];
    return { ...member, ...(replaced === undefined ? {} : { replaced }) };
  });
  const result = planSettingsFile({ path, before: now, desired, owned: members, createdFile: isCreated, replace: false, force: false });
  if (!result.ok || result.notes.some((note) => note.kind === 'edited' || (note.kind === 'gone' && desired.length > 0))) return undefined;
  return result.after;
}

/** orcc writes no other values. */
function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
