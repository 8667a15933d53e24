import { describe, expect, it } from 'vitest';
import { abridge, openMember, parseDocument } from '../../../src/edit/json/json-document.ts';

const members = (text: string): unknown => parseDocument(text).root.members.map(({ key, value }) => [key, value]);

describe('a document taken apart', () => {
  it.each([
    [
      '{"a":["]","}"],"b":2}',
      [
        ['a', '["]","}"]'],
        ['b', '2'],
      ],
    ],
    [
      '{"a":["\\"]", "\\\\"],"b":"\\\\\\""}',
      [
        ['a', '["\\"]", "\\\\"]'],
        ['b', '"\\\\\\""'],
      ],
    ],
    [
      '{"\\u0061":[[],{}, [1,\n2]] , "b":-1e5}',
      [
        ['a', '[[],{}, [1,\n2]]'],
        ['b', '-1e5'],
      ],
    ],
  ])('has the values of %j as they stand', (text, wanted) => {
    expect(members(text)).toEqual(wanted);
  });
});

it('is abridged by what is longer than 500 characters and not touched, whose paths it tells', () => {
  const [short, long] = [498, 499].map((length) => `"${'x'.repeat(length)}"`);
  const document = parseDocument(`{"a":${long},"b":${short},"c":{"d":${long}},"e":{"f":[${long}],"g":1},"h":${long}}`);
  const [a, , , e] = document.root.members;
  if (a === undefined || e === undefined) throw new Error('no members');
  a.value = `"${'y'.repeat(600)}"`;
  openMember(e);
  const text = `{"a":${a.value},"b":${short},"c":{},"e":{"f":0,"g":1},"h":0}`;
  expect(abridge(document)).toEqual({ text, left: [['c'], ['e', 'f'], ['h']] });
});
