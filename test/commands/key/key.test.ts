import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ran, Settings } from '../../support/box.ts';
import { initIn, useSetUps, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();
let oldKey: string;
let newKey: string;
beforeAll(() => {
  ({ good: oldKey, free: newKey } = simulator.keys);
});

const [box, setUp] = useSetUps(async (box, ...more: string[]) => {
  const { code, stderr } = await initIn(box, simulator, more);
  expect(code, stderr).toBe(0);
});
const key = (...args: string[]): Promise<Ran> => box.orcc(['key', ...args]);
const give = (value: string, ...args: string[]): Promise<Ran> =>
  box.orcc(['key', ...args, '--key-stdin', '--yes', '--to', simulator.baseUrl], { input: `${value}\n` });

describe('orcc key set', () => {
  it('stores the first key where nothing is configured', async () => {
    const { code, stderr } = await box.orcc(['key', 'set', '--no-check', '--key-stdin', '--yes'], { input: `${oldKey}\n` });
    expect(code, stderr).toBe(0);
    expect(box.read('.config/orcc/key')).toBe(`${oldKey}\n`);
    expect(box.mode('.config/orcc/key')).toBe(0o600);
    expect(box.holding(oldKey)).toEqual(['.config/orcc/key']);
  });

  it('puts a key into every file that holds it, and into no other', async () => {
    await setUp('--target', 'bash', '--target', 'user');
    const bashrc = box.read('.bashrc');
    const before = box.settings();
    const { code, stderr } = await give(newKey, 'set');
    expect(code, stderr).toBe(0);
    expect(box.read('.bashrc')).toBe(bashrc);
    expect(box.settings()).toEqual({ ...before, env: { ...before.env, ANTHROPIC_AUTH_TOKEN: newKey } });
    expect(box.holding(newKey)).toEqual(['.claude/settings.json', '.config/orcc/key']);
    expect(box.mode('.claude/settings.json')).toBe(0o600);
  });

  it('reaches the local settings of other folders, and keeps their own mapping', async () => {
    await setUp('--target', 'user', '--target', 'local');
    const local = path.join(box.cwd, '.claude', 'settings.local.json');
    const { code } = await box.orcc(['switch', '--here', 'opus=minimax/minimax-m3', '--yes', '--offline']);
    expect(code).toBe(0);
    const before = JSON.parse(fs.readFileSync(local, 'utf8')) as Settings;
    expect(before.env['ANTHROPIC_DEFAULT_OPUS_MODEL']).toBe('minimax/minimax-m3');
    expect((await box.orcc(['key', 'set', '--key-stdin', '--yes', '--to', simulator.baseUrl], { input: newKey, cwd: box.home })).code).toBe(
      0,
    );
    const after = JSON.parse(fs.readFileSync(local, 'utf8')) as Settings;
    expect(after.env).toEqual({ ...before.env, ANTHROPIC_AUTH_TOKEN: newKey });
    expect(box.holding(oldKey)).toEqual([]);
  });

  it('never gets into a project’s settings, which a team shares', async () => {
    await setUp('--target', 'user', '--target', 'project');
    const project = path.join(box.cwd, '.claude', 'settings.json');
    const shared = JSON.parse(fs.readFileSync(project, 'utf8')) as Settings;
    fs.writeFileSync(project, JSON.stringify({ ...shared, env: { ...shared.env, ANTHROPIC_BASE_URL: simulator.baseUrl } }));
    const before = fs.readFileSync(project, 'utf8');
    expect((await give(newKey, 'set')).code).toBe(0);
    expect(fs.readFileSync(project, 'utf8')).toBe(before);
  });

  it('changes nothing for the key that is stored already', async () => {
    await setUp('--target', 'user');
    const before = box.traces();
    expect((await give(oldKey, 'set')).code).toBe(0);
    expect(box.traces()).toEqual(before);
  });

  it.each([
    ['an unknown one', 'bad', 4],
    ['a management key', 'management', 4],
    ['an expired one', 'expired', 4],
  ] as const)('refuses %s before anything is written', async (_name, name, exit) => {
    await setUp('--target', 'user');
    const before = box.traces();
    expect((await give(simulator.keys[name], 'set')).code).toBe(exit);
    expect(box.traces()).toEqual(before);
  });

  it('takes a key unchecked with --no-check', async () => {
    await setUp('--target', 'user');
    expect((await give(simulator.keys.bad, 'set', '--no-check')).code).toBe(0);
    expect(box.settings().env['ANTHROPIC_AUTH_TOKEN']).toBe(simulator.keys.bad);
  });

  it.each([
    [['--key-stdin', '--key-env', 'X'], 2],
    [['--key-env', 'NOT_THERE'], 2],
    [['--key-env', 'sk-or-v1-abc'], 2],
    [[], 2],
    [['--login', '--key-stdin'], 2],
    [['--key-stdin', '--kind'], 2],
  ])('with %j is exit %i', async (args, exit) => {
    await setUp('--target', 'user');
    const before = box.traces();
    expect((await key('set', '--yes', ...args)).code).toBe(exit);
    expect(box.traces()).toEqual(before);
  });

  it('asks unseen on a terminal, shows what changes with the keys masked, and writes nothing on a no', async () => {
    await setUp('--target', 'user');
    const before = box.traces();
    const { code, stderr } = await box.orcc(['key', 'set', '--to', simulator.baseUrl], {
      answers: [
        { to: /OpenRouter key/, give: newKey },
        { to: /Replace the old/, give: false },
      ],
    });
    expect(code).toBe(7);
    expect(stderr).toContain('ANTHROPIC_AUTH_TOKEN');
    expect(stderr).not.toContain(newKey);
    expect(stderr).not.toContain(oldKey);
    expect(box.traces()).toEqual(before);
  });

  it('writes nothing with --dry-run', async () => {
    await setUp('--target', 'user');
    const before = box.traces();
    const { code } = await box.orcc(['key', 'set', '--key-stdin', '--dry-run', '--to', simulator.baseUrl], { input: newKey });
    expect(code).toBe(0);
    expect(box.traces()).toEqual(before);
  });

  it('asks before it overwrites a token that someone changed by hand', async () => {
    await setUp('--target', 'user');
    const mine = box.settings();
    box.write(
      '.claude/settings.json',
      JSON.stringify({ ...mine, env: { ...mine.env, ANTHROPIC_AUTH_TOKEN: 'gateway-token-of-mine' } }),
      0o600,
    );
    const before = box.traces();
    expect((await give(newKey, 'set')).code).toBe(6);
    expect(box.traces()).toEqual(before);
    expect((await give(newKey, 'set', '--force')).code).toBe(0);
    expect(box.settings().env['ANTHROPIC_AUTH_TOKEN']).toBe(newKey);
  });
});

describe('orcc key rotate', () => {
  it('leaves no trace of the old key, backups included, and says where to revoke it', async () => {
    await setUp('--target', 'bash', '--target', 'user');
    await box.orcc(['switch', 'value', '--yes', '--offline']);
    expect(box.holding('<orcc:key>').some((file) => file.endsWith('.keyed'))).toBe(true);
    const { code, stdout, stderr } = await box.orcc(['key', 'rotate', '--key-stdin', '--yes', '--json', '--to', simulator.baseUrl], {
      input: newKey,
    });
    expect(code, stderr).toBe(0);
    expect(box.holding(oldKey)).toEqual([]);
    const { data } = JSON.parse(stdout) as { data: Record<string, unknown> };
    expect(data['revokePage']).toBe(`https://openrouter.ai/keys/${createHash('sha256').update(oldKey).digest('hex')}`);
    expect(data['scrubbedBackups']).toBeGreaterThan(0);
    expect(stdout + stderr).not.toContain(newKey);
  });

  it('keeps the old key where the new one is refused', async () => {
    await setUp('--target', 'user');
    const before = box.traces();
    expect((await give(simulator.keys.bad, 'rotate')).code).toBe(4);
    expect(box.traces()).toEqual(before);
    const asked = simulator.requests.filter((request) => request.path === '/api/v1/key').at(-1);
    expect(asked?.headers['authorization']).toBe(`Bearer ${simulator.keys.bad}`);
  });

  it('needs an old key, and another one than that', async () => {
    expect((await give(oldKey, 'rotate')).code).toBe(3);
    await setUp('--target', 'user');
    expect((await give(oldKey, 'rotate')).code).toBe(2);
  });

  it('is not undone, and says so', async () => {
    await setUp('--target', 'user');
    await give(newKey, 'rotate');
    const { code, stderr } = await box.orcc(['undo', '--yes']);
    expect([code, stderr]).toEqual([3, expect.stringContaining('`orcc key rotate`')]);
    expect(box.settings().env['ANTHROPIC_AUTH_TOKEN']).toBe(newKey);
  });

  it('leaves earlier changes undoable where no file but the key was touched', async () => {
    await setUp('--target', 'user', '--key-storage', 'helper');
    await box.orcc(['switch', 'value', '--yes', '--offline']);
    const switched = box.read('.claude/settings.json');
    await give(newKey, 'rotate');
    const { code, stderr } = await box.orcc(['undo', '--yes']);
    expect(code, stderr).toBe(0);
    expect(box.read('.claude/settings.json')).not.toBe(switched);
    expect(box.read('.config/orcc/key')).toBe(`${newKey}\n`);
  });

  it('takes the old key out of what orcc keeps for putting back', async () => {
    box.write(
      '.claude/settings.json',
      JSON.stringify({ env: { ANTHROPIC_BASE_URL: 'https://openrouter.ai/api', ANTHROPIC_AUTH_TOKEN: oldKey, X: '1' } }),
      0o600,
    );
    box.write('.bashrc', `export ANTHROPIC_BASE_URL=https://openrouter.ai/api\nexport ANTHROPIC_AUTH_TOKEN=${oldKey}\nexport OTHER=1\n`);
    await setUp('--target', 'bash', '--target', 'user', '--replace', '--adopt');
    // The settings held this very token before, so that it is not orcc's: replacing it wants consent.
    const { code, stderr } = await give(newKey, 'rotate', '--replace');
    expect(code, stderr).toBe(0);
    expect(box.holding(oldKey)).toEqual([]);
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.holding(oldKey)).toEqual([]);
    // A base URL must not come back without its token.
    expect(box.read('.bashrc')).toBe('export OTHER=1\n');
    expect(box.settings().env).toEqual({ X: '1' });
  });

  it('names copies of the old key that are not orcc’s', async () => {
    await setUp('--target', 'user');
    box.write('.zshrc', `# mine\nexport OPENROUTER_API_KEY=${oldKey}\n`);
    box.write('.bash_history', `curl -H "Authorization: Bearer ${oldKey}" x\n`, 0o600);
    const { stderr } = await give(newKey, 'rotate');
    expect(stderr).toContain('~/.zshrc:2');
    expect(stderr).toContain('~/.bash_history:1');
  });
});

describe('orcc key show', () => {
  it('tells all but the key', async () => {
    await setUp('--target', 'user');
    for (const args of [['key'], ['key', 'show'], ['key', 'show', '--json'], ['key', '--json']]) {
      const { code, stdout, stderr } = await box.orcc(args);
      expect(code).toBe(0);
      expect(stdout + stderr).not.toContain(oldKey);
      expect(stdout).toContain(`${oldKey.slice(0, 12)}...${oldKey.slice(-4)}`);
      expect(stdout).toContain('~/.claude/settings.json');
      expect(stdout).toContain('$18.50 of $20.00 ');
    }
  });

  it('asks nobody with --offline', async () => {
    await setUp('--target', 'user');
    const before = simulator.requests.length;
    expect((await key('show', '--offline')).code).toBe(0);
    expect(simulator.requests.length).toBe(before);
  });

  it('is exit 3 without a key, 4 with a refused one, 5 without a network', async () => {
    expect((await key('show')).code).toBe(3);
    await setUp('--target', 'user');
    await give(simulator.keys.bad, 'set', '--no-check');
    expect((await key('show')).code).toBe(4);
    box.write(
      '.config/orcc/config.json',
      (box.read('.config/orcc/config.json') ?? '').replaceAll(simulator.baseUrl, 'http://127.0.0.1:9/api'),
      0o600,
    );
    expect((await key('show')).code).toBe(5);
  });
});

describe('orcc key forget', () => {
  it('takes base URL and key out together, and leaves the key nowhere', async () => {
    box.write('.bashrc', 'alias ll="ls -l"\n');
    box.write('.claude/settings.json', '{ "model": "opus" }\n');
    await setUp('--target', 'bash', '--target', 'user', '--target', 'local');
    const { code, stderr } = await key('forget', '--yes');
    expect(code, stderr).toBe(0);
    expect(box.holding(oldKey)).toEqual([]);
    expect(box.holding('ANTHROPIC_BASE_URL').filter((file) => !file.endsWith('.bak'))).toEqual([]);
    expect(box.read('.bashrc')).toBe('alias ll="ls -l"\n');
    expect(box.read('.claude/settings.json')).toBe('{ "model": "opus" }\n');
    expect(stderr).toContain('revoke');
  });

  it('writes the base URL out of every file before the key goes', async () => {
    await setUp('--target', 'bash', '--target', 'user');
    const { readdirSync, readFileSync } = fs;
    await key('forget', '--yes');
    const history = box.at('.config/orcc/history');
    const last = readdirSync(history).sort().at(-1) ?? '';
    const receipt = JSON.parse(readFileSync(path.join(history, last, 'receipt.json'), 'utf8')) as { edits: { owner: string }[] };
    expect(receipt.edits.at(-1)?.owner).toBe('key');
  });

  it('is followed by a key and `switch --back`, which bring everything in again', async () => {
    await setUp('--target', 'bash', '--target', 'user');
    const before = [box.read('.bashrc'), box.read('.claude/settings.json')];
    await key('forget', '--yes');
    expect((await box.orcc(['switch', '--back', '--yes', '--offline'])).code).toBe(4);
    expect((await give(oldKey, 'set')).code).toBe(0);
    expect((await box.orcc(['switch', '--back', '--yes', '--offline'])).code).toBe(0);
    expect([box.read('.bashrc'), box.read('.claude/settings.json')]).toEqual(before);
  });

  it('is exit 3 where there is none, and changes nothing on a no', async () => {
    expect((await key('forget', '--yes')).code).toBe(3);
    await setUp('--target', 'user');
    const before = box.traces();
    expect((await box.orcc(['key', 'forget'], { answers: [{ to: /Delete the key/, give: false }] })).code).toBe(7);
    expect((await key('forget', '--dry-run')).code).toBe(0);
    expect((await key('forget')).code).toBe(2);
    expect(box.traces()).toEqual(before);
  });

  it('brings a replaced token of the same key back into no file', async () => {
    box.write(
      '.claude/settings.json',
      JSON.stringify({ env: { ANTHROPIC_BASE_URL: 'https://openrouter.ai/api', ANTHROPIC_AUTH_TOKEN: 'x', ANTHROPIC_API_KEY: oldKey } }),
      0o600,
    );
    await setUp('--target', 'user', '--replace');
    await key('forget', '--yes');
    expect(box.holding(oldKey)).toEqual([]);
  });
});

describe('orcc key', () => {
  it('knows no other word', async () => {
    const { code, stderr } = await key('rotat');
    expect([code, stderr.includes('rotate')]).toEqual([2, true]);
  });
});
