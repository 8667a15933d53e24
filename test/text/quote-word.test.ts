import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pastePath, pasteWord, quoteWord } from '../../src/text/quote-word.ts';
import { escapeInvisible, stripControls } from '../../src/text/text.ts';

const ODD = [
  'a b',
  "it's",
  '$HOME',
  '`id`',
  'a\nb',
  'a\tb\u001b[31m',
  "q'\\\u202e",
  'ü\u00adé',
  '-rf',
  '~',
  '*',
  'a;b',
  '',
  '\u{1f468}\u200d\u{1f469}',
];

describe('a path in a command that is shown', () => {
  it.each([
    ['/home/u/.bashrc', '~/.bashrc'],
    ['/home/u/my files/a', "~/'my files/a'"],
    ['/home/user/a', '/home/user/a'],
    ['/home/u', '~'],
    ['/srv/a\nb', "$'/srv/a\\012b'"],
    ['C:\\Users\\u\\settings.json', 'C:\\Users\\u\\settings.json'],
    ['C:\\Users\\a b', "'C:\\Users\\a b'"],
  ])('%j is pasted as %j', (path, word) => {
    expect(pastePath(path, '/home/u')).toBe(word);
  });

  it.each(ODD)('%j comes back from bash as it is, and nothing is lost on the screen', (text) => {
    const word = pasteWord(`/${text}`);
    expect(stripControls(word)).toBe(word);
    expect(escapeInvisible(word)).toBe(word);
    expect(execFileSync('bash', ['-c', `printf %s ${word}`], { encoding: 'utf8', env: {} })).toBe(`/${text}`);
  });

  it('is quoted where it would be a home folder', () => {
    expect([pasteWord('~'), quoteWord('~')]).toEqual(["'~'", "'~'"]);
  });
});
