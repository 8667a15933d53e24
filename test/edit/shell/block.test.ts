import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { repairBlock } from '../../../src/edit/shell/block-repair.ts';
import { planAdoption } from '../../../src/edit/shell/shell-adopt.ts';
import { inspectBlock, decodeStartup } from '../../../src/edit/shell/block.ts';
import { readBlockAssignments } from '../../../src/targets/startup-block.ts';
import { HOME, KEY_FILE, OTHER_CONTENT, START_FILES, after, codeOf, edit, textAfter } from '../../support/start-files.ts';

const PLACE = { home: HOME, platform: 'linux' } as const;
const shells = ['sh', 'powershell'] as const;
const cases = START_FILES.flatMap((start) =>
  shells.filter((shell) => start.only === undefined || start.only === shell).map((shell) => ({ ...start, shell })),
);

/** Vitest's own comparison takes seconds for a megabyte. */
const isSame = (a: Uint8Array | null, b: Uint8Array | null): boolean => a !== null && b !== null && Buffer.compare(a, b) === 0;

describe('a block in a start-up file', () => {
  it.each(cases)('is added once, changed and taken out byte for byte: $name, $shell', ({ bytes, shell }) => {
    const added = after(shell, bytes);
    expect(after(shell, added)).toBe(added);
    const changed = after(shell, added, { desired: OTHER_CONTENT });
    expect(isSame(changed, added)).toBe(false);
    expect(isSame(after(shell, changed), added)).toBe(true);
    for (const each of [added, changed]) expect(isSame(after(shell, each, { desired: null }), bytes)).toBe(true);
  });

  it.each(cases)('leaves every byte before and after it as it was: $name, $shell', ({ bytes, shell }) => {
    const added = Buffer.from(after(shell, bytes) ?? []);
    const isWide = bytes[0] === 0xff || bytes[0] === 0xfe;
    const decoded = decodeStartup(added, shell);
    if (!decoded.ok) throw new Error(decoded.reason);
    const [before = '', rest = ''] = decoded.text.split(/# >>> orcc >>>[^]*# <<< orcc <<<\r?\n/);
    const original = decodeStartup(bytes, shell);
    if (!original.ok) throw new Error(original.reason);
    expect(isWide ? added.subarray(0, 2) : Buffer.alloc(0)).toEqual(isWide ? Buffer.from(bytes.subarray(0, 2)) : Buffer.alloc(0));
    expect((before + rest).startsWith(original.text)).toBe(true);
    expect((before + rest).slice(original.text.length)).toMatch(/^(?:\r?\n)?$/);
  });

  it.each(cases)('reads back as what it sets: $name, $shell', ({ bytes, shell }) => {
    const assignments = readBlockAssignments(after(shell, bytes) ?? Buffer.alloc(0), shell, PLACE);
    expect(assignments.map(({ name }) => name)).toEqual([
      'ANTHROPIC_BASE_URL',
      'ANTHROPIC_AUTH_TOKEN',
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_DEFAULT_OPUS_MODEL',
      'ANTHROPIC_MODEL',
    ]);
    expect(assignments[1]).toMatchObject({ keyRef: { kind: 'file', path: KEY_FILE } });
    expect(assignments[3]).toMatchObject({ value: 'z-ai/glm-4.7' });
  });

  it('is ASCII whatever it holds, and its sum is that of its body', () => {
    for (const shell of shells) {
      const text = textAfter(shell, 'x\n', {
        desired: {
          ...OTHER_CONTENT,
          key: { kind: 'file', path: '/data/é/key' },
          variables: [{ name: 'ANTHROPIC_MODEL', value: 'naïve ’\u{1f600}' }],
        },
      });
      expect(text).toMatch(/^[\n\r -~]*$/);
      const [, sum, body = ''] = /# >>> orcc >>> v=1 sum=([0-9a-f]{8}) [^\n]*\n([^]*)# <<< orcc <<</.exec(text) ?? [];
      expect(sum).toBe(createHash('sha256').update(body).digest('hex').slice(0, 8));
    }
  });

  it('keeps to LF in a POSIX shell file and follows the majority in a PowerShell one', () => {
    expect(textAfter('sh', 'a\r\nb\r\n').replace(/^a\r\nb\r\n/, '')).not.toContain('\r');
    expect(
      textAfter('powershell', 'a\r\nb\r\nc\n')
        .split('\n')
        .filter((line) => !line.endsWith('\r')),
    ).toEqual(['c', '']);
    for (const [text, platform, eol] of [
      ['a\nb\nc\r\n', 'win32', '\n'],
      ['a\r\nb\r\nc\nd\ne\n', 'win32', '\n'],
      ['a\r\nb\n', 'win32', '\r\n'],
      ['a\r\nb\n', 'linux', '\n'],
      ['', 'win32', '\r\n'],
      ['', 'linux', '\n'],
    ] as const) {
      const block = textAfter('powershell', text, { platform }).slice(text.length);
      expect([text, platform, block.replace(/[^\r\n]+/g, '').slice(0, eol.length)]).toEqual([text, platform, eol]);
    }
  });

  it('stays where it stands when it changes', () => {
    const text = textAfter('sh', 'one\n').replace(/$/, 'two\n');
    const changed = textAfter('sh', text, { desired: OTHER_CONTENT });
    expect(changed).toMatch(/^one\n# >>> orcc [^]*# <<< orcc <<<\ntwo\n$/);
    expect(textAfter('sh', changed, { desired: null })).toBe('one\ntwo\n');
  });

  it.each([false, true])('stands in the order of bytes that a UTF-16 file has (big: %s)', (isBig) => {
    const turned = (bytes: Buffer): Buffer => (isBig ? bytes.swap16() : bytes);
    const added = after('powershell', turned(Buffer.from('\ufeff$a = 1\r\n', 'utf16le')));
    expect(turned(Buffer.from(added ?? [])).toString('utf16le')).toMatch(/^\ufeff\$a = 1\r\n# >>> orcc [^]*\n# <<< orcc <<<\r\n$/);
  });

  it.each([
    ['no line break follows it', (block: string) => `one\n${block.replace(/\n$/, '')}`, 'one\n'],
    ['the line was deleted that it gave a line break', (block: string) => block.replace(' v=1', ' v=1 nl=0'), ''],
    ['the line was emptied that it gave a line break', (block: string) => `\n${block.replace(' v=1', ' v=1 nl=0')}`, ''],
  ])('is taken out, and nothing else, where %s', (_, place, rest) => {
    const text = place(textAfter('sh', ''));
    expect(textAfter('sh', text, { desired: null })).toBe(rest);
    expect(textAfter('sh', textAfter('sh', text, { desired: OTHER_CONTENT }), { desired: null })).toBe(rest);
  });

  it('leaves the line break that it added where something was written after it since', () => {
    const text = `${textAfter('sh', 'export A=1')}export B=2\n`;
    expect(textAfter('sh', text, { desired: null })).toBe('export A=1\nexport B=2\n');
  });

  it('is recognised after an editor gave the file other line ends, or a byte order mark', () => {
    const converted = textAfter('sh', 'export A=1\n').replaceAll('\n', '\r\n');
    expect(inspectBlock(Buffer.from(converted, 'latin1'), 'sh')).toMatchObject({ kind: 'blocks', blocks: [{ edited: false }] });
    const repaired = textAfter('sh', Buffer.from(converted, 'latin1'));
    expect(repaired.split('# >>> orcc')[1]).not.toContain('\r');
    const marked = Buffer.concat([Buffer.from('\ufeff'), Buffer.from(after('powershell', null) ?? [])]);
    expect(inspectBlock(marked, 'powershell').kind).toBe('blocks');
    expect(after('powershell', marked, { desired: null, created: true })).toBeNull();
  });
});

describe('a file that orcc made', () => {
  it('goes with its last byte, and stays where the user added something', () => {
    for (const shell of ['sh', 'fish', 'powershell'] as const) {
      const made = after(shell, null);
      expect(after(shell, made, { desired: null, created: true })).toBeNull();
      const used = Buffer.concat([Buffer.from(made ?? []), Buffer.from('mine\n')]);
      expect(Buffer.from(after(shell, used, { desired: null, created: true }) ?? []).toString()).toBe('mine\n');
    }
  });

  it('is not made where nothing is to be in it', () => {
    expect(after('sh', null, { desired: null })).toBeNull();
  });

  it('of fish’s is refused where someone else wrote a file of that name, and not where it is empty', () => {
    expect(edit('fish', 'set -gx A 1\n')).toMatchObject({ code: 'FOREIGN_FILE', line: 1 });
    expect(textAfter('fish', textAfter('fish', '\n'), { desired: null })).toBe('\n');
  });
});

describe('a file that can’t be edited safely', () => {
  it.each([
    ['UTF-16 for a POSIX shell', 'sh', Buffer.from('\ufeffalias a=b\n', 'utf16le'), 'ENCODING'],
    ['NUL bytes without a mark', 'sh', Buffer.from('a\0b\n'), 'ENCODING'],
    ['NUL bytes without a mark', 'powershell', Buffer.from('a\0b\0'), 'ENCODING'],
    ['UTF-16 with half a character', 'powershell', Buffer.from([0xff, 0xfe, 0x41]), 'ENCODING'],
    ['UTF-32', 'powershell', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 'ENCODING'],
    ['a signed profile', 'powershell', Buffer.from('$a = 1\r\n# SIG # Begin signature block\r\n# x\r\n'), 'SIGNED'],
    ['more than 5 MiB', 'sh', Buffer.alloc(5 * 1024 * 1024 + 1, 'a\n'), 'TOO_BIG'],
  ] as const)('is refused: %s (%s)', (_, shell, bytes, code) => {
    const result = edit(shell, bytes);
    expect(codeOf(result)).toBe(code);
    expect(result).toMatchObject({ message: expect.stringContaining('/home/u/'), hint: expect.stringMatching(/./) });
    if (code !== 'ENCODING') return;
    expect(inspectBlock(bytes, shell).kind).toBe('unreadable');
    expect(repairBlock(bytes, shell, PLACE).ok).toBe(false);
    expect(planAdoption('/home/u/.profile', shell, bytes, ['A'], {})).toMatchObject({ ok: false, code });
  });

  it('is not one of 5 MiB', () => {
    expect(edit('sh', Buffer.alloc(5 * 1024 * 1024, 'a\n')).ok).toBe(true);
  });

  it('never gets a value with a line break or another control character', () => {
    for (const value of ['a\nb', 'a\rb', 'a\0', '\u001b[1m', '\u0085', '\u2028', '\ud800']) {
      for (const shell of ['sh', 'fish', 'powershell'] as const) {
        expect(() => edit(shell, '', { desired: { ...OTHER_CONTENT, variables: [{ name: 'ANTHROPIC_MODEL', value }] } })).toThrow(
          expect.objectContaining({ exit: 'usage' }),
        );
      }
    }
  });
});
