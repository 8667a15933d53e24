import { Buffer } from 'node:buffer';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listSessions } from '../../src/claude/sessions.ts';
import { askShell } from '../../src/targets/layers-ask-shell.ts';
import { checkSyntax } from '../../src/targets/syntax.ts';
import { createExec } from '../../src/system/exec.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { askPowershell, blockedBy } from '../../src/targets/powershell-ask.ts';
import { targetOf } from '../../src/targets/index.ts';
import { readPowershell } from '../support/powershell.ts';
import { findProgram, needs } from '../support/prove.ts';
import { judge } from '../support/pwsh-judge.ts';
import { createSandbox, ORCC_BIN, runProgram, type Sandbox } from '../support/sandbox.ts';
import { START_FILES, textAfter } from '../support/start-files.ts';
import { initWords } from '../support/use.ts';

const KEY = `sk-or-v1-${'0'.repeat(64)}`;
const PWSH = findProgram('pwsh') ?? '';
const PROFILE = '.config/powershell/profile.ps1';

let sandbox: Sandbox;
let env: Record<string, string>;

/** A home of its own, with orcc, pwsh and node first on PATH. */
function open(): void {
  sandbox = createSandbox();
  const bin = path.join(sandbox.home, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, path.join(bin, 'node'));
  symlinkSync(PWSH, path.join(bin, 'pwsh'));
  writeFileSync(path.join(bin, 'orcc'), `#!/bin/sh\nexec node '${ORCC_BIN}' "$@"\n`);
  chmodSync(path.join(bin, 'orcc'), 0o755);
  env = { ...sandbox.env, PATH: `${bin}${path.delimiter}${sandbox.env['PATH'] ?? ''}`, ANTHROPIC_API_KEY: 'sk-ant-real' };
}
const context = (more: Record<string, string> = {}) => ({
  fs: createFileSystem(),
  env: { ...env, ...more },
  home: sandbox.home,
  platform: process.platform,
  cwd: sandbox.cwd,
  exec: createExec({ ...env, ...more }, process.platform),
  random: (bytes: number) => new Uint8Array(bytes).fill(7),
});

describe.skipIf(needs({ program: 'pwsh' }))('PowerShell, asked by orcc,', () => {
  beforeAll(open);
  afterAll(() => sandbox.dispose());

  it.each([{}, { XDG_CONFIG_HOME: '/tmp/x' }, { XDG_CONFIG_HOME: '' }])('has its profile where orcc computes it: %j', async (more) => {
    const answer = await askPowershell(context(more), PWSH);
    expect(answer).toMatchObject({ version: expect.stringMatching(/^7\./), edition: 'Core', languageMode: 'FullLanguage' });
    const { files } = await targetOf('powershell').locate(context(more));
    expect(files.map((file) => file.path)).toEqual([answer?.path]);
    expect(answer === undefined ? 'no answer' : blockedBy(answer)).toBeUndefined();
    expect(answer?.policies).toEqual(
      ['MachinePolicy', 'UserPolicy', 'Process', 'CurrentUser', 'LocalMachine'].map((scope) => `${scope}=Unrestricted`),
    );
  });

  it('tells a good profile from a broken one, in any encoding, and runs nothing of it', async () => {
    const check = (text: string | Uint8Array) => checkSyntax(context(), 'powershell', typeof text === 'string' ? Buffer.from(text) : text);
    const mark = path.join(sandbox.home, 'was-run');
    expect(await check(`Set-Content '${mark}' x; exit 3\n`)).toBe('ok');
    expect(existsSync(mark)).toBe(false);
    for (const text of ['if ($true) {\n', '$a = "x\n', "@'\nx\n", '<# x\n', '$a = \u2018x\n', '$a = (\n']) {
      expect([text, await check(text)]).toEqual([text, 'broken']);
      expect([text, await check(Buffer.from(`\ufeff${text}`, 'utf16le'))]).toEqual([text, 'broken']);
    }
    expect(await check(textAfter('powershell', '$a = 1'))).toBe('ok');
  });

  it.each(START_FILES.filter(({ only, name }) => only === 'powershell' && !name.includes('half')))(
    'finds orcc’s block good in a file that is $name',
    async ({ bytes }) => {
      const { edit } = await import('../support/start-files.ts');
      const result = edit('powershell', bytes);
      expect(result.ok && result.after !== null && (await checkSyntax(context(), 'powershell', result.after))).toBe('ok');
    },
  );

  it('says what a new session has', async () => {
    mkdirSync(path.dirname(path.join(sandbox.home, PROFILE)), { recursive: true });
    writeFileSync(path.join(sandbox.home, PROFILE), "'noise'\n$env:ANTHROPIC_MODEL = 'a=b'\n$env:ANTHROPIC_BASE_URL = 'https://x'\n");
    const answer = await askShell(context(), 'powershell');
    expect(Object.fromEntries(answer?.variables ?? [])).toEqual({ ANTHROPIC_MODEL: 'a=b', ANTHROPIC_BASE_URL: 'https://x' });
  });

  it('lists the sessions of Claude Code on Windows, as far as the engine has a part in it', async () => {
    const processes = `function Get-CimInstance { param([Parameter(Position = 0)]$Class, $Filter)
      foreach ($row in @(7, 'claude.exe', ''), @(8, 'node.exe', 'node C:\\x\\claude-code\\cli.js'), @(9, 'node.exe', 'node other.js')) {
        [pscustomobject]@{ ProcessId = [uint32]$row[0]; Name = $row[1]; CommandLine = $row[2]; CreationDate = (Get-Date).AddSeconds(-90) }
      } }; `;
    const { exec } = context();
    const run: typeof exec.run = (_, args, options) => exec.run(PWSH, [...args.slice(0, -1), processes + (args.at(-1) ?? '')], options);
    const ctx = { ...context(), platform: 'win32' as const, uid: undefined, pid: 1, exec: { ...exec, run } };
    const clock = { now: () => Date.now(), monotonic: () => 0, sleep: () => Promise.resolve() };
    const sessions = await listSessions({ ...ctx, clock });
    expect(sessions.map(({ pid }) => pid)).toEqual([7, 8]);
    for (const { ageMs = 0 } of sessions) expect(Math.abs(ageMs - 90_000)).toBeLessThan(10_000);
  });
});

describe.skipIf(needs({ program: 'pwsh' }))('the rules for quotes that the quick tests go by', () => {
  it('are those of PowerShell', () => {
    const text = fc.string({ unit: fc.constantFrom("'", "'", '\u2018', '\u2019', '\u201a', '\u201b', 'a', '$', '`'), maxLength: 8 });
    const texts = fc.sample(
      text.map((inner) => `'${inner}'`),
      1500,
    );
    const judged = judge(
      texts.map((each) => `$env:V = ${each}`),
      ['V'],
    );
    const wrong = texts.filter((each, index) => {
      const real = judged[index];
      let own: string | undefined;
      try {
        own = readPowershell([`$env:V = ${each}`], {})['V'];
      } catch {
        own = undefined;
      }
      return real === undefined || own !== (real.errors > 0 ? undefined : real.env['V']);
    });
    expect(wrong).toEqual([]);
  });
});

describe.skipIf(needs({ program: 'pwsh' }))('a machine whose shell is PowerShell', () => {
  beforeEach(() => {
    open();
    return () => sandbox.dispose();
  });

  const orcc = async (...args: string[]) => {
    const done = await runProgram('orcc', args, { env: { ...env, MY_KEY: KEY }, cwd: sandbox.cwd, timeout: 60_000 });
    return { ...done, all: done.stdout + done.stderr };
  };
  const init = (...more: string[]) => orcc(...initWords(['--target', 'powershell', ...more]));
  /** What a program started from a new PowerShell has of Claude Code's variables. */
  const session = async (script = '', args: readonly string[] = []): Promise<Record<string, string>> => {
    const { stdout, stderr } = await runProgram('pwsh', ['-NoLogo', ...args, '-Command', `${script}\n& printenv`], {
      env,
      cwd: sandbox.cwd,
    });
    expect(stderr).toBe('');
    const lines = stdout.split('\n').filter((line) => /^(?:ANTHROPIC|CLAUDE_CODE)_/.test(line));
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  };
  const at = (name: string): string => path.join(sandbox.home, name);
  const lay = (text: string | Uint8Array): Buffer => {
    mkdirSync(path.dirname(at(PROFILE)), { recursive: true });
    writeFileSync(at(PROFILE), text);
    return readFileSync(at(PROFILE));
  };

  it('has the variables in every new session from init on, others after switch, and its bytes back after undo and remove', async () => {
    const before = lay(Buffer.from('\ufeff# é\r\nfunction prompt { "> " }\r\n', 'utf16le'));
    expect(await init()).toMatchObject({ code: 0 });
    const first = await session();
    expect(first).toMatchObject({ ANTHROPIC_BASE_URL: 'https://openrouter.ai/api', ANTHROPIC_AUTH_TOKEN: KEY, ANTHROPIC_API_KEY: '' });
    expect(await session('', ['-NoProfile'])).toEqual({ ANTHROPIC_API_KEY: 'sk-ant-real' });
    expect(readFileSync(at(PROFILE), 'utf16le')).not.toContain('sk-or-');

    expect((await orcc('switch', 'opus=minimax/minimax-m3', '--yes')).code).toBe(0);
    const second = await session();
    expect(second).toMatchObject({ ANTHROPIC_DEFAULT_OPUS_MODEL: 'minimax/minimax-m3', ANTHROPIC_AUTH_TOKEN: KEY });
    expect((await orcc('undo', '--yes')).code).toBe(0);
    expect(await session()).toEqual(first);

    expect((await orcc('switch', '--native', '--yes')).code).toBe(0);
    expect(await session()).toEqual({ ANTHROPIC_API_KEY: 'sk-ant-real' });
    expect((await orcc('switch', '--back', '--yes')).code).toBe(0);
    expect(await session()).toEqual(first);

    expect((await orcc('remove', '--yes')).code).toBe(0);
    expect(readFileSync(at(PROFILE)).equals(before)).toBe(true);
  });

  it('has the same variables from `orcc env`, evaluated, and none after the lines that take them away', async () => {
    expect(await init()).toMatchObject({ code: 0 });
    const fromProfile = await session();
    const evaluated = 'orcc env --shell powershell | Out-String | Invoke-Expression';
    expect(await session(evaluated, ['-NoProfile'])).toEqual(fromProfile);
    expect(await session(`Set-StrictMode -Version Latest; ${evaluated}`, ['-NoProfile'])).toEqual(fromProfile);
    expect(await session('orcc env --shell powershell --with-key | Out-String | Invoke-Expression', ['-NoProfile'])).toEqual(fromProfile);
  });

  it('is told in its own syntax how the open session forgets them, with a POSIX shell in SHELL too', async () => {
    expect(await init()).toMatchObject({ code: 0 });
    const input = [
      '$said = orcc switch --native --yes 2>&1 | ForEach-Object { "$_" }',
      "$said | Where-Object { $_ -match '`(Remove-Item [^`]*)`' } | ForEach-Object { Invoke-Expression $Matches[1] }",
      '& printenv',
    ].join('\n');
    const { stdout } = await runProgram('pwsh', ['-NoLogo'], {
      env: { ...env, SHELL: '/bin/bash' },
      cwd: sandbox.cwd,
      input: `${input}\n`,
    });
    expect(stdout).toContain('PATH=');
    expect(stdout).not.toMatch(/^(?:ANTHROPIC|CLAUDE_CODE)_/m);
  });

  it('sends nothing to OpenRouter where the key file is gone', async () => {
    expect(await init()).toMatchObject({ code: 0 });
    const { stdout } = await orcc('status', '--json');
    expect(stdout).toContain('powershell');
    writeFileSync(at('.config/orcc/key'), '');
    expect(await session()).toEqual({ ANTHROPIC_API_KEY: 'sk-ant-real' });
  });

  it.each(['if ($true) {\n', '$a = "x\n', "$a = @'\nx\n", '<#\n'])(
    'is left alone where its profile ends inside something: %j',
    async (text) => {
      const before = lay(text);
      const { code, all } = await init();
      expect(code).toBe(6);
      expect(all).toContain('profile.ps1');
      expect(readFileSync(at(PROFILE)).equals(before)).toBe(true);
      expect(existsSync(at('.config/orcc/key'))).toBe(false);
    },
  );

  it('is left alone where a block at the end would break the profile', async () => {
    const before = lay('begin { $a = 1 }\nend { $b = 1 }\n');
    expect((await init()).code).toBe(6);
    expect(readFileSync(at(PROFILE)).equals(before)).toBe(true);
  });

  it('keeps hand-written lines until --adopt comments them out, and gets them back', async () => {
    const text = "$x = 'kept'\r\n$env:ANTHROPIC_BASE_URL = \u2018https://old\u2019 # mine\r\n$env:ANTHROPIC_MODEL =\r\n  'old'\r\n";
    const before = lay(text);
    expect((await init('--adopt')).code).toBe(0);
    const after = readFileSync(at(PROFILE), 'utf8');
    expect(after).toContain('# orcc: disabled: $env:ANTHROPIC_BASE_URL');
    expect(after).toContain("\r\n$env:ANTHROPIC_MODEL =\r\n  'old'\r\n");
    expect(await session()).toMatchObject({ ANTHROPIC_BASE_URL: 'https://openrouter.ai/api', ANTHROPIC_AUTH_TOKEN: KEY });
    expect((await orcc('remove', '--yes')).code).toBe(0);
    expect(readFileSync(at(PROFILE)).equals(before)).toBe(true);
  });
});
