import { sha256 } from '../../core/hash.ts';
import { isObject, jsonText } from '../../text/json.ts';
import { OrccError } from '../../core/errors.ts';

/** Depth below which values are compared from a list instead of recursively: a file may be nested 20000 deep. */
const DEEPEST = 500;

/** Whether two parsed JSON values are equal, whatever the order of their members. */
export function sameJson(a: unknown, b: unknown): boolean {
  const deep: unknown[] = [];
  if (!sameWithin(a, b, DEEPEST, deep)) return false;
  while (deep.length > 0) {
    const right = deep.pop();
    if (!sameWithin(deep.pop(), right, DEEPEST, deep)) return false;
  }
  return true;
}

/** Compares down to `depth`; pairs that lie deeper are put on the list. */
function sameWithin(a: unknown, b: unknown, depth: number, deep: unknown[]): boolean {
  if (typeof a !== 'object' || a === null || a === b) return Object.is(a, b);
  if (depth === 0) {
    deep.push(a, b);
    return true;
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameWithin(item, b[index], depth - 1, deep));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key) || !sameWithin(a[key], b[key], depth - 1, deep)) return false;
  }
  return true;
}

/** Whether two member paths name the same member. */
export function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}

/** The checksum by which orcc recognises its own value: the first 16 hex digits of the SHA-256 of its JSON text. */
export function sumOf(value: unknown): string {
  return sha256(jsonText(value)).slice(0, 16);
}

/** The value at a path of own members; undefined where a part is missing. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Replaces the value at a path; `__proto__` is a name like any other. Changes `root`. */
export function putAt(root: unknown, path: readonly string[], value: unknown): void {
  const parent = valueAt(root, path.slice(0, -1));
  if (isObject(parent)) Object.defineProperty(parent, String(path.at(-1)), { value, enumerable: true });
}

/**
 * The last check of every edit: except at the given paths, old and new are the same value, with
 * members in the same order. Throws a bug error otherwise, so that nothing is written.
 */
export function assertOnlyChanged(before: unknown, after: unknown, paths: readonly (readonly string[])[]): void {
  if (!sameBut(before, after, paths))
    throw new OrccError('bug', 'An edit of a settings file would have changed more than intended; nothing was written');
}

function sameBut(before: unknown, after: unknown, paths: readonly (readonly string[])[]): boolean {
  if (paths.some((path) => path.length === 0)) return true;
  if (paths.length === 0) return sameJson(before, after);
  // A parent may have been added or removed: only its touched members may differ.
  const old = before === undefined ? {} : before;
  const now = after === undefined ? {} : after;
  if (!isObject(old) || !isObject(now)) return sameJson(before, after);
  const touched = new Set(paths.map((path) => path[0]));
  const keep = (object: Readonly<Record<string, unknown>>): string[] => Object.keys(object).filter((key) => !touched.has(key));
  if (!sameJson(keep(old), keep(now))) return false;
  return Object.keys({ ...old, ...now }).every((key) => {
    const below = paths.filter((path) => path[0] === key).map((path) => path.slice(1));
    return sameBut(own(old, key), own(now, key), below);
  });
}

function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
