import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestWords } from '../../src/text/nearest.ts';
import { createStyle, plainStyle } from '../../src/text/style.ts';
import { renderTable } from '../../src/text/table.ts';
import { clip, maskKey, redact, stripControls } from '../../src/text/text.ts';
import { unknownWord } from '../../src/core/errors.ts';
import { hang, wrap, cellWidth } from '../../src/text/wrap.ts';

const KEY = 'sk-or-v1-'.padEnd(73, '0123456789abcdef');
/** What could move a cursor, set a title, or turn a line around. */

const DANGEROUS = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/;

describe('stripControls', () => {
  it.each([
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b]0;title\x07text', 'text'],
    ['\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['a\r\nb\tc', 'a b c'],
    ['\u202eevil', 'evil'],
    ['\x1bc reset', ' reset'],
    ['Glm “4.7” 日本 🙂', 'Glm “4.7” 日本 🙂'],
  ])('%j', (given, wanted) => {
    expect(stripControls(given)).toBe(wanted);
  });

  it('leaves nothing dangerous of any text, and a clean text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const clean = stripControls(text);
        expect(clean).not.toMatch(DANGEROUS);
        expect(stripControls(clean)).toBe(clean);
      }),
    );
  });
});

describe('keys', () => {
  it('are shown by their ends alone, short ones not at all', () => {
    expect(maskKey(KEY)).toBe(`${KEY.slice(0, 12)}...${KEY.slice(-4)}`);
    expect(maskKey('sk-or-short')).toBe('(hidden)');
  });

  it('are found in any text, others’ too, and so are secrets of any shape', () => {
    expect(redact(`{"a":"${KEY}"} Bearer ${KEY}!`)).not.toContain(KEY);
    expect(redact('x sk-ant-api03-abcdefghijklmnop y')).not.toContain('abcdefghijklmnop');
    expect(redact('token my-gateway-secret-0123456789', ['my-gateway-secret-0123456789'])).not.toContain('secret-0123456789');
    expect(redact('nothing here')).toBe('nothing here');
  });

  it('are masked so that masking again changes nothing', () => {
    expect(redact(redact(KEY))).toBe(redact(KEY));
  });
});

describe('nearestWords', () => {
  const words = ['init', 'test', 'switch', 'status', 'doctor', 'undo', 'remove'];
  it.each([
    ['swich', 'switch'],
    ['stauts', 'status'],
    ['tset', 'test'],
    ['INIT', 'init'],
    ['sta', 'status'],
  ])('%s is near %s', (word, wanted) => {
    expect(nearestWords(word, words)[0]).toBe(wanted);
  });

  it('are none for what shares too little', () => {
    expect(nearestWords('kubernetes', words)).toEqual([]);
  });

  it('counts a swap of neighbours as one step', () => {
    expect(editDistance('ab', 'ba')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  it('make one sentence that names all valid words and shows no control character', () => {
    const error = unknownWord('target', 'zs\u001b[31mh', ['bash', 'zsh']);
    expect(error.exit).toBe('usage');
    expect(error.message).not.toMatch(DANGEROUS);
    expect(error.hint).toContain('`zsh`');
    expect(error.hint).toContain('bash, zsh');
  });
});

describe('tables and folded text', () => {
  const columns = [{ title: 'alias' }, { title: 'price', align: 'right' as const }];

  it.each([
    ['wide letters', '日本', 4],
    ['colour', '\x1b[1mbold\x1b[0m', 4],
    ['a letter with an accent of its own', 'e\u0301', 1],
    ['a family, which is one emoji', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}', 2],
    ['a space of no width', 'a\u200bb', 2],
    ['a flag', '\u{1f1eb}\u{1f1f7}', 2],
    ['marks that orcc prints', '✓…', 2],
  ])('count the cells of %s', (_what, text, cells) => {
    expect(cellWidth(text)).toBe(cells);
    expect(renderTable([{ title: 'a' }, { title: 'b' }], [[text, '|']], plainStyle()).split('\n')[1]).toBe(`${text}  |`);
    expect(renderTable([{ title: 'xxxxxx' }, { title: 'b' }], [[text, '|']], plainStyle()).split('\n')[1]).toBe(
      `${text}${' '.repeat(8 - cells)}|`,
    );
  });

  it('line up, wide letters counted as two cells', () => {
    const [head, first, second] = renderTable(
      columns,
      [
        ['opus', '$0.60'],
        ['日本', '$12.00'],
      ],
      plainStyle(),
    ).split('\n');
    expect([head, first, second]).toEqual(['alias   price', 'opus    $0.60', '日本   $12.00']);
  });

  it('become lists where the terminal is too narrow, and lose nothing', () => {
    const text = renderTable(columns, [['opus', 'a price that is very long']], plainStyle(20));
    expect(text.replace(/\s+/g, ' ')).toContain('a price that is very long');
    expect(text.split('\n').length).toBeGreaterThan(1);
  });

  it('fold at blanks within the width, words longer than a line whole', () => {
    const lines = wrap('one two three four five six seven', 20, '  ').split('\n');
    expect(lines.every((line) => line.length <= 20)).toBe(true);
    expect(lines.join(' ').replace(/\s+/g, ' ')).toBe('one two three four five six seven');
    expect(wrap('x'.repeat(50), 20)).toBe('x'.repeat(50));
  });

  it('fold no command in backticks: pasted from two lines it would be two commands', () => {
    const text = 'hint: Put it after `--`: (`orcc run -- -p hi`). See `orcc help run`, or an odd ` alone';
    for (const width of [20, 40, 60]) {
      const lines = wrap(text, width, '  ').split('\n');
      for (const command of ['(`orcc run -- -p hi`).', '`orcc help run`,']) {
        expect(lines.filter((line) => line.includes(command))).toHaveLength(1);
      }
      expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
    }
    const long = `\`unset ${'VARIABLE '.repeat(9)}LAST\``;
    expect(wrap(`unset them: ${long} does it`, 40, '  ').split('\n')).toEqual(['unset them:', `  ${long}`, '  does it']);
  });

  it('clip with an ellipsis', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('abc', 4)).toBe('abc');
    expect(clip(`said ${KEY}, and more`, 40)).not.toContain(KEY.slice(0, 16));
  });
});

describe('style', () => {
  it('has no colour at level 0 and some above', async () => {
    expect((await createStyle({ colorLevel: 0, columns: 80 })).red('x')).toBe('x');
    expect((await createStyle({ colorLevel: 1, columns: 80 })).red('x')).toContain('\x1b[');
  });
});

describe('hang', () => {
  it('gives further lines the same right edge as the first one', () => {
    const lines = `name  ${hang('one two three four five six seven eight nine', 24, 6)}`.split('\n');
    expect(lines).toEqual(['name  one two three four', '      five six seven', '      eight nine']);
  });
});
