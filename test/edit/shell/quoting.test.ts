import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellOf, SHELLS } from '../../../src/edit/shell/list.ts';
import type { BlockContent, ShellId } from '../../../src/edit/shell/types.ts';
import { readPowershell } from '../../support/powershell.ts';
import { AWKWARD, printable } from '../../support/printable.ts';
import { needs } from '../../support/prove.ts';
import { CONTENT } from '../../support/start-files.ts';

const PLACE = { home: '/home/u', platform: 'linux' } as const;
const ids = Object.keys(SHELLS) as ShellId[];
const contentOf = (values: readonly string[]): BlockContent => ({
  baseUrl: 'https://x',
  key: { kind: 'literal', value: 'k' },
  variables: values.map((value, index) => ({ name: `V${index}`, value })),
});

/** The variables that a child of bash sees after these lines, V0, V1 and so on. */
function runBash(lines: readonly string[]): string[] {
  const env = execFileSync('bash', ['--norc', '-c', `${lines.join('\n')}\nenv -0`], {
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
  });
  return env
    .split('\0')
    .flatMap((entry) => (/^V\d+=/.test(entry) ? [entry] : []))
    .sort((a, b) => Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0]))
    .map((entry) => entry.replace(/^V\d+=/, ''));
}

describe.skipIf(needs({ program: 'bash' }))('a child of bash', () => {
  it('sees every awkward value byte for byte, from a line to paste and from a block', () => {
    const { assign, body } = shellOf('sh');
    expect(runBash(AWKWARD.map((value, index) => assign(`V${index}`, value)))).toEqual(AWKWARD);
    expect(runBash(body(contentOf(AWKWARD), PLACE))).toEqual(AWKWARD);
  });

  it('sees any printable value byte for byte', () => {
    fc.assert(
      fc.property(fc.array(printable, { minLength: 20, maxLength: 40 }), (values) => {
        expect(runBash(shellOf('sh').body(contentOf(values), PLACE))).toEqual(values);
        expect(runBash(values.map((value, index) => shellOf('sh').assign(`V${index}`, value)))).toEqual(values);
      }),
      { numRuns: 12 },
    );
  });
});

describe('PowerShell, by its own rules for quotes,', () => {
  it('reads every printable value back from a line to paste and from a block', () => {
    const { assign, body } = shellOf('powershell');
    for (const value of AWKWARD) expect(readPowershell([assign('V0', value)], {})).toEqual({ V0: value });
    fc.assert(
      fc.property(printable, (value) => {
        expect(readPowershell([assign('V0', value)], {})).toEqual({ V0: value });
        expect(readPowershell(body(contentOf([value]), PLACE), {})['V0']).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  it('would take an undoubled curly quote for the end of the string', () => {
    expect(() => readPowershell(["$env:A = 'x\u2019y'"], {})).toThrow('follows');
  });
});

describe.each(ids)('%s', (id) => {
  const shell = shellOf(id);

  it('reads back every line that it writes', () => {
    fc.assert(
      fc.property(printable, printable, (value, folder) => {
        const path = `/${folder.replaceAll('/', '') || 'd'}/key`;
        if (/^\/\.\.?\//.test(path)) return;
        for (const key of [
          { kind: 'file', path },
          { kind: 'file', path: `/home/u${path}` },
          { kind: 'env', name: 'MY_key' },
          { kind: 'command', command: `op read ${value}` },
        ] as const) {
          const lines = shell
            .body({ baseUrl: 'https://x', key, variables: [{ name: 'V', value }] }, PLACE)
            .map((line) => shell.readLine(line, PLACE));
          expect(lines).not.toContain(undefined);
          expect(lines).toContainEqual({ kind: 'key', source: key });
          expect(lines).toContainEqual({ kind: 'set', name: 'V', value });
          expect(lines).toContainEqual({ kind: 'set-key', name: 'ANTHROPIC_AUTH_TOKEN' });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('writes ASCII into blocks, whatever the values are', () => {
    const lines = shell.body({ ...contentOf(AWKWARD), key: { kind: 'file', path: '/home/u/données/’/key' } }, PLACE);
    expect(lines.join('')).toMatch(/^[ -~]*$/);
  });

  it('refuses control characters, bad names and an empty key before anything is written', () => {
    for (const value of ['a\nb', 'a\rb', '\0', '\u001b', '\u007f', '\u009b', '\u2028', '\ud800']) {
      expect(() => shell.quote(value)).toThrow(expect.objectContaining({ exit: 'usage' }));
      expect(() => shell.body({ ...CONTENT, baseUrl: value }, PLACE)).toThrow(expect.objectContaining({ exit: 'usage' }));
      expect(() => shell.body({ ...CONTENT, key: { kind: 'file', path: `/x${value}` } }, PLACE)).toThrow(
        expect.objectContaining({ exit: 'usage' }),
      );
    }
    for (const name of ['a', 'A-B', '1A', '', 'A B', 'A;id']) {
      expect(() => shell.assign(name, 'x')).toThrow(expect.objectContaining({ exit: 'usage' }));
      expect(() => shell.unset([name])).toThrow(expect.objectContaining({ exit: 'usage' }));
    }
    expect(() => shell.body({ ...CONTENT, key: { kind: 'literal', value: '' } }, PLACE)).toThrow(
      expect.objectContaining({ exit: 'usage' }),
    );
    expect(() => shell.body({ ...CONTENT, key: { kind: 'env', name: 'A}; id; {' } }, PLACE)).toThrow(
      expect.objectContaining({ exit: 'usage' }),
    );
  });

  it('never puts a refused key into the message', () => {
    const key = 'sk-or-v1-secretsecret\n';
    expect(() => shell.body({ ...CONTENT, key: { kind: 'literal', value: key } }, PLACE)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') }),
    );
  });

  it('sets URL, token and the empty API key first, together, and the URL never without a token', () => {
    const command = { kind: 'command', command: 'op read x' } as const;
    for (const key of [CONTENT.key, command, { kind: 'env', name: 'K' }, { kind: 'literal', value: 'k' }] as const) {
      const lines = shell.body({ ...CONTENT, key }, PLACE);
      const at = (name: string): number => lines.findIndex((line) => line.includes(name));
      expect([at('ANTHROPIC_AUTH_TOKEN'), at('ANTHROPIC_API_KEY')]).toEqual([at('ANTHROPIC_BASE_URL') + 1, at('ANTHROPIC_BASE_URL') + 2]);
      if (key.kind !== 'literal') expect(lines[at('ANTHROPIC_BASE_URL') - 1]).toMatch(/^if /);
    }
  });
});

describe('on Windows', () => {
  it('the key’s path is spelled from the profile folder, for PowerShell and for Git Bash', () => {
    const place = { home: 'C:\\Users\\Zoë', platform: 'win32' } as const;
    const content: BlockContent = { ...CONTENT, key: { kind: 'file', path: 'C:\\Users\\Zoë\\AppData\\Local\\orcc\\key' } };
    expect(shellOf('powershell').body(content, place)[0]).toContain("($env:USERPROFILE + '\\AppData\\Local\\orcc\\key')");
    expect(shellOf('sh').body(content, place)[2]).toContain('"$HOME/AppData/Local/orcc/key"');
    const elsewhere: BlockContent = { ...CONTENT, key: { kind: 'file', path: 'D:\\orcc\\key' } };
    expect(shellOf('sh').body(elsewhere, place)[2]).toContain("'D:/orcc/key'");
    for (const id of ids)
      expect(
        shellOf(id)
          .body(content, place)
          .map((line) => shellOf(id).readLine(line, place)),
      ).toContainEqual({ kind: 'key', source: content.key });
  });
});
