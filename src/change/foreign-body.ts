import { EXTRA_BODY, LONGEST_BODY } from '../claude/variables.ts';
import { settingsRoot } from '../edit/json/json-gate.ts';
import { valueAt, samePath } from '../edit/json/json-verify.ts';
import type { OwnedMember, SettingsMember } from '../edit/json/settings-types.ts';
import { decodeStartup } from '../edit/shell/block.ts';
import { handWritten } from '../edit/shell/shell-adopt.ts';
import type { BlockContent, ShellId } from '../edit/shell/types.ts';
import { escapeJson, tryJsonObject, tryJsonText } from '../text/json.ts';

const PATH: readonly string[] = ['env', EXTRA_BODY];

/**
 * Someone else's JSON for every request with orcc's rules added; an empty text counts as `{}`. undefined, which is a conflict, if it has
 * rules of its own, is not a JSON object or is nested too deeply. Pure.
 */
export function mergeBody(foreign: string, ours: string): string | undefined {
  const [theirs, rules] = [foreign.trim() === '' ? {} : tryJsonObject(foreign), tryJsonObject(ours)];
  const isConflict = theirs !== undefined && Object.hasOwn(theirs, 'provider') && rules !== undefined && Object.hasOwn(rules, 'provider');
  if (theirs === undefined || rules === undefined || isConflict) return undefined;
  const merged = tryJsonText({ ...theirs, ...rules });
  return merged === undefined ? undefined : escapeJson(merged);
}

/**
 * The members with the rules added to the value that was there before orcc, which comes back on removal. A value that `replace` has set
 * aside stays aside: then only the rules are there. Pure.
 */
export function mergeForeignMember(
  members: readonly SettingsMember[],
  owned: readonly OwnedMember[],
  bytes: Uint8Array | null,
  replace: boolean,
): readonly SettingsMember[] {
  const wanted = members.find(({ path }) => samePath(path, PATH));
  if (replace || wanted === undefined || typeof wanted.value !== 'string') return members;
  const mine = owned.find(({ path }) => samePath(path, PATH));
  const present = valueAt(settingsRoot(bytes), PATH);
  if (mine !== undefined && (mine.replaced === undefined || isRulesAlone(present))) return members;
  const foreign: unknown = mine?.replaced === undefined ? present : JSON.parse(mine.replaced);
  if (typeof foreign !== 'string') return members;
  const value = mergeToWrite(foreign, wanted.value);
  if (value === undefined) return members;
  return members.map((each) => (each === wanted ? { ...each, value, takesOver: true } : each));
}

/** The block with the rules added to what the same file exports outside it; `conflict` is the line where that is impossible. Pure. */
export function mergeForeignExport(
  content: BlockContent,
  bytes: Uint8Array | null,
  shell: ShellId,
): { readonly content: BlockContent; readonly conflict?: { readonly line: number } } {
  const wanted = content.variables.find(({ name }) => name === EXTRA_BODY);
  const decoded = wanted === undefined || bytes === null ? undefined : decodeStartup(bytes, shell);
  if (wanted === undefined || decoded?.ok !== true) return { content };
  const found = handWritten(decoded.text, shell, [EXTRA_BODY]).findLast(({ kind }) => kind === 'set');
  if (found === undefined || found.value === '') return { content };
  const value = found.value === undefined ? undefined : mergeToWrite(found.value, wanted.value);
  if (value === undefined) return { content, conflict: { line: found.line } };
  return { content: { ...content, variables: content.variables.map((each) => (each === wanted ? { ...each, value } : each)) } };
}

/** `mergeBody`, but undefined if the result is too long for a file. */
function mergeToWrite(foreign: string, ours: string): string | undefined {
  const merged = mergeBody(foreign, ours);
  return merged === undefined || merged.length > LONGEST_BODY ? undefined : merged;
}

function isRulesAlone(value: unknown): boolean {
  return typeof value === 'string' && Object.keys(tryJsonObject(value) ?? {}).join() === 'provider';
}
