import { OrccError } from '../../core/errors.ts';
import { escapeInvisible } from '../../text/text.ts';
import { abridge, parseDocument, printDocument, printValue, type JsonDocument } from './json-document.ts';
import { gateSettings, type GatePassed } from './json-gate.ts';
import { insertMember, memberAt, placeOf, putBackMember, removeMember, settleTails, type Inserted, objectAt } from './json-splice.ts';
import { assertForeignElements, hasElement, putInElements, takeOutElements, openArray } from './settings-elements.ts';
import { assertOnlyChanged, putAt, sameJson, valueAt, samePath, sumOf } from './json-verify.ts';
import { findConflicts, findDuplicate, findMisfit, isIntact } from './settings-conflicts.ts';
import { shownMember } from './settings-mask.ts';
import type { OwnedMember, SettingsInput, SettingsNote, SettingsPlan } from './settings-types.ts';

export type * from './settings-types.ts';

const BOM = '\ufeff';

/**
 * Plans one settings.json: which bytes it gets so that it holds exactly `desired` of orcc's members, and
 * what orcc must remember (`owned`) to undo that exactly. Pure. Someone else's value is a conflict unless
 * `replace`; a member that someone changed after orcc wrote it is one unless `replace` or `force`. Removing
 * is never a conflict: a changed member goes too, with a note. Members that were set aside are in exactly
 * their old places once all of them are back. Single elements of arrays are added and removed among those of
 * others. `after` is `before` itself if nothing changes. Throws only for a bug.
 */
export function planSettingsFile(input: SettingsInput): SettingsPlan {
  const gate = gateSettings(input.before ?? new Uint8Array());
  const shown = escapeInvisible(input.path);
  const hint = 'Fix the file by hand, then run orcc again; nothing was written';
  if (!gate.ok) {
    const { line, column, reason } = gate;
    return { ok: false, code: 'SETTINGS_INVALID', message: `\`${shown}:${line}:${column}\`: ${reason}`, line, column, hint };
  }
  const document = openDocument(gate);
  const duplicate = findDuplicate(document, membersOf(input));
  if (duplicate !== undefined) {
    const message = `\`${shown}\`: ${shownMember(duplicate)} occurs more than once, and only the last one counts`;
    return { ok: false, code: 'SETTINGS_INVALID', message, hint };
  }
  const [members, elements] = [ofKind(input, false), ofKind(input, true)];
  const misfits = elements.desired.map(({ path }) => findMisfit(input.path, gate.root, path, true));
  const conflict = misfits.find((each) => each !== undefined) ?? findConflicts(members, gate.root);
  if (conflict !== undefined) return conflict;

  const notes: SettingsNote[] = gate.bom ? [note('bom', [])] : [];
  const tell = (kind: SettingsNote['kind'], member: readonly string[]): void => void notes.push(note(kind, member));
  takeOut(document, members, notes);
  takeOutElements(document, elements, tell);
  const [plain, single] = [putIn(document, members, notes), putInElements(document, elements, tell)];
  const owned = inOrder([...plain.owned, ...single.owned], input.owned, ({ stood }) => stood !== undefined);
  const inserted = [...plain.inserted, ...single.inserted];
  const traces = collectTraces(input.owned, inserted, gate.blank && input.before !== null ? gate.text : undefined);
  tidy(document, traces);
  settleTails(
    document,
    input.owned.flatMap(({ path, stood }) => (stood === undefined ? [] : [{ path, tail: stood.tail }])),
  );
  const remembered = owned.map((member) => tracesAbove(member, traces));
  const isEmpty = document.root.members.length === 0;
  const isOver = isEmpty && owned.length === 0;
  if (isOver && input.createdFile) return { ok: true, after: null, owned: [], notes };
  const isBlank = (isEmpty && gate.blank) || (isOver && traces.blank !== undefined);
  const pieces = isBlank ? [traces.blank ?? gate.text] : printDocument(document);
  if (isText(pieces, gate.text)) return { ok: true, after: input.before, owned: remembered, notes };
  if (isBlank) assertOnlyChanged(gate.root, {}, membersOf(input));
  else verify(input, gate, document);
  return { ok: true, after: encode(gate.bom ? [BOM, ...pieces] : pieces), owned: remembered, notes };
}

/** Puts what was owned before first, in its old order, and what is set aside now last: the record keeps the order of setting aside. */
function inOrder<T extends Pick<OwnedMember, 'path' | 'element'>>(
  members: readonly T[],
  before: readonly OwnedMember[],
  isAside: (member: T) => boolean,
): readonly T[] {
  const age = (member: T): number => {
    const at = before.findIndex((each) => samePath(each.path, member.path) && each.element === member.element);
    return at < 0 || (isAside(member) && before[at]?.stood === undefined) ? before.length : at;
  };
  return members.toSorted((a, b) => age(a) - age(b));
}

function ofKind(input: SettingsInput, isElement: boolean): SettingsInput {
  const pick = <T extends { readonly element?: true | undefined }>(all: readonly T[]): readonly T[] =>
    all.filter(({ element }) => (element === true) === isElement);
  return { ...input, desired: pick(input.desired), owned: pick(input.owned) };
}

const membersOf = (input: SettingsInput): ReadonlyArray<readonly string[]> => [...input.desired, ...input.owned].map(({ path }) => path);

function isText(pieces: readonly string[], text: string): boolean {
  let at = 0;
  for (const piece of pieces) {
    if (!text.startsWith(piece, at)) return false;
    at += piece.length;
  }
  return at === text.length;
}

/** UTF-8 of all pieces, each written once. */
function encode(pieces: readonly string[]): Uint8Array {
  const sizes = pieces.map((piece) => Buffer.byteLength(piece));
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  // Writing pure ASCII as Latin-1 is twice as fast.
  for (const [i, piece] of pieces.entries()) at += bytes.write(piece, at, sizes[i] === piece.length ? 'latin1' : 'utf8');
  return bytes;
}

/** A blank file gets two blanks of indentation, its own line ends and a final newline. */
function openDocument(gate: GatePassed): JsonDocument {
  if (!gate.blank) return parseDocument(gate.text);
  const eol = gate.text.includes('\r\n') ? '\r\n' : '\n';
  return { head: '', root: { members: [], tail: eol }, foot: eol };
}

/** Removes what orcc wrote and no longer wants, and restores what orcc had replaced. */
function takeOut(document: JsonDocument, input: SettingsInput, notes: SettingsNote[]): void {
  const leaving = input.owned.filter((mine) => !input.desired.some((wanted) => samePath(wanted.path, mine.path)));
  // What was set aside last comes back first, so that each member finds its old neighbours.
  for (const mine of leaving.toReversed()) putBack(document, mine, notes);
  for (const mine of leaving) {
    if (mine.stood !== undefined) continue;
    const member = memberAt(document, mine.path);
    if (member === undefined) {
      notes.push(note('gone', mine.path));
      continue;
    }
    if (!isIntact(mine, JSON.parse(printValue(member.value)))) notes.push(note('edited', mine.path));
    if (mine.replaced === undefined) removeMember(document, mine.path);
    else {
      member.value = mine.replaced;
      notes.push(note('restored', mine.path));
    }
  }
}

/** Puts a member that was set aside back in its old place, unless someone has set it since. */
function putBack(document: JsonDocument, mine: OwnedMember, notes: SettingsNote[]): void {
  const { path, stood, replaced } = mine;
  if (stood === undefined || replaced === undefined) return;
  const member = memberAt(document, path);
  const isIntactNow = member === undefined || isIntact(mine, JSON.parse(printValue(member.value)));
  if (!isIntactNow) notes.push(note('edited', path));
  if (member !== undefined && mine.sum === sumOf(undefined)) return;
  removeMember(document, path);
  putBackMember(document, path, stood, replaced);
  notes.push(note('restored', path));
}

/** Sets every desired member, and returns those that are orcc's now. */
function putIn(document: JsonDocument, input: SettingsInput, notes: SettingsNote[]): { owned: OwnedMember[]; inserted: Inserted[] } {
  const owned: OwnedMember[] = [];
  const inserted: Inserted[] = [];
  for (const { path, value } of inOrder(input.desired, input.owned, ({ value }) => value === undefined)) {
    if (value !== undefined) continue;
    const mine = input.owned.find((member) => samePath(member.path, path));
    const aside = putAside(document, path, mine, notes);
    if (aside !== undefined) owned.push(aside);
  }
  for (const { path, value, takesOver } of input.desired) {
    if (value === undefined) continue;
    const mine = input.owned.find((member) => samePath(member.path, path));
    const member = memberAt(document, path);
    const raw = JSON.stringify(value);
    const sum = sumOf(value);
    if (member === undefined) {
      if (mine !== undefined && mine.stood === undefined) notes.push(note('gone', path));
      inserted.push(insertMember(document, path, raw));
      const aside = mine?.stood === undefined ? {} : { stood: mine.stood, replaced: mine.replaced };
      owned.push({ path, sum, createdParents: [], ...aside });
      continue;
    }
    const present: unknown = JSON.parse(printValue(member.value));
    const isWanted = sameJson(present, value);
    if (mine !== undefined) {
      const isTheirs = !isWanted && !isIntact(mine, present);
      // Someone has changed it since: their value is set aside like one from before, or lost with `force`.
      const isAside = isTheirs && input.replace && !input.force;
      if (isTheirs) notes.push(note(isAside ? 'replaced' : 'edited', path));
      owned.push({ ...mine, sum, ...(isAside ? { replaced: printValue(member.value) } : {}) });
    } else if (isWanted) notes.push(note('kept', path));
    else {
      owned.push({ path, sum, replaced: printValue(member.value), createdParents: [] });
      notes.push(note(takesOver === true ? 'merged' : 'replaced', path));
    }
    if (!isWanted) member.value = raw;
  }
  return { owned, inserted };
}

/** Removes someone's member and returns the record of it; undefined if there is nothing to remember. */
function putAside(
  document: JsonDocument,
  path: readonly string[],
  mine: OwnedMember | undefined,
  notes: SettingsNote[],
): OwnedMember | undefined {
  const place = placeOf(document, path);
  if (place === undefined) return mine;
  const { raw, stood } = place;
  removeMember(document, path);
  const sum = sumOf(undefined);
  // A value of orcc's own is just removed.
  if (mine !== undefined) return mine.replaced === undefined ? undefined : { ...mine, sum, stood: mine.stood ?? stood };
  notes.push(note('aside', path));
  return { path, sum, replaced: raw, stood, createdParents: [] };
}

/**
 * Checks that the new text parses, differs only at the intended paths, and holds what is desired; throws a bug error otherwise. Long
 * values that were not touched are not parsed a second time: they are taken from the first parse.
 */
function verify(input: SettingsInput, gate: GatePassed, document: JsonDocument): void {
  const { text, left } = abridge(document);
  const now = gateSettings(Buffer.from(text));
  if (!now.ok) throw new OrccError('bug', `An edit of a settings file would have broken it (${now.reason}); nothing was written`);
  const { root } = now;
  for (const path of left) putAt(root, path, valueAt(gate.root, path));
  assertOnlyChanged(gate.root, root, membersOf(input));
  assertForeignElements(gate.root, root, ofKind(input, true));
  const isMissing = input.desired.some((each) =>
    each.element === true ? !hasElement(root, each) : !sameJson(valueAt(root, each.path), each.value),
  );
  if (isMissing) throw new OrccError('bug', 'An edit of a settings file lost a value; nothing was written');
}

const NOTES: Readonly<Record<SettingsNote['kind'], string>> = {
  kept: 'already had this value, so orcc does not treat it as its own',
  edited: 'was changed since orcc wrote it',
  gone: 'was removed since orcc wrote it',
  replaced: "gives way to orcc's value; `orcc remove` restores it",
  merged: "contains orcc's value besides the previous one; `orcc remove` restores the previous text",
  aside: 'was set aside; `orcc remove` restores it',
  restored: 'has its previous value again',
  bom: 'The file starts with a byte order mark, which stays; the Claude desktop app ignores such a file',
};

function note(kind: SettingsNote['kind'], member: readonly string[]): SettingsNote {
  return { kind, member, text: `${kind === 'bom' ? '' : `${shownMember(member)} `}${NOTES[kind]}` };
}

/** What orcc changed in a file around its members, needed to undo it exactly. */
interface Traces {
  readonly created: ReadonlyArray<readonly string[]>;
  readonly filled: ReadonlyArray<{ readonly path: readonly string[]; readonly text: string }>;
  readonly blank: string | undefined;
}

/** The traces of everything that orcc owned and of what it has just inserted. */
function collectTraces(owned: readonly OwnedMember[], inserted: readonly Inserted[], blank: string | undefined): Traces {
  const created = [...owned.flatMap((member) => member.createdParents), ...inserted.flatMap((each) => each.createdParents)];
  const filled = [...owned.flatMap((member) => member.filled ?? []), ...inserted.flatMap((each) => each.filled ?? [])];
  return {
    created: created.filter((path, index) => created.findIndex((other) => samePath(other, path)) === index),
    filled: filled.filter(({ path }, index) => filled.findIndex((other) => samePath(other.path, path)) === index),
    blank: blank ?? owned.find((member) => member.blank !== undefined)?.blank,
  };
}

/** Removes the parents that orcc made and that are now empty, and gives objects that are empty again their blanks back. */
function tidy(document: JsonDocument, traces: Traces): void {
  for (const path of traces.created.toSorted((a, b) => b.length - a.length)) {
    if (isEmptyAt(document, path)) removeMember(document, path);
  }
  for (const { path, text } of traces.filled) {
    const object = objectAt(document, path);
    if (object?.members.length === 0) object.tail = text;
    const array = openArray(memberAt(document, path));
    if (array?.elements.length === 0) array.member.value = `[${text}]`;
  }
}

function isEmptyAt(document: JsonDocument, path: readonly string[]): boolean {
  const within = objectAt(document, path)?.members ?? openArray(memberAt(document, path))?.elements;
  return within?.length === 0;
}

/** A member with the part of the traces that concerns its parents. */
function tracesAbove(member: OwnedMember, traces: Traces): OwnedMember {
  const isAbove = (path: readonly string[]): boolean => samePath(path, member.path.slice(0, path.length));
  const filled = traces.filled.filter(({ path }) => isAbove(path));
  const { filled: _filled, blank: _blank, ...rest } = member;
  return {
    ...rest,
    createdParents: traces.created.filter(isAbove),
    ...(filled.length === 0 ? {} : { filled }),
    ...(traces.blank === undefined ? {} : { blank: traces.blank }),
  };
}
