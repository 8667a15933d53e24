import { describe, expect, it } from 'vitest';
import { findKeyShape } from '../../src/config/key-shape.ts';

const KEY = 'sk-or-v1-0123456789abcdef';

describe('findKeyShape', () => {
  it.each<[what: string, value: unknown, path: readonly string[] | undefined]>([
    ['the first of two', { a: { b: ['x', KEY] }, c: KEY }, ['a', 'b', '1']],
    ['a text alone', KEY, []],
    ['a member name, at its object', { a: { [KEY]: 1 } }, ['a']],
    ['no key', { a: [1, null, 'sk-'] }, undefined],
  ])('gives the path of %s', (_what, value, path) => {
    expect(findKeyShape(value)).toEqual(path);
  });

  it('reads what is nested thousands deep', () => {
    const deep: unknown = JSON.parse('{"a":'.repeat(50_000) + `"${KEY}"` + '}'.repeat(50_000));
    expect(findKeyShape(deep)).toHaveLength(50_000);
  });
});
