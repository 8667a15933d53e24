/**
 * Names and types of a JSON document: for each member's path its types, as `null | string`. `[]` are the elements of a list,
 * `[CODE]` a finding, `*` the values of a map whose keys are data; `absent` says that not every element of a list has the member.
 */
export type Shape = Readonly<Record<string, string>>;

/** Variables, paths and model ids are data; what a program calls by its name is neither. */
const DATA_KEY = /^[A-Z][A-Z0-9_]*$|\//;
/** Known only where the machine is slow enough to measure it: that it is there is all that can be held. */
const MEASURED = /\.tokensPerSecond$/;

interface Seen {
  readonly types: Set<string>;
  /** How many values stand at this path, and how many of these are objects. */
  count: number;
  objects: number;
  /** Path of the object that it is a member of. */
  readonly owner: string | undefined;
}

/** The shape of a parsed JSON document. */
export function shapeOf(document: object): Shape {
  const seen = new Map<string, Seen>();
  collectMembers(document, '', seen);
  for (const { types, count, owner } of seen.values()) {
    if (owner !== undefined && count < (seen.get(owner)?.objects ?? 0)) types.add('absent');
  }
  return Object.fromEntries([...seen].map(([path, { types }]) => [path, [...types].sort().join(' | ')]));
}

function collectMembers(object: object, at: string, seen: Map<string, Seen>): void {
  const members = Object.entries(object);
  const isMap = members.every(([name]) => DATA_KEY.test(name));
  for (const [name, value] of members) {
    if (isMap) collect(value, `${at}.*`, undefined, seen);
    else collect(value, at === '' ? name : `${at}.${name}`, at, seen);
  }
}

function collect(value: unknown, path: string, owner: string | undefined, seen: Map<string, Seen>): void {
  const here = seen.get(path) ?? { types: new Set(), count: 0, objects: 0, owner };
  seen.set(path, here);
  here.count += 1;
  if (MEASURED.test(path)) {
    here.types.add('any');
  } else if (value === null || typeof value !== 'object') {
    here.types.add(value === null ? 'null' : typeof value);
  } else if (Array.isArray(value)) {
    here.types.add('list');
    for (const each of value) collect(each, `${path}[${path === 'findings' ? codeOf(each) : ''}]`, undefined, seen);
  } else {
    here.types.add('object');
    here.objects += 1;
    collectMembers(value, path, seen);
  }
}

/** What a finding is called, so that one more says nothing about the others. */
function codeOf(finding: unknown): string {
  return typeof finding === 'object' && finding !== null && 'code' in finding ? String(finding.code) : '';
}

/**
 * What of `recorded` does not hold for `seen`, one line each: a member that is gone, a type that was not there before, a value
 * that is nothing but null now. An empty list has no elements to look at, so that their members count as gone. What is new is fine.
 */
export function findBreaks(recorded: Shape, seen: Shape): string[] {
  const gone = Object.keys(recorded).filter((path) => !Object.hasOwn(seen, path));
  const lost = gone.filter((path) => !gone.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[`)));
  const changed = Object.entries(recorded).flatMap(([path, before]) => {
    const now = Object.hasOwn(seen, path) ? seen[path] : undefined;
    return now === undefined || fits(before.split(' | '), now.split(' | ')) ? [] : [`${path} is ${now}, and was ${before}`];
  });
  return [...lost.map((path) => `${path} is gone`), ...changed];
}

const isNothing = (type: string): boolean => type === 'null' || type === 'absent';

/** Whoever reads what was there before can read what is there now, and finds something. */
function fits(before: readonly string[], now: readonly string[]): boolean {
  return now.every((type) => before.includes(type)) && (before.every(isNothing) || !now.every(isNothing));
}

/** `recorded` with the members that only `seen` has. Nothing of it goes, and no type of it changes. */
export function addMembers(recorded: Shape, seen: Shape): Shape {
  return { ...seen, ...recorded };
}
