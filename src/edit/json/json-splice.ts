import { OrccError } from '../../core/errors.ts';
import { stripControls } from '../../text/text.ts';
import type { Stood } from './settings-types.ts';
import { samePath } from './json-verify.ts';
import { unquote } from '../../text/json-scan.ts';
import { findMember, openMember, printValue, type JsonDocument, type JsonMember, type JsonObject } from './json-document.ts';

/** What an insertion changed besides its own member, so that it can be undone exactly. */
export interface Inserted {
  /** Objects that had to be made, outermost first. */
  readonly createdParents: readonly (readonly string[])[];
  /** The one object that was empty before, with the blanks that were in it. */
  readonly filled: { readonly path: readonly string[]; readonly text: string } | undefined;
}

/** The member at a path, with its parents opened; undefined if a part of the path is missing or not an object. */
export function memberAt(document: JsonDocument, path: readonly string[]): JsonMember | undefined {
  let object: JsonObject | undefined = document.root;
  let member: JsonMember | undefined;
  for (const key of path) {
    member = object === undefined ? undefined : findMember(object, key);
    object = member === undefined ? undefined : openMember(member);
  }
  return member;
}

/** The object at a path; [] is the root. undefined if there is none. */
export function objectAt(document: JsonDocument, path: readonly string[]): JsonObject | undefined {
  if (path.length === 0) return document.root;
  const member = memberAt(document, path);
  return member === undefined ? undefined : openMember(member);
}

/**
 * Adds a member after the last one of its parent, in its neighbours' style, and makes
 * missing parents. The member must not exist, and no part of the path may be anything
 * but an object; else throws a bug error. Changes `document`.
 */
export function insertMember(document: JsonDocument, path: readonly string[], rawValue: string): Inserted {
  const createdParents: string[][] = [];
  let filled: Inserted['filled'];
  let parents: JsonObject[] = [document.root];
  let above: JsonMember | undefined;
  path.forEach((key, index) => {
    const isLeaf = index === path.length - 1;
    const object = parents.at(-1) ?? document.root;
    const present = findMember(object, key);
    if (present !== undefined) {
      parents = [...parents, openParent(present)];
      above = present;
      return;
    }
    const objectPath = path.slice(0, index);
    const isNew = createdParents.some((created) => created.length === index);
    if (object.members.length === 0 && !isNew) filled = { path: objectPath, text: object.tail };
    const member: JsonMember = {
      ...styleOf(object, parents, above),
      rawKey: JSON.stringify(key),
      key,
      value: isLeaf ? rawValue : '{}',
    };
    object.members.push(member);
    if (isLeaf) return;
    createdParents.push(path.slice(0, index + 1));
    parents = [...parents, openParent(member)];
    above = member;
  });
  return { createdParents, filled };
}

function openParent(member: JsonMember): JsonObject {
  const object = openMember(member);
  if (object === undefined) throw new OrccError('bug', `Member \`${stripControls(member.key)}\` is not an object`);
  return object;
}

/** Removes a member, if there is one, with the comma and blanks that came with it. Changes `document`. */
export function removeMember(document: JsonDocument, path: readonly string[]): void {
  const parent = objectAt(document, path.slice(0, -1));
  const member = memberAt(document, path);
  if (parent === undefined || member === undefined) return;
  const index = parent.members.indexOf(member);
  const next = parent.members[index + 1];
  if (index === 0 && next !== undefined) next.lead = member.lead;
  parent.members.splice(index, 1);
  if (parent.members.length === 0) parent.tail = '';
}

/** A member's raw value and its place among its neighbours, to be read before it is removed; undefined if there is no such member. */
export function placeOf(document: JsonDocument, path: readonly string[]): { readonly raw: string; readonly stood: Stood } | undefined {
  const parent = objectAt(document, path.slice(0, -1));
  const member = memberAt(document, path);
  if (parent === undefined || member === undefined) return undefined;
  const index = parent.members.indexOf(member);
  const [before, next] = [parent.members[index - 1], parent.members[index + 1]];
  const stood = {
    ...(before === undefined ? {} : { after: before.key }),
    lead: member.lead,
    rawKey: member.rawKey,
    colon: member.colon,
    ...(index === 0 && next !== undefined ? { nextLead: next.lead } : {}),
    tail: parent.tail,
  };
  return { raw: printValue(member.value), stood };
}

/** Puts a member back in its old place, or at the end of its object if its neighbour is gone. Changes `document`. */
export function putBackMember(document: JsonDocument, path: readonly string[], stood: Stood, value: string): void {
  const parent = objectAt(document, path.slice(0, -1));
  if (parent === undefined || (stood.after !== undefined && findMember(parent, stood.after) === undefined)) {
    insertMember(document, path, value);
    return;
  }
  const { lead, rawKey, colon } = stood;
  const at = parent.members.findLastIndex(({ key }) => key === stood.after) + 1;
  const next = parent.members[at];
  if (next === undefined && at === 0) parent.tail = stood.tail;
  if (next !== undefined && at === 0) next.lead = stood.nextLead ?? `,${next.lead}`;
  parent.members.splice(at, 0, { lead, rawKey, key: unquote(rawKey), colon, value });
}

/** Restores the blanks before the brace of objects that hold only members that were set aside, as they were before the first of these. */
export function settleTails(
  document: JsonDocument,
  aside: ReadonlyArray<{ readonly path: readonly string[]; readonly tail: string }>,
): void {
  for (const { path, tail } of aside.toReversed()) {
    const parent = objectAt(document, path.slice(0, -1));
    const keys = aside.filter((each) => samePath(each.path.slice(0, -1), path.slice(0, -1))).map((each) => each.path.at(-1));
    const isThere = parent?.members.some(({ key }) => key === path.at(-1)) === true;
    if (isThere && parent.members.every(({ key }) => keys.includes(key))) parent.tail = tail;
  }
}

/** The blanks around a new last member. Also sets those before the closing brace of an empty object. */
function styleOf(object: JsonObject, parents: readonly JsonObject[], above: JsonMember | undefined): Pick<JsonMember, 'lead' | 'colon'> {
  const last = object.members.at(-1);
  if (last !== undefined) {
    return { lead: object.members.length > 1 ? lastLine(last.lead) : `,${leadAfterFirst(last)}`, colon: plainColon(last.colon) };
  }
  if (above === undefined) {
    const eol = object.tail.includes('\r\n') ? '\r\n' : '\n';
    object.tail = eol;
    return { lead: `${eol}  `, colon: ': ' };
  }
  const colon = plainColon(above.colon);
  if (!above.lead.includes('\n')) {
    const around = above.lead.endsWith(' ') && parents.at(-2)?.tail === ' ' ? ' ' : '';
    object.tail = around;
    return { lead: around, colon };
  }
  const eol = above.lead.includes('\r\n') ? '\r\n' : '\n';
  const indent = indentOf(above);
  object.tail = eol + indent;
  return { lead: eol + indent + unitOf(parents, indent), colon };
}

function leadAfterFirst(first: JsonMember): string {
  if (first.lead.includes('\n')) return lastLine(first.lead);
  // `{"a": 1}`: no blank after the brace, but one after the colon, and so after a comma.
  return first.lead === '' && first.colon.endsWith(' ') ? ' ' : first.lead;
}

/** Blank lines are not copied: `,\n\n  ` becomes `,\n  `. */
function lastLine(lead: string): string {
  return lead.replace(/(\r?\n)[ \t\r\n]*\n/g, (_, eol: string) => eol);
}

/** A colon with a line break beside it is not copied. */
function plainColon(colon: string): string {
  return colon.includes('\n') ? ': ' : colon;
}

/** The blanks before a member on its line; '' if it is on the line of its brace. */
function indentOf(member: JsonMember | undefined): string {
  const line = member === undefined ? null : /\n([ \t]*)[^\n]*$/.exec(member.lead);
  return line?.[1] ?? '';
}

/** One step of indentation: from the object's own depth if that can be told, else from the root's members. */
function unitOf(parents: readonly JsonObject[], indent: string): string {
  const outer = indentOf(parents.at(-3)?.members[0]);
  if (indent !== outer && indent.startsWith(outer)) return indent.slice(outer.length);
  const root = indentOf(parents[0]?.members[0]);
  return root === '' ? '  ' : root;
}
