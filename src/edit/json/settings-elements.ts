import { OrccError } from '../../core/errors.ts';
import { skipBlanks, skipValue } from '../../text/json-scan.ts';
import type { JsonDocument, JsonMember } from './json-document.ts';
import { insertMember, memberAt, type Inserted } from './json-splice.ts';
import { sameJson, valueAt, samePath, sumOf } from './json-verify.ts';
import { shownMember } from './settings-mask.ts';
import type { OwnedMember, SettingsInput, SettingsMember, SettingsNote } from './settings-types.ts';

type Tell = (kind: SettingsNote['kind'], member: readonly string[]) => void;
type ElementsInput = Pick<SettingsInput, 'desired' | 'owned'>;

/** Removes orcc's elements that are no longer wanted; all others keep their order and bytes. Changes `document`. */
export function takeOutElements(document: JsonDocument, { desired, owned }: ElementsInput, tell: Tell): void {
  for (const mine of owned) {
    if (desired.some((wanted) => isSame(wanted, mine))) continue;
    const array = openArray(memberAt(document, mine.path));
    const element = array?.elements.find(hasSum(mine.sum));
    if (array === undefined || element === undefined) tell('gone', mine.path);
    else removeElement(array, element);
  }
}

/** Appends every wanted element that is not there yet, and returns those that are orcc's now. Changes `document`. */
export function putInElements(
  document: JsonDocument,
  { desired, owned }: ElementsInput,
  tell: Tell,
): { readonly owned: readonly OwnedMember[]; readonly inserted: readonly Inserted[] } {
  const kept: OwnedMember[] = [];
  const inserted: Inserted[] = [];
  for (const wanted of desired) {
    const { path, value } = wanted;
    const sum = sumOf(value);
    const mine = owned.find((each) => isSame(wanted, each));
    const fresh: OwnedMember = { path, sum, element: true, createdParents: [] };
    const member = memberAt(document, path);
    if (member === undefined) {
      if (mine !== undefined) tell('gone', path);
      const made = insertMember(document, path, JSON.stringify([value]));
      inserted.push({ ...made, createdParents: [...made.createdParents, path] });
      kept.push(fresh);
      continue;
    }
    const array = openArray(member);
    if (array === undefined) throw new OrccError('bug', `Member ${shownMember(path)} is not an array`);
    if (array.elements.some(hasSum(sum))) {
      if (mine === undefined) tell('kept', path);
      else kept.push(mine);
      continue;
    }
    if (mine !== undefined) tell('gone', path);
    if (array.elements.length === 0) inserted.push({ createdParents: [], filled: { path, text: array.tail } });
    appendElement(array, JSON.stringify(value));
    kept.push(fresh);
  }
  return { owned: kept, inserted };
}

/** The last check: no element of someone else's has changed or moved. Throws a bug error otherwise. */
export function assertForeignElements(before: unknown, after: unknown, { desired, owned }: ElementsInput): void {
  for (const { path } of [...desired, ...owned]) {
    const sums = new Set([
      ...desired.filter((each) => samePath(each.path, path)).map(({ value }) => sumOf(value)),
      ...owned.filter((each) => samePath(each.path, path)).map(({ sum }) => sum),
    ]);
    const foreign = (root: unknown): readonly unknown[] => {
      const value = valueAt(root, path);
      return Array.isArray(value) ? value.filter((element) => !sums.has(sumOf(element))) : [];
    };
    if (!sameJson(foreign(before), foreign(after)))
      throw new OrccError('bug', 'An edit of a settings file would have changed an element of someone else; nothing was written');
  }
}

/** Whether a settings file has the element. */
export function hasElement(root: unknown, { path, value }: SettingsMember): boolean {
  const found = valueAt(root, path);
  return Array.isArray(found) && found.some((element) => sameJson(element, value));
}

function isSame(wanted: SettingsMember, mine: OwnedMember): boolean {
  return samePath(wanted.path, mine.path) && sumOf(wanted.value) === mine.sum;
}

/** The member's value as an array that can be edited; undefined if it is not an array. */
export function openArray(member: JsonMember | undefined): JsonArray | undefined {
  return typeof member?.value === 'string' && member.value.startsWith('[') ? parseArray(member, member.value) : undefined;
}

function hasSum(sum: string): (element: JsonElement) => boolean {
  return ({ raw }) => sumOf(JSON.parse(raw)) === sum;
}

interface JsonElement {
  /** From the end of the previous value (or the opening bracket) to this one: blanks and the comma. */
  lead: string;
  readonly raw: string;
}

interface JsonArray {
  /** The member whose value it is. */
  readonly member: JsonMember;
  elements: JsonElement[];
  /** From the last value (or the opening bracket) to the closing bracket. */
  tail: string;
}

/** Splits a member's array into its elements. JSON.parse must accept the text as an array, without blanks around it. */
function parseArray(member: JsonMember, text: string): JsonArray {
  const elements: JsonElement[] = [];
  let from = 1;
  for (;;) {
    let at = skipBlanks(text, from);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    if (text[at] === ']') return { member, elements, tail: text.slice(from, at) };
    const end = skipValue(text, at);
    elements.push({ lead: text.slice(from, at), raw: text.slice(at, end) });
    from = end;
  }
}

/** Writes the array's text into its member: the same bytes if nothing was changed. */
function writeArray({ member, elements, tail }: JsonArray): void {
  member.value = `[${elements.map(({ lead, raw }) => lead + raw).join('')}${tail}]`;
}

/** Adds an element after the last one, in its neighbours' style. Changes `array` and its member. */
function appendElement(array: JsonArray, raw: string): void {
  const last = array.elements.at(-1);
  if (last === undefined) array.tail = '';
  array.elements.push({ lead: leadAfter(array.elements.length, last), raw });
  writeArray(array);
}

function leadAfter(count: number, last: JsonElement | undefined): string {
  if (last === undefined) return '';
  if (count > 1) return last.lead;
  return `,${last.lead === '' ? ' ' : last.lead}`;
}

/** Removes an element with the comma and blanks that came with it. Changes `array` and its member. */
function removeElement(array: JsonArray, removed: JsonElement): void {
  const index = array.elements.indexOf(removed);
  const next = array.elements[index + 1];
  if (index === 0 && next !== undefined) next.lead = removed.lead;
  array.elements.splice(index, 1);
  if (array.elements.length === 0) array.tail = '';
  writeArray(array);
}
