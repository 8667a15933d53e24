import { describe, expect, it } from 'vitest';
import { gateSettings, settingsRoot } from '../../../src/edit/json/json-gate.ts';

const gate = (text: string): ReturnType<typeof gateSettings> => gateSettings(Buffer.from(text, 'utf8'));

describe('the strict gate of settings.json', () => {
  it.each([
    ['a comment', '{\n  // mine\n  "a": 1\n}', 'comment', 2, 3],
    ['a comment at the end', '{"a": 1} /* x */', 'comment', 1, 10],
    ['a trailing comma', '{\n  "a": [1, 2,],\n  "s": ",}"\n}', 'trailing-comma', 2, 13],
    ['a trailing comma after strings with braces', '{\n  "s": ",}",\n  "b": 2,\n}', 'trailing-comma', 3, 9],
    ['a cut file', '{"env": {', 'syntax', 1, 10],
    ['a single quote', "{'a': 1}", 'syntax', 1, 2],
    ['an array', '[1]', 'not-object', 1, 1],
    ['null', 'null', 'not-object', 1, 1],
    ['env as an array', '{\n  "env": []\n}', 'member-not-object', 2, 3],
    ['env as null', '{"env": null}', 'member-not-object', 1, 2],
    ['modelSettings as an array', '{"modelSettings": []}', 'member-not-object', 1, 2],
    ['permissions as text', '{"a": {"permissions": 1}, "permissions": "x"}', 'member-not-object', 1, 27],
    ['a member that is no object, beside others of its name', '{"env": [], "b": {"env": 1}}', 'member-not-object', 1, 2],
    ['one behind what is nested deeply', `\n{"a": ${'['.repeat(20000)}${']'.repeat(20000)}, "env": 1}`, 'member-not-object', 2, 40_009],
    ['a fault behind what is nested deeply', `\n{"a": ${'['.repeat(200_000)}`, 'syntax', 2, 200_007],
    ['a second byte order mark', '\ufeff\ufeff{}', 'syntax', 1, 1],
  ])('fails %s with its line and column', (_name, text, kind, line, column) => {
    expect(gate(text)).toMatchObject({ ok: false, kind, line, column });
  });

  it('says that a file is dropped whole only where it is', () => {
    expect(gate('{"env": []}')).toMatchObject({ reason: expect.stringContaining('whole') as string });
    expect(gate('{"modelSettings": []}')).toMatchObject({ reason: expect.not.stringContaining('whole') as string });
  });

  it.each([
    ['on the first line', '{"é": "\\xe9"}', 1, 8],
    ['on a later one', '{\n  "é": "\\xe9"\n}', 2, 9],
    ['after an empty line', '\n{"\\xe9"}', 2, 3],
    ['after a character that stands for such bytes', '{"\ufffd": "\\xe9"}', 1, 8],
    ['at the very end', '{\n}\\xe9', 2, 2],
    ['after a byte order mark, which counts for no column', '\ufeff{"\\xe9"}', 1, 3],
    ['cut off at the very end', '{\n}\\xef\\xbf', 2, 2],
    ['cut off before another character', '{"\\xef\\xbfx"}', 1, 3],
    ['at the very start', '\\xff\\x00', 1, 1],
    ['at the start, like half a mark', '\\xfe\\xfe', 1, 1],
  ])('fails bytes that are not UTF-8 where they stand: %s', (_where, text, line, column) => {
    const bytes = Buffer.concat(
      text.split(/(\\x..)/).map((part) => (part.startsWith('\\x') ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part))),
    );
    const reason = expect.not.stringContaining('UTF-16') as string;
    expect(gateSettings(bytes)).toMatchObject({ ok: false, kind: 'encoding', line, column, reason });
    expect(settingsRoot(bytes)).toBeUndefined();
  });

  it('fails UTF-16, and says so', () => {
    const bytes = Buffer.from('\ufeff{}', 'utf16le');
    for (const each of [bytes, Buffer.from(bytes).swap16()])
      expect(gateSettings(each)).toMatchObject({ ok: false, kind: 'encoding', reason: expect.stringContaining('UTF-16') as string });
  });

  it('gives what a file holds, and nothing for none', () => {
    expect(settingsRoot(Buffer.from('{"a": "é"}'))).toEqual({ a: 'é' });
    expect(settingsRoot(null)).toEqual({});
  });

  it('does not break on a file nested 20000 deep', () => {
    const deep = `{"a": ${'['.repeat(20000)}${']'.repeat(20000)}}`;
    expect(gate(deep)).toMatchObject({ ok: true });
    expect(gate(deep.slice(0, -1))).toMatchObject({ ok: false });
  });

  it('never quotes the text of a file in its reason, which may hold a key', () => {
    const result = gate('{"ANTHROPIC_AUTH_TOKEN": "secret-value", oops}');
    expect(JSON.stringify(result)).not.toContain('secret-value');
  });

  it.each([
    ['', false],
    [' \r\n\t', false],
    ['\ufeff', true],
    ['\u00a0\n', false],
    ['\u2028\u3000\f\v', false],
    ['\ufeff\ufeff\u00a0', true],
  ])('takes blanks %j as an empty object', (text, bom) => {
    expect(gate(text)).toMatchObject({ ok: true, blank: true, bom, root: {} });
  });

  it.each(['\0', '\u0085', '\u200b', '\u00a0{}', '\ufeff\ufeff{}'])('takes %j for a broken file, as Claude Code does', (text) => {
    expect(gate(text)).toMatchObject({ ok: false });
  });

  it('splits the byte order mark off', () => {
    expect(gate('\ufeff{"a": 1}')).toMatchObject({ ok: true, bom: true, text: '{"a": 1}', root: { a: 1 } });
  });
});
