import type { JsonDocument } from './json-document.ts';
import { memberAt, objectAt, removeMember, type Inserted } from './json-splice.ts';
import { openArray } from './settings-elements.ts';
import { samePath } from './settings-conflicts.ts';
import type { OwnedMember } from './settings-types.ts';

/** What orcc changed in a file around its members, needed for an exact way back. */
interface Traces {
  readonly created: ReadonlyArray<readonly string[]>;
  readonly filled: ReadonlyArray<{ readonly path: readonly string[]; readonly text: string }>;
  readonly blank: string | undefined;
}

/** The traces of everything that orcc owned and of what it has just inserted. */
export function collectTraces(owned: readonly OwnedMember[], inserted: readonly Inserted[], blank: string | undefined): Traces {
  const created = [...owned.flatMap((member) => member.createdParents), ...inserted.flatMap((each) => each.createdParents)];
  const filled = [...owned.flatMap((member) => member.filled ?? []), ...inserted.flatMap((each) => each.filled ?? [])];
  return {
    created: created.filter((path, index) => created.findIndex((other) => samePath(other, path)) === index),
    filled: filled.filter(({ path }, index) => filled.findIndex((other) => samePath(other.path, path)) === index),
    blank: blank ?? owned.find((member) => member.blank !== undefined)?.blank,
  };
}

/** Takes out the parents that orcc made and that are empty now, and gives objects that are empty again their blanks back. */
export function tidy(document: JsonDocument, traces: Traces): void {
  for (const path of traces.created.toSorted((a, b) => b.length - a.length)) {
    if (isEmptyAt(document, path)) removeMember(document, path);
  }
  for (const { path, text } of traces.filled) {
    const object = objectAt(document, path);
    if (object?.members.length === 0) object.tail = text;
    const member = object === undefined ? memberAt(document, path) : undefined;
    if (member !== undefined && openArray(member)?.elements.length === 0) member.value = `[${text}]`;
  }
}

function isEmptyAt(document: JsonDocument, path: readonly string[]): boolean {
  const object = objectAt(document, path);
  if (object !== undefined) return object.members.length === 0;
  const member = memberAt(document, path);
  return member !== undefined && openArray(member)?.elements.length === 0;
}

/** The part of the traces that lies above one member. */
export function tracesAbove(member: OwnedMember, traces: Traces): OwnedMember {
  const deepest = member.path.length - (member.element === true ? 0 : 1);
  const isAbove = (path: readonly string[]): boolean => path.length <= deepest && samePath(path, member.path.slice(0, path.length));
  const filled = traces.filled.filter(({ path }) => isAbove(path));
  const { filled: _filled, blank: _blank, ...rest } = member;
  return {
    ...rest,
    createdParents: traces.created.filter(isAbove),
    ...(filled.length === 0 ? {} : { filled }),
    ...(traces.blank === undefined ? {} : { blank: traces.blank }),
  };
}
