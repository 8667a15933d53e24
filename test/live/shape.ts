import { isObject } from '../../src/text/json.ts';

/** Types by the path of their member: `data[].pricing.prompt` is a `string`. Values are not kept. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

export interface ShapeDifference {
  /** The simulator gives them, OpenRouter does not. */
  readonly missing: readonly string[];
  /** OpenRouter gives them, the simulator does not. */
  readonly added: readonly string[];
  /** Both give them, as another type. */
  readonly changed: readonly string[];
}

/** Members whose own members are the account's or the model's, not the API's. */
const FREE_FORM = new Set(['config', 'default_parameters', 'benchmarks', 'raw', 'headers', 'input']);

export function shapeOf(value: unknown): Shape {
  const shape = new Map<string, Set<string>>();
  const walk = (part: unknown, path: string): void => {
    const type = part === null ? 'null' : Array.isArray(part) ? 'list' : typeof part;
    shape.set(path, (shape.get(path) ?? new Set()).add(type));
    if (Array.isArray(part)) for (const item of part) walk(item, `${path}[]`);
    if (!isObject(part) || FREE_FORM.has(path.replace(/^.*\./, ''))) return;
    for (const [name, member] of Object.entries(part)) walk(member, path === '' ? named(name) : `${path}.${named(name)}`);
  };
  walk(value, '');
  return shape;
}

/** A name that is none of the API's could be somebody's own. */
function named(name: string): string {
  return /^[a-z][a-z0-9_]{0,40}$/i.test(name) ? name : '(odd)';
}

/** Where the real answer is built otherwise than the simulator's; null fits every type, and of a branch only the topmost path is told. */
export function compareShapes(real: Shape, simulated: Shape): ShapeDifference {
  const without = (one: Shape, other: Shape): string[] =>
    [...one.keys()].filter((path) => !other.has(path) && other.has(parentOf(path)) && holdsMembers(other.get(parentOf(path)), path));
  return {
    missing: without(simulated, real),
    added: without(real, simulated),
    changed: [...real].flatMap(([path, types]) => {
      const expected = simulated.get(path);
      if (expected === undefined || [...types, 'null'].some((type) => expected.has(type)) || types.has('null')) return [];
      return [`${path} (${[...types].join('|')}, not ${[...expected].join('|')})`];
    }),
  };
}

function parentOf(path: string): string {
  return path.endsWith('[]') ? path.slice(0, -2) : path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '';
}

/** A parent that is null here, or a list without items, says nothing of its members. */
function holdsMembers(types: ReadonlySet<string> | undefined, path: string): boolean {
  return types?.has('object') === true && !path.endsWith('[]');
}
