import { isObject } from '../../text/json.ts';
import { escapeInvisible } from '../../text/text.ts';
import { openMember, type JsonDocument, type JsonMember, type JsonObject } from './json-document.ts';
import { sameJson, valueAt, samePath, sumOf } from './json-verify.ts';
import { maskPresent, shownMember } from './settings-mask.ts';
import type { OwnedMember, SettingsConflict, SettingsInput, SettingsPlan } from './settings-types.ts';

/** Whether the value is still what orcc wrote, however it is spelled. */
export function isIntact(member: OwnedMember, present: unknown): boolean {
  return sumOf(present) === member.sum;
}

/**
 * The first path, or part of one, that occurs more than once: JSON.parse takes the
 * last, an editor that splices the first, so neither can be trusted.
 */
export function findDuplicate(document: JsonDocument, paths: ReadonlyArray<readonly string[]>): readonly string[] | undefined {
  for (const path of paths) {
    let object: JsonObject | undefined = document.root;
    for (const [index, key] of path.entries()) {
      const found: readonly JsonMember[] = object?.members.filter((member) => member.key === key) ?? [];
      if (found.length > 1) return path.slice(0, index + 1);
      object = found[0] === undefined ? undefined : openMember(found[0]);
    }
  }
  return undefined;
}

/** Refuses a path with a part that exists but is not an object or, with `isArray`, with an end that is not an array; else undefined. */
export function findMisfit(
  shown: string,
  root: unknown,
  path: readonly string[],
  isArray = false,
): Extract<SettingsPlan, { ok: false }> | undefined {
  for (let depth = 1; depth <= path.length - (isArray ? 0 : 1); depth += 1) {
    const part = path.slice(0, depth);
    const value = valueAt(root, part);
    const isEnd = depth === path.length;
    if (value === undefined || (isEnd ? Array.isArray(value) : isObject(value))) continue;
    const message = `\`${escapeInvisible(shown)}\`: ${shownMember(part)} must be an ${isEnd ? 'array' : 'object'}`;
    return { ok: false, code: 'SETTINGS_INVALID', message, hint: 'Fix the file by hand, then run orcc again; nothing was written' };
  }
  return undefined;
}

/** Why the desired members can't be written, with all reasons of one kind together; undefined if they can. */
export function findConflicts(input: SettingsInput, root: unknown): Extract<SettingsPlan, { ok: false }> | undefined {
  const shown = escapeInvisible(input.path);
  const foreign: SettingsConflict[] = [];
  const edited: SettingsConflict[] = [];
  for (const { path, value, takesOver } of input.desired) {
    const misfit = findMisfit(input.path, root, path);
    if (misfit !== undefined) return misfit;
    const present = valueAt(root, path);
    if (present === undefined || (value !== undefined && sameJson(present, value))) continue;
    const mine = input.owned.find((member) => samePath(member.path, path));
    const conflict = { path, present: maskPresent(path, present) };
    if (mine === undefined && !input.replace && takesOver !== true) foreign.push(conflict);
    if (mine !== undefined && !isIntact(mine, present) && !input.replace && !input.force) edited.push(conflict);
  }
  const list = (conflicts: readonly SettingsConflict[]): string =>
    conflicts.map(({ path, present }) => `${shownMember(path)} = ${present}`).join(', ');
  if (foreign.length > 0) {
    return {
      ok: false,
      code: 'FOREIGN_VALUE',
      message: `\`${shown}\` contains values that orcc did not write: ${list(foreign)}`,
      conflicts: foreign,
      hint: 'Run this again with `--replace` to set them aside; `orcc remove` restores them',
    };
  }
  if (edited.length > 0) {
    return {
      ok: false,
      code: 'EDITED',
      message: `\`${shown}\`: values that orcc wrote were changed by hand: ${list(edited)}`,
      conflicts: edited,
      hint: '`--replace` sets them aside, and `orcc remove` restores them; `--force` overwrites them',
    };
  }
  return undefined;
}
