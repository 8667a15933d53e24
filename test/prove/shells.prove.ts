import { Buffer } from 'node:buffer';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planShellFile } from '../../src/edit/shell/shell-edit.ts';
import { shellOf } from '../../src/edit/shell/list.ts';
import type { BlockContent, ShellId } from '../../src/edit/shell/types.ts';
import { createExec } from '../../src/system/exec.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { targetOf } from '../../src/targets/index.ts';
import { holdsOf, placementOf, shellIdOf } from '../../src/targets/types.ts';
import { AWKWARD, printable } from '../support/printable.ts';
import { needs } from '../support/prove.ts';
import { runLines, start } from '../support/real-shells.ts';

const SHELLS: readonly (readonly [program: string, syntax: ShellId])[] = [
  ['bash', 'sh'],
  ['dash', 'sh'],
  ['zsh', 'sh'],
  ['ksh', 'sh'],
  ['mksh', 'sh'],
  ['fish', 'fish'],
  ['pwsh', 'powershell'],
];
const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';

let home = '';
const base = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: home,
  LC_ALL: 'C.UTF-8',
  ANTHROPIC_API_KEY: 'sk-ant-real',
});
const place = () => ({ home, platform: process.platform });
const keyFile = (): string => path.join(home, '.config', 'orcc', 'key');
const content = (more: Partial<BlockContent> = {}): BlockContent => ({
  baseUrl: 'https://openrouter.ai/api',
  key: { kind: 'file', path: keyFile() },
  variables: [{ name: 'ANTHROPIC_MODEL', value: 'sonnet' }],
  ...more,
});

beforeAll(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), 'orcc-shells-')));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function layKey(bytes: string | undefined): void {
  rmSync(keyFile(), { recursive: true, force: true });
  mkdirSync(path.dirname(keyFile()), { recursive: true });
  if (bytes !== undefined) writeFileSync(keyFile(), bytes);
}

/** Everything of ours that a child sees, sorted. */
const ours = (env: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries([...env].filter(([name]) => /^(?:ANTHROPIC_|orcc)/.test(name)).sort());

const SET = {
  ANTHROPIC_API_KEY: '',
  ANTHROPIC_AUTH_TOKEN: KEY,
  ANTHROPIC_BASE_URL: 'https://openrouter.ai/api',
  ANTHROPIC_MODEL: 'sonnet',
};

/** Every printable code point of Unicode, 1500 to a value. */
function allPrintable(): string[] {
  const values: string[] = [];
  let value = '';
  for (let code = 0x20; code <= 0x10ffff; code += 1) {
    const char = String.fromCodePoint(code);
    if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(char)) continue;
    value += char;
    if (value.length >= 1500) {
      values.push(value);
      value = '';
    }
  }
  return [...values, value];
}

describe.each(SHELLS)('%s', (program, syntax) => {
  describe.skipIf(needs({ program }))('really started,', () => {
    const seen = (values: readonly string[], lines: readonly string[]): string[] => {
      const { env } = runLines(program, lines, home, { ...base(), V0: 'from before' });
      return values.map((_, index) => env.get(`V${index}`) ?? '(absent)');
    };
    const check = (values: readonly string[]): void => {
      const shell = shellOf(syntax);
      const variables = values.map((value, index) => ({ name: `V${index}`, value }));
      // PowerShell before 7.5 takes a variable away that is set to nothing: the values there are never empty.
      const expected = syntax === 'powershell' ? values.map((value) => value || 'x') : values;
      const named = variables.map(({ name }, index) => ({ name, value: expected[index] ?? '' }));
      expect(seen(expected, shell.body(content({ key: { kind: 'literal', value: KEY }, variables: named }), place()))).toEqual(expected);
      expect(
        seen(
          expected,
          named.map(({ name, value }) => shell.assign(name, value)),
        ),
      ).toEqual(expected);
    };

    it('hands every awkward value to a child byte for byte', () => {
      check(AWKWARD);
    });

    it('hands any printable value to a child byte for byte', () => {
      // PowerShell takes a second to start: fewer starts, with more values each.
      const [numRuns, minLength] = syntax === 'powershell' ? [6, 300] : [40, 40];
      fc.assert(fc.property(fc.array(printable, { minLength, maxLength: 2 * minLength }), check), { numRuns });
    });

    it('hands every single printable character of Unicode to a child byte for byte', () => {
      const values = allPrintable();
      expect(values.join('').length).toBeGreaterThan(1_000_000);
      const each = syntax === 'powershell' ? 250 : 100;
      for (let at = 0; at < values.length; at += each) check(values.slice(at, at + each));
    });

    it.each([
      ['a key', `${KEY}\n`, true],
      ['a key without a newline', KEY, true],
      ['a key with a Windows line end', `${KEY}\r\n`, true],
      ['a key and blank lines', `${KEY} \r\n\n\n`, true],
      ['nothing in it', '', false],
      ['a blank line in it', '\n', false],
    ])('exports all or nothing, quietly, under `set -eu` too, where the key file has %s', (_, bytes, isSet) => {
      layKey(bytes);
      const strict =
        syntax === 'sh'
          ? ['set -eu']
          : syntax === 'powershell'
            ? ['Set-StrictMode -Version Latest', '$ErrorActionPreference = "Stop"']
            : [];
      for (const first of [[], strict]) {
        const { status, stderr, env } = runLines(program, [...first, ...shellOf(syntax).body(content(), place())], home, base());
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(ours(env)).toEqual(isSet ? SET : { ANTHROPIC_API_KEY: 'sk-ant-real' });
      }
    });

    it.each(['missing', 'a folder', 'below a file', 'unreadable'])(
      'exports nothing, quietly, under `set -eu` too, where the key file is %s',
      (what) => {
        layKey(what === 'unreadable' || what === 'below a file' ? KEY : undefined);
        if (what === 'a folder') mkdirSync(keyFile());
        if (what === 'unreadable') chmodSync(keyFile(), 0);
        const key = { kind: 'file', path: what === 'below a file' ? `${keyFile()}/key` : keyFile() } as const;
        const strict = syntax === 'sh' ? 'set -eu' : '';
        const { status, stderr, env } = runLines(program, [strict, ...shellOf(syntax).body(content({ key }), place())], home, base());
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        // root may read everything.
        const isRoot = process.getuid?.() === 0 && what === 'unreadable';
        expect(ours(env)).toEqual(isRoot ? SET : { ANTHROPIC_API_KEY: 'sk-ant-real' });
      },
    );

    it('takes the key from a variable of the user’s, and exports nothing where that is missing or empty', () => {
      const body = shellOf(syntax).body(content({ key: { kind: 'env', name: 'OPENROUTER_API_KEY' } }), place());
      const strict = syntax === 'sh' ? 'set -eu' : '';
      expect(ours(runLines(program, [strict, ...body], home, { ...base(), OPENROUTER_API_KEY: KEY }).env)).toEqual(SET);
      for (const env of [base(), { ...base(), OPENROUTER_API_KEY: '' }]) {
        const result = runLines(program, [strict, ...body], home, env);
        expect(result).toMatchObject({ status: 0, stderr: '' });
        expect(ours(result.env)).toEqual({ ANTHROPIC_API_KEY: 'sk-ant-real' });
      }
    });

    it.each([
      ['the key', `printf '%s\\n' "$MY_KEY"`, true],
      ['the key with a Windows line end', `printf '%s\\r\\n' "$MY_KEY"`, true],
      ['quotes, dollars and a percent sign in the command', `p='%s'; test "a'b" = 'a'"'"'b' && printf "$p" "\${MY_KEY}"`, true],
      ['words that are not ASCII in the command', `test 'é’' != x && printf %s "$MY_KEY"`, true],
      ['two lines', `printf '%s\\n' "$MY_KEY" more`, false],
      ['colours', `printf '\\033[32m%s\\033[0m' "$MY_KEY"`, false],
      ['nothing', 'true', false],
      ['an error and a message', 'echo locked >&2; exit 3', false],
      ['a program that is not there', 'no-such-program-here', false],
    ])('takes what a command prints, all or nothing, quietly, under `set -eu` too: %s', (_, command, isSet) => {
      const body = shellOf(syntax).body(content({ key: { kind: 'command', command } }), place());
      const strict = syntax === 'sh' ? 'set -eu' : syntax === 'powershell' ? '$ErrorActionPreference = "Stop"' : '';
      for (const first of ['', strict]) {
        const { status, stderr, env } = runLines(program, [first, ...body], home, { ...base(), MY_KEY: KEY });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(ours(env)).toEqual(isSet ? SET : { ANTHROPIC_API_KEY: 'sk-ant-real' });
      }
    });

    it('forgets everything with the lines for `unset`', () => {
      layKey(KEY);
      const lines = [...shellOf(syntax).body(content(), place()), ...shellOf(syntax).unset(Object.keys(SET))];
      expect(ours(runLines(program, lines, home, base()).env)).toEqual({});
    });

    it('reads the key from a path with every awkward character in it', () => {
      // On Unix PowerShell takes every backslash of a path for a slash, as its own Get-Content: no such path can be read.
      const folder = path.join(home, `a b'c"d$e\`f${syntax === 'powershell' ? '' : '\\'}g!h(é’)[i]`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, 'key'), `${KEY}\n`);
      for (const from of [place(), { ...place(), home: '/elsewhere' }]) {
        expect(
          ours(
            runLines(program, shellOf(syntax).body(content({ key: { kind: 'file', path: path.join(folder, 'key') } }), from), home, base())
              .env,
          ),
        ).toEqual(SET);
      }
    });
  });
});

describe('a new shell, with its own start-up files,', () => {
  const context = () => ({
    fs: createFileSystem(),
    env: base(),
    home,
    platform: process.platform,
    cwd: home,
    exec: createExec(base(), process.platform),
  });

  /** Writes the target's files as the planner would, runs the starts, and takes them out again: the bytes must come back. */
  async function withTarget(
    id: 'bash' | 'zsh' | 'fish' | 'powershell',
    files: Readonly<Record<string, string>>,
    run: () => void,
  ): Promise<void> {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
    layKey(`${KEY}\n`);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
      writeFileSync(path.join(home, name), text, 'latin1');
    }
    const located = await targetOf(id).locate(context());
    const edits = located.files.map((file) => {
      const before = readBytes(file.path);
      const input = {
        path: file.path,
        shell: shellIdOf(id),
        holds: holdsOf(id) === 'whole' ? 'whole' : 'block',
        placement: placementOf(id),
        home,
        platform: process.platform,
        force: false,
        adopt: false,
      } as const;
      const result = planShellFile({ ...input, before, desired: content(), created: false });
      if (!result.ok || result.after === null) throw new Error(result.ok ? 'no file' : result.message);
      mkdirSync(path.dirname(file.path), { recursive: true });
      writeFileSync(file.path, result.after);
      return { file, before, input };
    });
    run();
    for (const { file, before, input } of edits) {
      const result = planShellFile({ ...input, before: readBytes(file.path), desired: null, created: before === null });
      expect(result.ok && (before === null ? result.after === null : Buffer.compare(result.after ?? Buffer.alloc(0), before) === 0)).toBe(
        true,
      );
    }
  }

  function readBytes(file: string): Uint8Array | null {
    try {
      return readFileSync(file);
    } catch {
      return null;
    }
  }

  const DEBIAN_BASHRC =
    '# ~/.bashrc\n\n# If not running interactively\ncase $- in\n    *i*) ;;\n      *) return;;\nesac\nalias ll="ls -l"\n';
  const DEBIAN_PROFILE = 'if [ -n "$BASH_VERSION" ]; then\n    if [ -f "$HOME/.bashrc" ]; then\n\t. "$HOME/.bashrc"\n    fi\nfi\n';
  const BASH = {
    'empty home': {},
    'Debian’s files': { '.bashrc': DEBIAN_BASHRC, '.profile': DEBIAN_PROFILE },
    'a login file that reads nothing': { '.bashrc': DEBIAN_BASHRC, '.bash_profile': 'export X=1' },
    'a strict .bashrc without final newline, in cp1252': { '.bashrc': 'set -eu\n# caf\xe9\nalias a=b', '.profile': '. ~/.bashrc\n' },
  };

  describe.skipIf(needs({ program: 'bash' }))('bash', () => {
    it.each(Object.entries(BASH))(
      'sees exactly the variables at interactive, login and both starts, and the files come back: %s',
      async (_, files) => {
        await withTarget('bash', files, () => {
          for (const flags of ['-ic', '-lc', '-ilc']) expect(ours(start('bash', [flags, 'env -0'], base(), home).env)).toEqual(SET);
          expect(ours(start('bash', ['-c', 'env -0'], base(), home).env)).toEqual({ ANTHROPIC_API_KEY: 'sk-ant-real' });
        });
      },
    );
  });

  describe.skipIf(needs({ program: 'zsh' }))('zsh', () => {
    it.each(
      Object.entries({
        'empty home': {},
        'ZDOTDIR set in .zshenv, not exported': {
          '.zshenv': 'echo noise\nZDOTDIR=$HOME/.config/zsh\n',
          '.config/zsh/.zshrc': 'setopt extended_glob\nx=1',
        },
        'strict options': { '.zshrc': 'setopt err_return no_unset sh_word_split glob_subst csh_null_glob rc_quotes warn_create_global\n' },
      }),
    )('sees exactly the variables at interactive starts, and the files come back: %s', async (_, files) => {
      await withTarget('zsh', files, () => {
        for (const flags of ['-ic', '-ilc'])
          expect(ours(start('zsh', [flags, 'env -0'], { ...base(), ZDOTDIR: '/nonexistent' }, home).env)).toEqual({
            ANTHROPIC_API_KEY: 'sk-ant-real',
          });
        for (const flags of ['-ic', '-ilc']) {
          const { stderr, env } = start('zsh', [flags, 'env -0'], base(), home);
          expect(ours(env)).toEqual(SET);
          expect(stderr).not.toMatch(/orcc/);
        }
      });
    });
  });

  describe.skipIf(needs({ program: 'fish' }))('fish', () => {
    it.each(Object.entries({ 'empty home': {}, 'a config.fish': { '.config/fish/config.fish': 'set -gx X 1\n' } }))(
      'sees exactly the variables at every start, and the files come back: %s',
      async (_, files) => {
        await withTarget('fish', files, () => {
          for (const flags of ['-c', '-ic', '-lc', '-ilc']) expect(ours(start('fish', [flags, 'env -0'], base(), home).env)).toEqual(SET);
        });
      },
    );
  });

  describe.skipIf(needs({ program: 'pwsh' }))('PowerShell', () => {
    const PROFILE = '.config/powershell/profile.ps1';
    const wide = (text: string, isBig = false): string => {
      const data = Buffer.from(`\ufeff${text}`, 'utf16le');
      return (isBig ? data.swap16() : data).toString('latin1');
    };
    it.each(
      Object.entries({
        'empty home': {},
        'a profile': { [PROFILE]: 'function prompt { "> " }\n$x = 1' },
        'Windows line ends and a UTF-8 mark': { [PROFILE]: '\xef\xbb\xbf$env:NOTE = "caf\xc3\xa9"\r\n# end\r\n' },
        'UTF-16LE': { [PROFILE]: wide('$env:NOTE = "café"\r\n') },
        'UTF-16BE without final newline': { [PROFILE]: wide('$env:NOTE = "café"', true) },
        'the ANSI code page': { [PROFILE]: '# caf\xe9 \x93x\x94\n$x = 1\n' },
        'StrictMode, and every error ends it': { [PROFILE]: 'Set-StrictMode -Version Latest\n$ErrorActionPreference = "Stop"\n' },
        ConstrainedLanguage: { [PROFILE]: '$ExecutionContext.SessionState.LanguageMode = "ConstrainedLanguage"\n' },
        'a profile of this host too': {
          '.config/powershell/Microsoft.PowerShell_profile.ps1': '$orcc_key = 1; Remove-Item function:f -ea 0\n',
        },
        'a last comment that goes on': { [PROFILE]: '<#\n#> # `' },
      }),
    )('sees exactly the variables at every start with a profile, and the files come back: %s', async (_, files) => {
      await withTarget('powershell', files, () => {
        for (const args of [['-Command'], ['-NonInteractive', '-NoProfile', '-Command', '. $PROFILE.CurrentUserAllHosts;']]) {
          const { status, stderr, env } = start('pwsh', ['-NoLogo', ...args, 'env -0'], base(), home);
          expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
          expect(ours(env)).toEqual(SET);
          if (Object.values(files).join('').includes('caf')) expect([undefined, 'café']).toContain(env.get('NOTE'));
        }
        expect(ours(start('pwsh', ['-NoProfile', '-Command', 'env -0'], base(), home).env)).toEqual({ ANTHROPIC_API_KEY: 'sk-ant-real' });
      });
    });

    it('leaves nothing of its own behind in the session', async () => {
      await withTarget('powershell', {}, () => {
        const { env } = start('pwsh', ['-Command', '$env:LEFT = [string](Test-Path variable:orcc_key); env -0'], base(), home);
        expect(env.get('LEFT')).toBe('False');
      });
    });
  });
});
