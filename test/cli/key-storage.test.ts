import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Ran, RunInBox } from '../support/box.ts';
import { variablesAfter } from '../support/in-bash.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

function init(args: readonly string[], options: RunInBox = {}): Promise<Ran> {
  return initIn(box, simulator, args, options);
}

/** Key files and profiles that hold the key, the history with its backups left out. */
const holding = (): string[] => box.holding(simulator.key).filter((file) => !file.startsWith('.config/orcc/history/'));

/** URL and token that a new bash has. */
function tokenInBash(env: Record<string, string> = {}): string {
  const { ANTHROPIC_BASE_URL: url = '', ANTHROPIC_AUTH_TOKEN: token = '' } = variablesAfter('. "$HOME/.bashrc"', { ...box.env, ...env });
  return `${url}|${token}`;
}

const connected = (): string => `${simulator.baseUrl}|${simulator.key}`;

describe('which key storage goes with which target', () => {
  const GOES: Readonly<Record<string, { readonly with: readonly string[]; readonly not: readonly string[] }>> = {
    file: { with: ['bash', 'zsh', 'fish', 'powershell', 'user', 'local'], not: [] },
    profile: { with: ['bash', 'zsh', 'fish', 'powershell', 'user', 'local'], not: [] },
    'env:MY_KEY': { with: ['bash', 'zsh', 'fish', 'powershell'], not: ['user', 'local'] },
    helper: { with: ['user', 'local'], not: ['bash', 'zsh', 'fish', 'powershell'] },
  };
  for (const [storage, row] of Object.entries(GOES)) {
    it.each(row.with)(`${storage} goes with %s, and remove leaves nothing of it`, async (target) => {
      expect(await init(['--key-storage', storage, '--target', target])).toMatchObject({ code: 0 });
      expect(JSON.parse(box.read('.config/orcc/config.json') ?? '').keyStorage.kind).toBe(storage.split(':')[0]);
      for (const file of holding()) expect([file, (box.mode(file) & 0o077).toString(8)]).toEqual([file, '0']);
      expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
      expect(Object.keys(box.tree())).toEqual(['home', 'work']);
    });
    if (row.not.length > 0) {
      it.each(row.not)(`${storage} does not go with %s: exit 2 with the reason, nothing written, nobody called`, async (target) => {
        const before = box.traces();
        const asked = simulator.requests.length;
        const ran = await init(['--key-storage', storage, '--target', target]);
        expect(ran.code).toBe(2);
        expect(ran.stderr).toMatch(new RegExp(`\`${storage.split(':')[0] ?? ''}\`.* \`${target}\`: .+`));
        expect(box.traces()).toEqual(before);
        expect(simulator.requests).toHaveLength(asked);
      });
    }
  }
});

describe('storage file', () => {
  it('gives a new shell the key, and nothing at all where the key file is missing, empty or a folder', async () => {
    await init(['--target', 'bash']);
    expect(tokenInBash()).toBe(connected());
    writeFileSync(box.at('.config/orcc/key'), '');
    expect(tokenInBash()).toBe('|');
    writeFileSync(box.at('.config/orcc/key'), `${simulator.key}\r\n`);
    expect(tokenInBash()).toBe(connected());
  });
});

describe('storage profile', () => {
  it('puts the key into the block, makes the file private, and keeps no key file', async () => {
    box.write('.bashrc', 'alias a=b\n', 0o644);
    box.write('.bash_profile', '. ~/.bashrc\n', 0o644);
    await init(['--key-storage', 'profile', '--target', 'bash']);
    expect(tokenInBash()).toBe(connected());
    expect(holding()).toEqual(['.bashrc']);
    expect(box.mode('.bashrc')).toBe(0o600);
    expect(existsSync(box.at('.config/orcc/key'))).toBe(false);
    await box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes']);
    expect(tokenInBash()).toBe(connected());
    await box.orcc(['remove', '--yes']);
    expect(box.mode('.bashrc')).toBe(0o644);
  });

  it('is refused where git tracks the profile: exit 6, nothing written', async () => {
    box.write('.bashrc', 'alias a=b\n');
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: box.home, env: { ...box.env, PATH: process.env['PATH'] ?? '' }, encoding: 'utf8' });
    git('init', '-q');
    box.write('.gitignore', '/.config/orcc/\n');
    git('add', '.bashrc');
    const before = box.tree();
    const ran = await init(['--key-storage', 'profile', '--target', 'bash']);
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('.bashrc');
    expect(box.tree()).toEqual(before);
    expect(await init(['--key-storage', 'file', '--target', 'bash'])).toMatchObject({ code: 0 });
  });

  it('says in the preview that the file becomes private', async () => {
    box.write('.bashrc', 'alias a=b\n', 0o644);
    expect((await init(['--key-storage', 'profile', '--target', 'bash', '--dry-run'])).stdout).toContain('0644 -> 0600');
  });
});

describe('storage env:NAME', () => {
  it('refers to the variable, guarded, and writes the key nowhere', async () => {
    const ran = await init(['--key-storage', 'env:MY_KEY', '--target', 'bash']);
    expect(ran.code).toBe(0);
    expect(box.holding(simulator.key)).toEqual([]);
    expect(tokenInBash({ MY_KEY: simulator.key })).toBe(connected());
    expect(tokenInBash()).toBe('|');
    const { data } = (await box.orcc(['status', '--json'], { env: { MY_KEY: simulator.key } })).json();
    expect(data['key']).toMatchObject({ storage: 'env' });
  });

  it('is exit 2 where the variable is not set', async () => {
    const before = box.traces();
    const ran = await init(['--key-storage', 'env:OTHER_KEY', '--target', 'bash']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('OTHER_KEY');
    expect(box.traces()).toEqual(before);
  });
});

describe('storage helper', () => {
  it('names a plain cat of the key file, which prints the key', async () => {
    await init(['--key-storage', 'helper', '--target', 'user']);
    const settings = box.settings();
    // Blank where it is set: it keeps a token of the shell's from going along.
    expect(settings.env['ANTHROPIC_AUTH_TOKEN'] ?? '').toBe('');
    expect(settings.apiKeyHelper).toBe(`cat '${box.at('.config/orcc/key')}'`);
    expect(execFileSync('sh', ['-c', settings.apiKeyHelper ?? ''], { encoding: 'utf8' }).trim()).toBe(simulator.key);
    expect(holding()).toEqual(['.config/orcc/key']);
    expect((await box.orcc(['status', '--json'])).json().data['connected']).toBe(true);
    expect(await box.orcc(['test', 'haiku', '--quick'])).toMatchObject({ code: 0 });
  });

  it('keeps the key file as long as settings that need it can not be cleared', async () => {
    await init(['--key-storage', 'helper', '--target', 'user']);
    const text = box.read('.claude/settings.json') ?? '';
    box.write('.claude/settings.json', `${text}}`, 0o600);
    expect((await box.orcc(['remove', '--yes'])).code).toBe(6);
    expect(readFileSync(box.at('.config/orcc/key'), 'utf8')).toBe(`${simulator.key}\n`);
  });
});

describe('another storage at a second init', () => {
  it.each([
    ['file', 'profile', '.bashrc'],
    ['profile', 'file', '.config/orcc/key'],
    ['file', 'env:MY_KEY', undefined],
    ['env:MY_KEY', 'file', '.config/orcc/key'],
    ['profile', 'env:MY_KEY', undefined],
  ])('from %s to %s leaves the key in the new place alone', async (from, to, place) => {
    box.write('.profile', '. ~/.bashrc\n');
    await init(['--key-storage', from, '--target', 'bash']);
    expect(await init(['--key-storage', to, '--target', 'bash'])).toMatchObject({ code: 0 });
    expect(holding()).toEqual(place === undefined ? [] : [place]);
    expect(tokenInBash({ MY_KEY: simulator.key })).toBe(connected());
  });
});
