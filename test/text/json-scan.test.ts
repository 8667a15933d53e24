import { describe, expect, it } from 'vitest';
import { memberFinder } from '../../src/text/json-scan.ts';

/** The text from the member on, so that a row shows which one was found. */
const found = (text: string, ...path: string[]): string | undefined => {
  JSON.parse(text);
  const offset = memberFinder(text)(path);
  return offset === undefined ? undefined : text.slice(offset, offset + 12);
};

describe('a member of a JSON text', () => {
  it.each<[string, string[], string | undefined]>([
    ['{"a": 1, "b": 2}', ['b'], '"b": 2}'],
    ['{"a": {"b": {"c": 3}}}', ['a', 'b', 'c'], '"c": 3}}}'],
    ['{"a": {"b": 1}, "b": 2}', ['a', 'b'], '"b": 1}, "b"'],
    ['{"a": 1, "b": 2, "a": 3 }', ['a'], '"a": 3 }'],
    ['{"a": {"b": 1}, "a": {}}', ['a', 'b'], undefined],
    ['{"a": "{\\"b\\": 1}"}', ['a', 'b'], undefined],
    ['{"a": [{"b": 1}]}', ['a', 'b'], undefined],
    ['{"a": ["b", 1]}', ['a', 'b'], undefined],
    ['{"a": [{"b": 1}], "b": 2}', ['b'], '"b": 2}'],
    ['{"a": 1}', ['b'], undefined],
    ['{"a": 1}', ['b', 'a'], undefined],
    ['{"a": 1}', [], undefined],
    ['[{"a": 1}]', ['a'], undefined],
    ['7', ['a'], undefined],
    ['\r\n\t {\r\n\t"a"\r\n\t:\r\n\t1\r\n\t,\r\n\t"b"\t:\t2}', ['b'], '"b"\t:\t2}'],
    [String.raw`{"\\": "\\", "q\"": "\"", "\\\"": 1, "b": 2}`, ['b'], '"b": 2}'],
    [String.raw`{"q\"": {"\\\"": "\\\\\"\\", "b": 2}}`, ['q"', 'b'], '"b": 2}}'],
    [String.raw`{"\u0061": 1}`, ['a'], String.raw`"\u0061": 1}`],
    ['{"__proto__": {"x": 1}, "toString": 2}', ['toString'], '"toString": '],
    ['{"a": 1}', ['toString'], undefined],
    ['{"a": [1, "]", {"}": "]"}, -1.5e3, true, null], "b": 2}', ['b'], '"b": 2}'],
  ])('in %j at %j is found', (text, path, member) => {
    expect(found(text, ...path)).toBe(member);
  });

  it('is found again by the same finder, in any order', () => {
    const find = memberFinder('{"a": {"b": 1}, "c": 2}');
    expect([['c'], ['a', 'b'], ['a'], ['c']].map((path) => find(path))).toEqual([16, 7, 1, 16]);
  });

  it('is found behind what is nested deeply', () => {
    const deep = `{"a": ${'[{"x":'.repeat(20_000)}1${'}]'.repeat(20_000)}, "b": 2}`;
    expect(found(deep, 'b')).toBe('"b": 2}');
  });
});
