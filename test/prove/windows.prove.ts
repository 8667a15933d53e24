import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWine, wineNeeds, type Wine } from '../support/wine.ts';
import { useRealm, useSimulation } from '../support/stage.ts';
import { initWords } from '../support/use.ts';

/** Answers as PowerShell does, from its environment: where the profile is, and which execution policy counts. */
const POWERSHELL = String.raw`
let script = '';
process.stdin.on('data', (data) => (script += data)).on('end', () => {
  if (script.includes('ParseInput')) return void console.log('orcc:errors=' + (process.env.STANDIN_ERRORS || '0'));
  const policy = process.env.STANDIN_POLICY || 'RemoteSigned';
  const answer = { path: process.env.USERPROFILE + '\\OneDrive - Øl\\Documents\\WindowsPowerShell\\profile.ps1', version: '5.1.22621.1', edition: 'Desktop', policies: ['MachinePolicy=Undefined', 'UserPolicy=Undefined', 'Process=Undefined', 'CurrentUser=' + policy, 'LocalMachine=Undefined'], effective: policy, languageMode: 'FullLanguage' };
  const [, sentinel] = /'(orcc:[0-9a-f]+)<'/.exec(script);
  console.log('a module prints something');
  console.log(sentinel + '<' + Buffer.from(JSON.stringify(answer)).toString('base64') + '>' + sentinel);
});`;
const PROFILE = 'OneDrive - Øl/Documents/WindowsPowerShell/profile.ps1';
const SETTINGS = '.claude/settings.json';

describe.skipIf(wineNeeds())('the built program under Windows (wine)', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  let wine: Wine;
  const at = (name: string): string => path.join(wine.home, ...name.split('/'));
  const read = (name: string): string => readFileSync(at(name), 'utf8');
  const lay = (name: string, bytes: string | Uint8Array): void => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), bytes);
  };
  const init = (...more: readonly string[]) =>
    wine.orcc(initWords(['--key-stdin', ...more], simulation.baseUrl), { input: `${simulation.key}\n` });

  beforeAll(async () => {
    wine = await openWine(realm);
  });
  beforeEach(() => {
    wine.layProgram('powershell', POWERSHELL);
    for (const name of ['.claude', 'OneDrive - Øl', 'AppData/Local/orcc']) rmSync(at(name), { recursive: true, force: true });
  });

  it('says its version and its help', async () => {
    expect(await wine.orcc(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\r?\n$/) as string,
      stderr: '',
    });
    expect(await wine.orcc(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('orcc') as string, stderr: '' });
  });

  it('sets up, tests, switches and goes back; every byte of profile and settings comes home', async () => {
    lay(PROFILE, '# mine, caf\u00e9\r\nSet-Alias ll dir');
    lay(SETTINGS, '{\r\n\t"model": "x"\r\n}\r\n');
    const before = wine.tree();

    const made = await init('--target', 'powershell', '--target', 'user', '--quick');
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(made.stdout).toContain('4 of 4 work');
    expect(read('AppData/Local/orcc/key')).toBe(`${simulation.key}\n`);
    const profile = read(PROFILE);
    expect(profile).toMatch(/^# mine, caf\u00e9\r\nSet-Alias ll dir\r\n# >>> orcc >>> v=1 sum=[0-9a-f]{8} nl=0 /);
    expect(profile.replaceAll('\r\n', '')).not.toContain('\n');
    expect(profile).toContain("Get-Content -LiteralPath ($env:USERPROFILE + '\\AppData\\Local\\orcc\\key')");
    expect(profile).not.toContain(simulation.key);
    expect(read(SETTINGS)).toMatch(/^\{\r\n\t"model": "x",\r\n\t"env": \{\r\n\t\t"ANTHROPIC_BASE_URL"/);

    const status = await wine.orcc(['status', '--json']);
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining(String.raw`~\\.claude\\settings.json:4 (user)`) as string });
    expect(await wine.orcc(['test', '--quick'])).toMatchObject({ code: 0, stdout: expect.stringContaining('4 of 4 work') as string });
    expect((await wine.orcc(['env', '--shell', 'powershell'])).stdout).toContain('$env:ANTHROPIC_BASE_URL');

    const between = wine.tree();
    expect(await wine.orcc(['switch', 'value', '--yes'])).toMatchObject({ code: 0 });
    expect(read(PROFILE)).toContain("ANTHROPIC_DEFAULT_SONNET_MODEL = 'deepseek/deepseek-v4-flash-0731'");
    expect(await wine.orcc(['undo', '--yes'])).toMatchObject({ code: 0 });
    for (const name of [PROFILE, SETTINGS]) expect(wine.tree()[name]).toBe(between[name]);
    expect(await wine.orcc(['undo', '--list'])).toMatchObject({ code: 0, stdout: expect.stringContaining('switch') as string });

    expect(await wine.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(wine.tree()).toEqual(before);
  });

  it('makes folders and files that are missing, and takes all of them away again', async () => {
    const before = wine.tree();
    expect(await init('--target', 'powershell', '--target', 'user', '--no-check', '--no-test')).toMatchObject({ code: 0 });
    expect(read(PROFILE)).toMatch(/^# >>> orcc >>> [^\n]*\r\n/);
    expect(await wine.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(wine.tree()).toEqual(before);
  });

  it('keeps UTF-16 and another drive for Claude Code’s settings', async () => {
    const utf16 = Buffer.from('\ufeff# Gru\u00df\r\n', 'utf16le');
    lay(PROFILE, utf16);
    const folder = path.join(realm.folder, 'claude-config');
    const env = { CLAUDE_CONFIG_DIR: wine.toWindows(folder) };
    const args = initWords(['--key-stdin', '--target', 'powershell', '--target', 'user']);
    const made = await wine.orcc(args, { input: `${simulation.key}\n`, env });
    expect(made, made.stderr).toMatchObject({ code: 0 });
    expect(readFileSync(at(PROFILE)).toString('utf16le')).toContain('\r\n# <<< orcc <<<\r\n');
    expect(JSON.parse(readFileSync(path.join(folder, 'settings.json'), 'utf8'))).toMatchObject({ env: { ANTHROPIC_API_KEY: '' } });
    expect(await wine.orcc(['remove', '--yes'], { env })).toMatchObject({ code: 0 });
    expect([readFileSync(at(PROFILE)).equals(utf16), existsSync(folder)]).toEqual([true, false]);
  });

  it('leaves the profile alone where the execution policy would not let it run, and says so', async () => {
    lay(PROFILE, '# mine\r\n');
    const before = wine.tree();
    for (const policy of ['Restricted', 'AllSigned']) {
      const args = initWords(['--key-stdin', '--target', 'powershell']);
      const refused = await wine.orcc(args, { input: `${simulation.key}\n`, env: { STANDIN_POLICY: policy } });
      expect(refused).toMatchObject({ code: 6, stderr: expect.stringContaining(policy) as string });
      expect(refused.stderr).toContain('--target user');
    }
    expect(wine.tree()).toEqual(before);
  });

  it('guesses the profile where PowerShell does not answer', async () => {
    wine.layProgram('powershell', 'process.exit(1);');
    const made = await init('--target', 'powershell', '--no-check', '--no-test');
    expect(made, made.stderr).toMatchObject({ code: 0 });
    const profile = path.join(wine.home, 'Documents', 'WindowsPowerShell', 'profile.ps1');
    expect(readFileSync(profile, 'utf8')).toContain('# >>> orcc >>>');
    expect(await wine.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(existsSync(profile)).toBe(false);
  });

  it('refuses a read-only file and one that is a folder, and changes nothing', async () => {
    lay(SETTINGS, '{}\r\n');
    const lock = (isReadOnly: boolean) =>
      wine.node([
        '-e',
        `fs.chmodSync(${JSON.stringify(`${wine.userProfile}\\.claude\\settings.json`)}, ${isReadOnly ? '0o444' : '0o666'})`,
      ]);
    await lock(true);
    let before = wine.tree();
    expect(await init('--target', 'user', '--no-check', '--no-test')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('read-only') as string,
    });
    expect(wine.tree()).toEqual(before);
    await lock(false);
    rmSync(at(SETTINGS));
    mkdirSync(at(SETTINGS));
    before = wine.tree();
    expect(await init('--target', 'user', '--no-check', '--no-test')).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('a folder') as string,
    });
    expect(wine.tree()).toEqual(before);
  });

  it('goes on after a run that was killed while it held the lock', async () => {
    lay(SETTINGS, '{}\r\n');
    expect(await init('--target', 'user', '--no-check', '--no-test')).toMatchObject({ code: 0 });
    // A process number that no running process has, on this computer.
    const dead = await wine.node([
      '-e',
      'fs.writeSync(1, JSON.stringify({ pid: process.pid, host: os.hostname(), at: Date.now(), token: "00112233" }))',
    ]);
    lay('AppData/Local/orcc/locks/change.lock', dead.stdout);
    const started = performance.now();
    expect(await wine.orcc(['switch', 'value', '--yes', '--offline'])).toMatchObject({ code: 0 });
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(existsSync(at('AppData/Local/orcc/locks'))).toBe(false);
    expect(await wine.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(read(SETTINGS)).toBe('{}\r\n');
  });
});
