import { describe, expect, it } from 'vitest';
import type { SettingsMember } from '../../../src/edit/json/settings-edit.ts';
import { applySettings } from '../../support/settings-plan.ts';

const ENV: SettingsMember = { path: ['env', 'X'], value: 1 };
const WINDOW: SettingsMember = { path: ['modelSettings', 'x/y', 'w'], value: 1 };

describe('a member that orcc adds has the style of its neighbours, and leaves no trace', () => {
  it.each([
    ['tabs and CRLF', ENV, '{\r\n\t"env": {\r\n\t\t"A": "1"\r\n\t}\r\n}', '{\r\n\t"env": {\r\n\t\t"A": "1",\r\n\t\t"X": 1\r\n\t}\r\n}'],
    ['no blanks', ENV, '{"env":{"A":"1"}}', '{"env":{"A":"1","X":1}}'],
    ['a blank after the colon', ENV, '{"a": 1}', '{"a": 1, "env": {"X": 1}}'],
    ['blanks around the colon', ENV, '{"a" : 1}', '{"a" : 1, "env" : {"X" : 1}}'],
    ['blanks inside the braces', ENV, '{ "a": 1 }', '{ "a": 1, "env": { "X": 1 } }'],
    ['an empty object in one line with blanks', ENV, '{ "env": {} }', '{ "env": { "X": 1 } }'],
    ['a blank before the key alone', ENV, '{ "env": {}}', '{ "env": {"X": 1}}'],
    ['a blank before the brace alone', ENV, '{"env": {} }', '{"env": {"X": 1} }'],
    ['four blanks', ENV, '{\n    "a": 1\n}\n', '{\n    "a": 1,\n    "env": {\n        "X": 1\n    }\n}\n'],
    ['an empty object', ENV, '{\n  "env": {}\n}\n', '{\n  "env": {\n    "X": 1\n  }\n}\n'],
    ['an empty object with CRLF', ENV, '{\r\n "env": {}\r\n}', '{\r\n "env": {\r\n  "X": 1\r\n }\r\n}'],
    ['an empty file', ENV, '{}', '{\n  "env": {\n    "X": 1\n  }\n}'],
    ['an empty object over two lines with CRLF', ENV, '{\r\n}', '{\r\n  "env": {\r\n    "X": 1\r\n  }\r\n}'],
    ['blank lines', ENV, '{\n\n  "a": 1,\n\n  "b": 2\n}', '{\n\n  "a": 1,\n\n  "b": 2,\n  "env": {\n    "X": 1\n  }\n}'],
    ['a blank line and CRLF', ENV, '{\r\n\r\n  "a": 1\r\n}', '{\r\n\r\n  "a": 1,\r\n  "env": {\r\n    "X": 1\r\n  }\r\n}'],
    ['a colon on its own line', ENV, '{\n  "a"\n  :\n  1\n}', '{\n  "a"\n  :\n  1,\n  "env": {\n    "X": 1\n  }\n}'],
    ['the comma first', ENV, '{ "a": 1\n, "b": 2\n}', '{ "a": 1\n, "b": 2\n, "env": {\n  "X": 1\n}\n}'],
    [
      'an object deeper than its neighbours',
      ENV,
      '{\n  "a": 1,\n     "env": {}\n}',
      '{\n  "a": 1,\n     "env": {\n          "X": 1\n     }\n}',
    ],
    ['an object at column 0', ENV, '{\n"env": {}\n}', '{\n"env": {\n  "X": 1\n}\n}'],
    [
      'a step of two in a file of tabs',
      WINDOW,
      '{\n\t"modelSettings": {\n\t  "x/y": {}\n\t}\n}',
      '{\n\t"modelSettings": {\n\t  "x/y": {\n\t    "w": 1\n\t  }\n\t}\n}',
    ],
    [
      'a first member that tells the depth of its neighbours',
      WINDOW,
      '{\n  "a": 1,\n "modelSettings": {\n     "x/y": {}\n }\n}',
      '{\n  "a": 1,\n "modelSettings": {\n     "x/y": {\n        "w": 1\n     }\n }\n}',
    ],
    [
      'no step that shows',
      WINDOW,
      '{\n    "modelSettings": {\n  "x/y": {}\n}\n}',
      '{\n    "modelSettings": {\n  "x/y": {\n      "w": 1\n  }\n}\n}',
    ],
    [
      'members and their object in one column',
      WINDOW,
      '{\n   "modelSettings": {\n   "x/y": {}\n   }\n}',
      '{\n   "modelSettings": {\n   "x/y": {\n      "w": 1\n   }\n   }\n}',
    ],
    ['nothing but a line end', ENV, '\r\n', '{\r\n  "env": {\r\n    "X": 1\r\n  }\r\n}\r\n'],
  ])('in a file with %s', (_name, member, text, wanted) => {
    const added = applySettings(text, [member]);
    expect(added.text).toBe(wanted);
    expect(applySettings(added.after, [], { owned: added.owned }).text).toBe(text);
  });

  it.each([
    ['added behind it', '{"env": {}}', (text: string) => text.replace('"X": 1', '"X": 1 , "Z": 2'), '{"env": {"Z": 2}}'],
    ['took away what stood before it', '{"env": { "A": 1\n}}', (text: string) => text.replace('"A": 1, ', ''), '{"env": {}}'],
    ['took away all of them', '{"env": { }}', () => '{"a": 1}', '{"a": 1}'],
    [
      'put something else in their place',
      '{"modelSettings": {"x/y": {"a": 1}}}',
      () => '{"modelSettings": {"x/y": 1}}',
      '{"modelSettings": {"x/y": 1}}',
    ],
    ['emptied the file', ' \n', () => '\n', '\n'],
  ])('also where someone has %s since', (_name, text, change, wanted) => {
    const added = applySettings(text, [text.startsWith('{"modelSettings"') ? WINDOW : ENV]);
    expect(applySettings(change(added.text ?? ''), [], { owned: added.owned }).text).toBe(wanted);
  });

  it('does not bring back a file that someone took away, and makes none for a member that is put aside', () => {
    const { owned } = applySettings('{}', [ENV]);
    expect(applySettings(null, [], { owned })).toMatchObject({ after: null, owned: [], kinds: ['gone'] });
    expect(applySettings(null, [{ path: ['model'], value: undefined }])).toMatchObject({ after: null, owned: [] });
  });
});
