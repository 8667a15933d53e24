/** The common shape of keys of OpenRouter, Anthropic and other vendors. */
const KEY = /\bsk-[A-Za-z0-9_-]{8,}/;

/** Whether a text contains something that looks like a key. */
export function holdsKeyShape(text: string): boolean {
  return KEY.test(text);
}

/** A value of a JSON document, and where it is. */
interface Place {
  readonly value: unknown;
  readonly name?: string;
  readonly parent?: Place;
}

/**
 * The path of the first string in a JSON value that contains a key (for a member name: of its object); undefined if none does. Not
 * recursive: a file of a folder that is nested thousands deep must not exhaust the stack.
 */
export function findKeyShape(value: unknown): readonly string[] | undefined {
  const open: Place[] = [{ value }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const parent = at;
    if (typeof parent.value === 'string' && holdsKeyShape(parent.value)) return pathOf(parent);
    if (typeof parent.value !== 'object' || parent.value === null) continue;
    const members = Object.entries(parent.value).map(([name, member]: [string, unknown]) => ({ value: member, name, parent }));
    if (members.some(({ name }) => holdsKeyShape(name))) return pathOf(parent);
    open.push(...members.toReversed());
  }
  return undefined;
}

function pathOf(place: Place): readonly string[] {
  const path: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) if (at.name !== undefined) path.push(at.name);
  return path.toReversed();
}
