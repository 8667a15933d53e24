import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findKeys, textOf } from '../../src/keys/leaks/find-keys.ts';
import { scrubShellHistory, type HistorySyntax } from '../../src/keys/leaks/shell-history.ts';

const key = `sk-or-v1-${createHash('sha256').update('a').digest('hex')}`;
const other = `sk-or-v1-${createHash('sha256').update('b').digest('hex')}`;

describe('keys in a text', () => {
  it('are found with their lines', () => {
    expect(findKeys(`a\nexport X=${key}\n\n"${other}",${key}\n`)).toEqual([
      { key, line: 2 },
      { key: other, line: 4 },
      { key, line: 4 },
    ]);
  });

  it.each([
    'sk-or-v1-your-key-here',
    `sk-or-v1-${'x'.repeat(64)}`,
    `sk-or-v1-${'0'.repeat(64)}`,
    `sk-or-v1-${'0123456789abcdef'.repeat(4)}`,
    'sk-or-v1-replace-this-with-your-own-openrouter-key',
    'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789abcd',
    `mask-or-${'a1b2c3d4'.repeat(8)}`,
  ])('are not %s', (text) => {
    expect(findKeys(`X=${text}\n`)).toEqual([]);
  });

  // Each text is one step from what the step before it says: 32 characters, 10 of them different, 4 digits.
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEF';
  it.each([
    ['four digits', `${letters.slice(0, 28)}1234`, true],
    ['three digits', `${letters.slice(0, 29)}123`, false],
    ['32 characters', `1234${letters.slice(0, 28)}`, true],
    ['31 characters', `1234${letters.slice(0, 27)}`, false],
    ['ten different characters', '1234abcdef44332211fedcbaabcdefff', true],
    ['nine different characters', '1234abcdeee44332211eedcbaabcdeee', false],
    ['a piece of 20 characters, twice', 'abcdefghijklmnop1234'.repeat(2), false],
    ['a piece of 21 characters, twice', 'abcdefghijklmnopq1234'.repeat(2), true],
  ])('need digits, length and variety: %s', (_what, rest, isKey) => {
    for (const prefix of ['sk-or-v1-', 'sk-or-v12-', 'sk-or-']) {
      const found = findKeys(`X=${prefix}${rest}\n`).map((each) => each.key);
      expect(found).toEqual(isKey ? [`${prefix}${rest}`] : []);
    }
  });

  it('of a gateway are found from 16 characters on', () => {
    expect(findKeys('x abcdefghijklmnop y', ['abcdefghijklmnop'])).toEqual([{ key: 'abcdefghijklmnop', line: 1 }]);
    expect(findKeys('x abcdefghijklmno y', ['abcdefghijklmno'])).toEqual([]);
  });

  it('of a gateway are found where they are known', () => {
    expect(findKeys('x\ntoken: gw_0123456789abcdef0123\n', ['gw_0123456789abcdef0123'])).toEqual([
      { key: 'gw_0123456789abcdef0123', line: 2 },
    ]);
    expect(findKeys('abc', ['abc', ''])).toEqual([]);
  });

  it.each(['utf16le', 'utf8', 'latin1'] as const)('are found in %s', (encoding) => {
    const mark = encoding === 'utf16le' ? '\ufeff' : '';
    expect(findKeys(textOf(Buffer.from(`${mark}é\r\n${key}\r\n`, encoding)))).toEqual([{ key, line: 2 }]);
  });

  it('are found in big-endian UTF-16 of an odd length too', () => {
    const bytes = Buffer.from(`\ufeff${key}\n`, 'utf16le').swap16();
    expect(findKeys(textOf(Buffer.concat([bytes, Buffer.from([0])])))).toHaveLength(1);
  });
});

describe('a shell history', () => {
  const cases: [HistorySyntax, string, string, string][] = [
    ['bash', 'plain lines', `ls\nexport K=${key}\ncd /\n`, 'ls\ncd /\n'],
    [
      'bash',
      'with time stamps',
      `#1700000001\nls\n#1700000002\ncurl \\\n -H ${key}\n#1700000003\ncd /\n`,
      '#1700000001\nls\n#1700000003\ncd /\n',
    ],
    ['bash', 'without a last newline', `ls\necho ${key}`, 'ls\n'],
    ['bash', 'that begins in the middle of an entry', `half ${key}\n#1700000003\nls\n`, '#1700000003\nls\n'],
    ['zsh', 'plain lines', `ls\necho ${key}\ncd\n`, 'ls\ncd\n'],
    [
      'zsh',
      'extended, over several lines',
      `: 1700000001:0;ls\n: 1700000002:0;curl \\\n  -H ${key} \\\n  x\n: 1700000003:0;echo \\\\\n`,
      ': 1700000001:0;ls\n: 1700000003:0;echo \\\\\n',
    ],
    [
      'fish',
      'with times and paths',
      `- cmd: ls\n  when: 1\n- cmd: set -x K ${key}\n  when: 2\n  paths:\n    - /x\n- cmd: cd\n  when: 3\n`,
      '- cmd: ls\n  when: 1\n- cmd: cd\n  when: 3\n',
    ],
    ['powershell', 'over several lines', `ls\r\n$env:K = \`\r\n  '${key}'\r\ncd\r\n`, 'ls\r\ncd\r\n'],
  ];
  it.each(cases)('of %s, %s, loses the whole command and nothing else', (syntax, _name, before, after) => {
    expect(Buffer.from(scrubShellHistory(Buffer.from(before), syntax, [])).toString()).toBe(after);
  });

  it('keeps bytes of any encoding', () => {
    const bytes = Buffer.concat([Buffer.from([0x83, 0xa0, 0xff, 0x0a]), Buffer.from(`echo ${key}\n`), Buffer.from([0xe9, 0x0a])]);
    expect([...scrubShellHistory(bytes, 'zsh', [])]).toEqual([0x83, 0xa0, 0xff, 0x0a, 0xe9, 0x0a]);
  });

  it('without a key stays as it is', () => {
    const text = ': 1:0;ls\n\n: 2:0;echo "sk-or-v1-your-key-here"\n';
    expect(Buffer.from(scrubShellHistory(Buffer.from(text), 'zsh', [])).toString()).toBe(text);
    expect(scrubShellHistory(new Uint8Array(), 'bash', [])).toHaveLength(0);
  });
});
