import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/apply/types.ts';
import { countLines, maskLine, renderEdit } from '../../src/change/diff.ts';
import { shortPath } from '../../src/text/text.ts';
import { plainStyle } from '../../src/text/style.ts';

const KEY = 'sk-or-v1-'.padEnd(73, '0123456789abcdef');
const edit = (before: string | Uint8Array | null, after: string | Uint8Array | null, more: Partial<Edit> = {}): Edit => ({
  path: '/home/u/.zshrc',
  owner: 'zsh',
  before: before === null ? null : Buffer.from(before),
  after: after === null ? null : Buffer.from(after),
  mode: null,
  modeBefore: before === null ? null : 0o644,
  summary: 'zsh: setup written',
  ...more,
});
const render = (each: Edit, secrets: readonly string[] = []): string => renderEdit(each, plainStyle(), secrets, '/home/u');

describe('the preview of an edit', () => {
  it('shows path, mode, and what changes with two lines around', () => {
    const text = render(edit('1\n2\n3\n4\n5\n', '1\n2\n3\nnew\n4\n5\n'));
    expect(text.split('\n')).toEqual(['~/.zshrc', '    2', '    3', '  + new', '    4', '    5']);
  });

  it('shows hunks apart, and says nothing of a line break that is missing', () => {
    const text = render(edit('1\n2\n3\n4\n5\n6\n7', 'a\n2\n3\n4\n5\n6\nb'));
    const lines = ['  - 1', '  + a', '    2', '    3', '  ...', '    5', '    6', '  - 7', '  + b'];
    expect(text.split('\n')).toEqual(['~/.zshrc', ...lines]);
  });

  it.each([
    ['UTF-16LE', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16BE', (text: string) => Buffer.from(text, 'utf16le').swap16()],
  ])('reads %s, so that a key in it is masked', (_encoding, encode) => {
    const text = render(edit(encode('\ufeff$env:A = "1"\r\n'), encode(`\ufeff$env:A = "${KEY}"\r\n`)), [KEY]);
    expect(text).toMatch(/^ {2}- \$env:A = "1"$/m);
    expect(text).toMatch(/^ {2}\+ \$env:A = "/m);
    expect(text).not.toContain(KEY);
  });

  it.each([[[0xff, 0x41]], [[0xfe, 0x41]], [[0x41, 0xfe]], [[0x41, 0xff]], [[0x41, 0xff, 0xfe]]])(
    'reads bytes %o, which begin no UTF-16, one by one',
    (bytes) => {
      expect(render(edit(null, Buffer.from(bytes)))).toContain(`  + ${Buffer.from(bytes).toString('latin1')}`);
    },
  );

  it('reads UTF-8, whatever the language', () => {
    expect(render(edit(null, 'export A=é€\n'))).toContain('  + export A=é€');
  });

  it('paints what goes, what comes, and what stays', () => {
    const style = { ...plainStyle(), green: (text: string) => `green(${text})`, red: (text: string) => `red(${text})` };
    const lines = renderEdit(edit('1\n2\n', '1\n3\n'), style, [], '/home/u').split('\n');
    expect(lines.slice(1)).toEqual(['    1', 'red(  - 2)', 'green(  + 3)']);
  });

  it('shows JSON of short lines, and long lines of what is no JSON, as they are', () => {
    expect(render(edit('{"a": 1, "b": 2}\n', '{"a": 1, "b": 3}\n')).split('\n').slice(1)).toEqual([
      '  - {"a": 1, "b": 2}',
      '  + {"a": 1, "b": 3}',
    ]);
    const json = (length: number): string => JSON.stringify({ a: 'y'.repeat(length - '{"a":""}'.length) });
    for (const [length, lines] of [
      [200, 1],
      [201, 3],
    ] as const)
      expect(
        render(edit(null, json(length)))
          .split('\n')
          .slice(1),
      ).toHaveLength(lines);
    const long = `alias x="${'y'.repeat(300)}"`;
    expect(render(edit('', `${long}\n`))).toContain(`  + ${long}`);
    expect(render(edit(null, JSON.stringify({ a: 'y'.repeat(300), b: 1 })))).toMatch(/^ {2}\+ {3}"b": 1$/m);
  });

  it('counts the lines that a file gains and loses', () => {
    expect(countLines(edit('1\n2\n3\n', '1\na\nb\n3\n'))).toEqual({ added: 2, removed: 1 });
    expect([countLines(edit(null, 'a\n')), countLines(edit('a\nb\n', null))]).toEqual([
      { added: 1, removed: 0 },
      { added: 0, removed: 2 },
    ]);
  });

  it('shows the members of JSON that is one line, not the whole line twice', () => {
    const allow = Array.from({ length: 40 }, (_, at) => `Bash(npm run task-${String(at)})`);
    const [before, after] = [{}, { B: KEY }].map((env) =>
      JSON.stringify({ permissions: { allow }, env: { A: '1', ...env }, note: 'x'.repeat(900) }),
    );
    const text = render(edit(before ?? '', after ?? ''));
    expect(text).toMatch(/^ {2}\+ {5}"B": "sk-or-v1-012\.\.\.\w{4}"$/m);
    expect(text).not.toContain('task-0');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(210);
  });

  it('says how the mode changes and why', () => {
    expect(render(edit('a\n', 'b\n', { mode: 0o600 }))).toMatch(/ mode 0644 -> 0600, .*\bkey$/m);
    expect(render(edit(null, 'b\n', { mode: 0o600 }))).toContain('new file, mode 0600');
    expect(render(edit('a\n', null))).toContain('deleted');
    expect(render(edit(null, 'b\n')).split('\n')[0]).toBe('~/.zshrc  new file');
    expect(countLines(edit('1\n2\n3\n4\n5\n', '1\n2\n3\n4\n6\n'))).toEqual({ added: 1, removed: 1 });
  });

  it('says so where the mode alone changes back', () => {
    expect(render(edit('a\n', 'a\n', { mode: 0o644, modeBefore: 0o600 }))).toContain('mode 0600 -> 0644: ');
  });

  it('shows neither key, nor another vendor’s, nor a gateway’s of any shape', () => {
    const text = render(edit('T="sk-ant-api03-abcdefghijklmnop"\n', `T="${KEY}"\nG="gateway-secret-123"\nCI_TOKEN=by-name-alone\n`), [
      'gateway-secret-123',
    ]);
    expect(text).not.toContain(KEY);
    expect(text).not.toContain('abcdefghijklmnop');
    expect(text).not.toContain('secret-123');
    expect(text).not.toContain('by-name-alone');
  });

  it('shows nothing at all of the key file', () => {
    expect(render(edit(null, 'plain-gateway-key\n', { owner: 'key', path: '/home/u/.config/orcc/key' }))).not.toContain(
      'plain-gateway-key',
    );
  });

  it('can not be made to drive the terminal by what stands in the file', () => {
    expect(render(edit('', 'PS1="\x1b]0;x\x07\x1b[2J"\n'))).not.toContain('\x1b');
  });

  it('reads UTF-16 and Latin-1 for showing', () => {
    expect(render(edit(Buffer.from('\ufeff$a = "é"\n', 'utf16le'), Buffer.from('\ufeff$a = "è"\n', 'utf16le')))).toContain('$a = "è"');
    const big = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    expect(render(edit(big('$a = "é"\n'), big('$a = "è"\n')))).toContain('$a = "è"');
    expect(render(edit(Buffer.from('caf\xe9\n', 'latin1'), Buffer.from('caf\xe8\n', 'latin1')))).toContain('cafè');
  });
});

describe('a line of somebody’s file', () => {
  it.each([
    ['export GITHUB_TOKEN=abc-def', 'export GITHUB_TOKEN=(hidden)'],
    ['"dbPassword": "abc def"', '"dbPassword": "(hidden)"'],
    ['export A=1 B_SECRET=abc', 'export A=1 B_SECRET=(hidden)'],
    ['curl -H x-ant sk-ant-abcdefghijklmnop', 'curl -H x-ant (hidden)'],
    ['  "apiKeyHelper": "echo abc-def",', '  "apiKeyHelper": "echo (hidden)",'],
    ['"apiKeyHelper": "true && printf %s abc"', '"apiKeyHelper": "true && printf (hidden)"'],
    ['"awsAuthRefresh": "print abc"', '"awsAuthRefresh": "print (hidden)"'],
    ['"awsCredentialExport": "Write-Output abc; exit"', '"awsCredentialExport": "Write-Output (hidden)"'],
    ['"otelHeadersHelper": "Write-Host abc"', '"otelHeadersHelper": "Write-Host (hidden)"'],
    ['"apiKeyHelper": "cat <<< abc"', '"apiKeyHelper": "cat <<< (hidden)"'],
    ['"apiKeyHelper": "echo \\"abc\\" def"', '"apiKeyHelper": "echo (hidden)"'],
  ])('has what is secret hidden: %s', (line, shown) => {
    expect(maskLine(line)).toBe(shown);
  });

  it.each([
    'export GITHUB_TOKEN=$OTHER',
    'export GITHUB_TOKEN="${OTHER}"',
    'export GITHUB_TOKEN=$(pass show token)',
    'export GITHUB_TOKEN=""',
    'USE_TOKEN=1',
    'USE_TOKEN=FALSE',
    'GITHUB_TOKEN=(hidden)',
    'read_token < file',
    'read_token } || x',
    'ANTHROPIC_AUTH_TOKEN="sk-or-v1-012...cdef"',
    'ANTHROPIC_AUTH_TOKEN=...cdef',
    'a sk-or-v1-0123456789abc...wxyz',
    '"apiKeyHelper": "cat /home/u/.config/orcc/key"',
    '"apiKeyHelper": "echoes x"',
    '"note": "echo abc"',
  ])('is shown as it is where nothing in it is: %s', (line) => {
    expect(maskLine(line)).toBe(line);
  });
});

describe('shortPath', () => {
  it.each([
    ['/home/u/.zshrc', '~/.zshrc'],
    ['/home/u', '~'],
    ['/home/user2/.zshrc', '/home/user2/.zshrc'],
    ['/etc/x', '/etc/x'],
  ])('%s: %s', (given, wanted) => {
    expect(shortPath(given, '/home/u')).toBe(wanted);
  });
});
