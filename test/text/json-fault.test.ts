import { describe, expect, it } from 'vitest';
import { readSettingsText } from '../../src/claude/settings-text.ts';
import { parseJson } from '../../src/core/json-file.ts';
import { gateSettings } from '../../src/edit/json/json-gate.ts';
import { jsonFault } from '../../src/text/json-fault.ts';

/** Texts that JSON.parse refuses: what is wrong with them, and where. */
const FAULTS: ReadonlyArray<readonly [text: string, kind: string, line: number, column: number, says: RegExp]> = [
  ['{\n  "a": 1,\n}', 'trailing-comma', 2, 9, /comma after the last/],
  ['{"a": [1,], "b": 2}', 'trailing-comma', 1, 9, /comma after the last/],
  ['{"a": [{},], "b": 2,}', 'trailing-comma', 1, 10, /comma after the last/],
  ['{"s": ",}", "a": [[],\n\n ] }', 'trailing-comma', 1, 21, /comma after the last/],
  ['{"a": 1,\n// x\n}', 'comment', 2, 1, /comments/],
  ['/* x */ {}', 'comment', 1, 1, /comments/],
  ['{"a": 1 /* x', 'comment', 1, 9, /comments/],
  ['{"a": "//", "b": 5/2}', 'syntax', 1, 19, /a comma/],
  ['{a: 1}', 'syntax', 1, 2, /without double quotes/],
  ["{'a': 1}", 'syntax', 1, 2, /without double quotes/],
  ['{"a": True}', 'syntax', 1, 7, /without double quotes/],
  ['{"a": trie}', 'syntax', 1, 9, /without double quotes/],
  ['{"a": nullable}', 'syntax', 1, 11, /without double quotes/],
  ['{"a": [\u00dcber]}', 'syntax', 1, 8, /without double quotes/],
  ['xyz', 'syntax', 1, 1, /without double quotes/],
  ['{"end of JSON": }', 'syntax', 1, 17, /a value/],
  ['{"position 17": }', 'syntax', 1, 17, /a value/],
  ['{"position 8 ": }', 'syntax', 1, 17, /a value/],
  ['<<<<<<< HEAD\n{}', 'syntax', 1, 1, /merge conflict/],
  ['{"a": 1\n=======\n}', 'syntax', 2, 1, /merge conflict/],
  ['{"a": 1,\n>>>>>>> x\n}', 'syntax', 2, 1, /merge conflict/],
  ['{"a": <<<<<<< }', 'syntax', 1, 7, /a value/],
  ['{, "a": 1}', 'syntax', 1, 2, /extra comma/],
  ['[1,, 2]', 'syntax', 1, 4, /extra comma/],
  ['{"a": }', 'syntax', 1, 7, /a value/],
  ['\ufeff{}', 'syntax', 1, 1, /a value/],
  ['{"a" 1}', 'syntax', 1, 6, /a colon/],
  ['{"a": 1 "b": 2}', 'syntax', 1, 9, /a comma/],
  ['{"a": true "b": 2}', 'syntax', 1, 12, /a comma/],
  ['{"a": "b"c"}', 'syntax', 1, 10, /a comma/],
  ['["a": 1]', 'syntax', 1, 5, /a comma/],
  ['{"a": [1}', 'syntax', 1, 9, /do not match/],
  ['{"a": 1]', 'syntax', 1, 8, /do not match/],
  ['{"a": {"b": 1}', 'syntax', 1, 15, /ends before/],
  ['{"a": "x', 'syntax', 1, 9, /ends before/],
  ['tru', 'syntax', 1, 4, /ends before/],
  ['{}}', 'syntax', 1, 3, /after the end/],
  ['{}\n{}', 'syntax', 2, 1, /after the end/],
  ['{"a": "x\n}', 'syntax', 1, 9, /string is not closed/],
  ['{"a": "\t"}', 'syntax', 1, 8, /control/],
  ['{"a":\u0001 1}', 'syntax', 1, 6, /control/],
  ['{"a": 1.}', 'syntax', 1, 9, /number/],
  ['{"a": 1e+}', 'syntax', 1, 10, /number/],
  ['{"a": -x}', 'syntax', 1, 8, /number/],
  ['{"a": 01}', 'syntax', 1, 8, /number/],
  ['{"a": 1.2.3}', 'syntax', 1, 10, /number/],
  ['{"a": 5px}', 'syntax', 1, 8, /number/],
  [String.raw`{"a": "\u12"}`, 'syntax', 1, 12, /Unicode/],
  [String.raw`{"a": "\x"}`, 'syntax', 1, 9, /backslash/],
  ['[{"a":'.repeat(50_000), 'syntax', 1, 300_001, /ends before/],
];

describe('why a text is not JSON', () => {
  it.each(FAULTS.map((row) => [row[0].slice(0, 40), ...row] as const))('%j', (_title, text, kind, line, column, says) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(jsonFault(text)).toEqual({ kind, line, column, reason: expect.stringMatching(says) as string });
  });

  it('is told alike by what reads a settings.json, by what would write into it, and of the files of orcc', () => {
    for (const [text, , line, column] of FAULTS) {
      const { reason } = jsonFault(text);
      expect(parseJson(text)).toMatchObject({ ok: false, line, column, reason });
      // Before a settings file, a byte order mark is fine.
      if (text.startsWith('\ufeff')) continue;
      expect(readSettingsText(Buffer.from(text))).toMatchObject({ ok: false, line, column, reason });
      expect(gateSettings(Buffer.from(text))).toMatchObject({
        ok: false,
        line,
        column,
        reason: expect.stringContaining(`${reason}; `) as string,
      });
    }
  });

  it('does not matter in a settings file of nothing but what JavaScript trims, which Claude Code takes for empty', () => {
    const isFine = (text: string): readonly boolean[] => [readSettingsText(Buffer.from(text)).ok, gateSettings(Buffer.from(text)).ok];
    const blank = ['', ' \t\r\n', '\ufeff', '\ufeff \n', '\u00a0', '\f', '\u2028', '\ufeff\ufeff', ' \ufeff'];
    for (const text of blank) expect([text, ...isFine(text)]).toEqual([text, true, true]);
    for (const text of ['\0', '\u0085', '\u200b', '\u00a0{}', '\ufeff\ufeff{}'])
      expect([text, ...isFine(text)]).toEqual([text, false, false]);
  });

  it('is found at the end of a large file', () => {
    const text = `{"a": [${'"0123456789", '.repeat(60_000)}]}`;
    expect(jsonFault(text)).toMatchObject({ kind: 'trailing-comma', line: 1, column: text.length - 3 });
  });
});
