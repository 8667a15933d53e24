import { describe, expect, it } from 'vitest';
import { assertOnlyChanged, putAt, sameJson, sumOf, valueAt } from '../../../src/edit/json/json-verify.ts';

const parse = (text: string): unknown => JSON.parse(text);
const nested = (inner: unknown, depth: number): unknown => {
  let value = inner;
  for (let at = 0; at < depth; at += 1) value = at % 2 === 0 ? [value] : { a: value };
  return value;
};

describe('two JSON values', () => {
  it.each([
    ['1', '1'],
    ['1', '1.0'],
    ['null', 'null'],
    ['{"a":1,"b":[{}]}', '{"b":[{}],"a":1}'],
    ['{"__proto__":1}', '{"__proto__":1}'],
  ])('are the same: %s and %s', (a, b) => {
    expect(sameJson(parse(a), parse(b))).toBe(true);
    expect(sameJson(parse(b), parse(a))).toBe(true);
  });

  it.each([
    ['1', '"1"'],
    ['0', '-0'],
    ['null', '{}'],
    ['null', '0'],
    ['[]', '{}'],
    ['{}', '""'],
    ['[1]', '[1,2]'],
    ['[1,2]', '[2,1]'],
    ['[[1]]', '[[2]]'],
    ['{"a":1}', '{"a":2}'],
    ['{"a":1}', '{"b":1}'],
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{"a":1,"b":2}', '{"a":1,"c":2}'],
    ['{"a":null}', '{}'],
    ['{"toString":1}', '{"a":1}'],
  ])('are not the same: %s and %s', (a, b) => {
    expect(sameJson(parse(a), parse(b))).toBe(false);
    expect(sameJson(parse(b), parse(a))).toBe(false);
  });

  it.each([499, 500, 501, 1000, 20_000])('are told apart %i levels deep', (depth) => {
    expect(sameJson(nested(1, depth), nested(1, depth))).toBe(true);
    expect(sameJson(nested(1, depth), nested(2, depth))).toBe(false);
    expect(sameJson([nested(1, depth), nested(2, depth)], [nested(1, depth), nested(3, depth)])).toBe(false);
    expect(sameJson([nested(1, depth), nested(2, depth)], [nested(0, depth), nested(2, depth)])).toBe(false);
  });

  it('have the same mark where their JSON is the same, and another one than none', () => {
    expect(sumOf(parse('{"a": 1.0}'))).toBe(sumOf({ a: 1 }));
    // State files hold it.
    expect(sumOf(undefined)).toBe('e3b0c44298fc1c14');
    expect(new Set([sumOf({ a: 1 }), sumOf({ a: 2 }), sumOf(undefined), sumOf(null)]).size).toBe(4);
  });
});

it('a value is put where its path leads, under any name, and nowhere where that leads nowhere', () => {
  const root = parse('{"a": {"b": 0}, "c": 1}');
  putAt(root, ['a', 'b'], 2);
  putAt(root, ['a', '__proto__'], 3);
  putAt(root, ['c', 'd'], 4);
  putAt(root, ['x', 'y'], 5);
  expect(JSON.stringify(root)).toBe('{"a":{"b":2,"__proto__":3},"c":1}');
  expect(valueAt(root, ['a', '__proto__'])).toBe(3);
  expect(valueAt(root, ['toString'])).toBeUndefined();
});

describe('the last check of an edit', () => {
  const at = (...paths: readonly string[]): ReadonlyArray<readonly string[]> => paths.map((path) => path.split('.'));
  it.each([
    ['nothing', '{"a":1}', '{"a":1}', at()],
    ['what was asked for', '{"a":1,"b":2}', '{"a":1,"b":3}', at('b')],
    ['a member more', '{"a":1}', '{"a":1,"b":3}', at('b')],
    ['a member less', '{"a":1,"b":{"c":1}}', '{"b":{"c":1}}', at('a')],
    ['members of one object', '{"a":{"b":1,"c":2}}', '{"a":{"c":3}}', at('a.b', 'a.c')],
    ['members of two', '{"a":{"b":1},"c":{"d":1}}', '{"a":{"b":2},"c":{"d":2}}', at('a.b', 'c.d')],
    ['a new parent', '{}', '{"a":{"b":{"c":1}}}', at('a.b.c')],
    ['a new parent with the name of what every object has', '{}', '{"constructor":{"x":1}}', at('constructor.x')],
    ['a parent that goes', '{"a":{"b":1},"c":2}', '{"c":2}', at('a.b')],
    ['a member that stands below what is no object', '{"a":1}', '{"a":1}', at('a.b')],
  ])('lets %s pass', (_what, before, after, paths) => {
    expect(() => assertOnlyChanged(parse(before), parse(after), paths)).not.toThrow();
  });

  it.each([
    ['another value', '{"a":1,"b":2}', '{"a":2,"b":3}', at('b')],
    ['a change that nobody asked for', '{"a":1}', '{"a":2}', at()],
    ['a member that is lost', '{"a":1,"b":2}', '{"b":3}', at('b')],
    ['a member that is added', '{"b":2}', '{"b":2,"c":null}', at('b')],
    ['another order', '{"a":1,"c":1,"b":2}', '{"c":1,"a":1,"b":3}', at('b')],
    ['another value beside it', '{"a":{"b":1,"c":2}}', '{"a":{"b":3,"c":3}}', at('a.b')],
    ['a value in another object', '{"a":{"b":1},"c":{"b":1}}', '{"a":{"b":2},"c":{"b":2}}', at('a.b')],
    ['the parent', '{"a":{"b":1}}', '{"a":1}', at('a.b')],
    ['a parent that comes from nothing', '{"a":1}', '{"a":{"b":1}}', at('a.b')],
    ['a new parent with more in it', '{}', '{"a":{"b":1,"c":1}}', at('a.b')],
    ['a parent that goes with more in it', '{"a":{"b":1,"toString":1}}', '{}', at('a.b')],
  ])('stops an edit of %s', (_what, before, after, paths) => {
    expect(() => assertOnlyChanged(parse(before), parse(after), paths)).toThrow(expect.objectContaining({ exit: 'bug' }));
  });
});
