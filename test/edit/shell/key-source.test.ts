import { describe, expect, it } from 'vitest';
import { sh } from '../../../src/edit/shell/sh.ts';
import type { KeySource, ShellPlace } from '../../../src/edit/shell/types.ts';

const UNIX: ShellPlace = { home: '/home/u', platform: 'linux' };
const WINDOWS: ShellPlace = { home: 'C:\\Users\\u', platform: 'win32' };
const BASE = { baseUrl: 'https://x', variables: [] };
const fileOf = (path: string): KeySource => ({ kind: 'file', path });

describe('the path of a key file, as a POSIX shell spells it,', () => {
  it.each<readonly [path: string, word: string, place: ShellPlace]>([
    ['/home/u/.config/orcc/key', '"$HOME/.config/orcc/key"', UNIX],
    ['/home/u/a b/key', '"$HOME/a b/key"', UNIX],
    ["/home/u/it's", `"$HOME"/'it'\\''s'`, UNIX],
    ['/home/u/a\\b', `"$HOME"/'a\\b'`, UNIX],
    ['/home/u/é', `"$HOME"/"$(printf '\\303\\251')"`, UNIX],
    ['/home/u', `'/home/u'`, UNIX],
    ['/home/user/key', `'/home/user/key'`, UNIX],
    ['/key', `'/key'`, UNIX],
    ['C:\\Users\\u\\AppData\\key', '"$HOME/AppData/key"', WINDOWS],
    ['C:\\Users\\u\\a$\\key', `"$HOME"/'a$/key'`, WINDOWS],
    ['C:\\Users\\v\\key', `'C:/Users/v/key'`, WINDOWS],
    ['D:\\orcc\\key', `'D:/orcc/key'`, WINDOWS],
  ])('%s is %s, and is read back', (path, word, place) => {
    const line = `{ read -r orcc_key <${word}; } 2>/dev/null || :`;
    expect(sh.body({ ...BASE, key: fileOf(path) }, place)).toContain(line);
    const read = place === WINDOWS && word.startsWith("'") ? path.replaceAll('\\', '/') : path;
    expect(sh.readLine(line, place)).toEqual({ kind: 'key', source: fileOf(read) });
  });

  it.each(['$KEY', '"$KEY"', '"$HOME"/$KEY', '"$HOME/$KEY"', 'key', ''])('is not one that orcc wrote: %j', (word) => {
    expect(sh.readLine(`{ read -r orcc_key <${word}; } 2>/dev/null || :`, UNIX)).toBeUndefined();
  });
});

describe('a block is not written', () => {
  it.each<readonly [code: string, value: string]>([
    ['U+0000', 'a\0'],
    ['U+001B', '\u001b[0m'],
    ['U+009B', '\u009b'],
    ['U+2028', 'a\u2028b'],
    ['U+D800', '\ud800x'],
  ])('for a text with %s', (code, value) => {
    const refused = expect.objectContaining({ exit: 'usage', message: expect.stringContaining(`(${code})`) });
    expect(() => sh.body({ ...BASE, key: { kind: 'command', command: value } }, UNIX)).toThrow(refused);
    expect(() => sh.body({ ...BASE, key: fileOf(value) }, UNIX)).toThrow(refused);
    expect(() => sh.body({ ...BASE, key: { kind: 'literal', value } }, UNIX)).toThrow(refused);
    expect(() => sh.body({ ...BASE, key: fileOf('/k'), variables: [{ name: 'V', value }] }, UNIX)).toThrow(refused);
  });

  it.each(['', 'a', '1A', 'A-B', 'A B', 'A;id'])('for a variable %j', (name) => {
    const refused = expect.objectContaining({ exit: 'usage' });
    expect(() => sh.body({ ...BASE, key: fileOf('/k'), variables: [{ name, value: 'x' }] }, UNIX)).toThrow(refused);
    expect(() => sh.assign(name, 'x')).toThrow(refused);
  });

  it.each(['', '1A', 'A-B', 'A}; id; {'])('for a key from the variable %j, which may have small letters', (name) => {
    expect(() => sh.body({ ...BASE, key: { kind: 'env', name } }, UNIX)).toThrow(expect.objectContaining({ exit: 'usage' }));
    expect(sh.body({ ...BASE, key: { kind: 'env', name: 'my_Key1' } }, UNIX)).toContain('if [ -n "${my_Key1-}" ]; then');
  });

  it('for an empty key, or a variable that it would set twice', () => {
    expect(() => sh.body({ ...BASE, key: { kind: 'literal', value: '' } }, UNIX)).toThrow(
      expect.objectContaining({ exit: 'usage', code: 'KEY_MISSING' }),
    );
    const variables = [{ name: 'ANTHROPIC_API_KEY', value: 'x' }];
    expect(() => sh.body({ ...BASE, key: fileOf('/k'), variables }, UNIX)).toThrow(expect.objectContaining({ exit: 'bug' }));
  });
});
