import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ran } from '../../support/box.ts';
import { addFakeKeychain, type FakeKeychain } from '../../support/fake-keychain.ts';
import { initIn, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();
const box = useBox();
let keychain: FakeKeychain;
let theKey: string;
let account: string;
beforeAll(() => {
  theKey = simulator.keys.good;
  account = new URL(simulator.baseUrl).host;
});
beforeEach(() => {
  keychain = addFakeKeychain(box);
});

type Env = Readonly<Record<string, string>>;
const orcc = (args: readonly string[], env: Env = {}, input?: string): Promise<Ran> =>
  box.orcc(args, { env: { ...keychain.env, ...env }, ...(input === undefined ? {} : { input }) });
const setUp = async (storage: string, targets: readonly string[], env: Env = {}): Promise<void> => {
  const args = ['--key-storage', storage, ...targets.flatMap((each) => ['--target', each])];
  const { code, stderr } = await initIn(box, simulator, args, { env: { ...keychain.env, ...env } });
  expect(code, stderr).toBe(0);
};
const move = (to: string, env: Env = {}): Promise<Ran> => orcc(['key', 'storage', to, '--yes'], env);
const ENV: Env = { MY_OPENROUTER_KEY: '' };
const withKey = (): Env => ({ ...ENV, MY_OPENROUTER_KEY: theKey });

/** Where the key may stand, by storage, for the targets named (design D3). */
const PLACES: Record<string, { readonly user: readonly string[]; readonly bash: readonly string[] }> = {
  file: { user: ['.claude/settings.json', '.config/orcc/key'], bash: ['.config/orcc/key'] },
  profile: { user: ['.claude/settings.json'], bash: ['.bashrc', '.profile'] },
  helper: { user: ['.config/orcc/key'], bash: [] },
  keychain: { user: [], bash: [] },
  'env:MY_OPENROUTER_KEY': { user: [], bash: [] },
};
const pairs = (kinds: readonly string[]): [string, string][] =>
  kinds.flatMap((from) => kinds.filter((to) => to !== from).map((to): [string, string] => [from, to]));

describe('moving the key', () => {
  it.each(pairs(['file', 'profile', 'helper', 'keychain']))(
    'from %s to %s in user settings leaves no copy, and changes nothing but the key',
    async (from, to) => {
      await setUp(from, ['user']);
      const before = box.settings();
      const { code, stderr } = await move(to);
      expect(code, stderr).toBe(0);
      expect(box.holding(theKey)).toEqual(PLACES[to]?.user);
      expect(keychain.items()).toEqual(to === 'keychain' ? { [account]: theKey } : {});
      const isHelper = to === 'helper' || to === 'keychain';
      expect(box.settings().env).toEqual({ ...before.env, ANTHROPIC_AUTH_TOKEN: isHelper ? '' : theKey });
      expect(box.settings().apiKeyHelper === undefined).toBe(!isHelper);
      expect((await orcc(['key', 'show'])).code).toBe(0);
      expect((await orcc(['status', '--json'])).json().data['connected']).toBe(true);
      expect((await orcc(['remove', '--yes'])).code).toBe(0);
      expect(box.holding(theKey)).toEqual([]);
      expect(keychain.items()).toEqual({});
      expect(box.read('.claude/settings.json')).toBeNull();
    },
  );

  it.each(pairs(['file', 'profile', 'env:MY_OPENROUTER_KEY']))(
    'from %s to %s in a bash profile leaves no copy, and the shell still gets it',
    async (from, to) => {
      box.write('.bashrc', '# mine\n', 0o644);
      box.write('.profile', '# mine\n', 0o644);
      await setUp(from, ['bash'], withKey());
      const { code, stderr } = await move(to, withKey());
      expect(code, stderr).toBe(0);
      expect(box.holding(theKey)).toEqual(PLACES[to]?.bash);
      const got = execFileSync(
        '/bin/bash',
        ['-c', '. "$HOME/.bashrc"; printf "%s" "$ANTHROPIC_AUTH_TOKEN $ANTHROPIC_BASE_URL $ANTHROPIC_MODEL"'],
        { env: { HOME: box.home, ...withKey() } },
      );
      expect(got.toString()).toBe(`${theKey} ${simulator.baseUrl} sonnet`);
      expect(box.mode('.bashrc')).toBe(to === 'profile' ? 0o600 : 0o644);
    },
  );

  it('gives the file back with its old mode and bytes afterwards', async () => {
    box.write('.bashrc', 'alias ll="ls -l"\n', 0o640);
    await setUp('file', ['bash']);
    await move('profile');
    await move('file');
    expect((await orcc(['remove', '--yes'])).code).toBe(0);
    expect([box.read('.bashrc'), box.mode('.bashrc')]).toEqual(['alias ll="ls -l"\n', 0o640]);
  });

  it('has a helper that prints the key, for paths with blanks and quotes too', async () => {
    const config = path.join(box.home, "it's my config");
    const env = { XDG_CONFIG_HOME: config };
    await setUp('file', ['user'], env);
    expect((await move('helper', env)).code).toBe(0);
    const printed = execFileSync('/bin/sh', ['-c', box.settings().apiKeyHelper ?? 'false'], { env: { PATH: '/usr/bin:/bin' } });
    expect(printed.toString().trim()).toBe(theKey);
    expect((await move('keychain', env)).code).toBe(0);
    const fromKeychain = execFileSync('/bin/sh', ['-c', box.settings().apiKeyHelper ?? 'false'], {
      env: { PATH: `${box.env['PATH'] ?? ''}:/usr/bin:/bin` },
    });
    expect(fromKeychain.toString().trim()).toBe(theKey);
    expect(fs.existsSync(path.join(config, 'orcc', 'key'))).toBe(false);
  });

  it('writes nothing where the key is there already', async () => {
    await setUp('file', ['user']);
    const before = box.traces();
    const again = await orcc(['key', 'storage', 'file', '--yes', '--json']);
    expect(again.json().data['kind']).toBe('unchanged');
    expect(box.traces()).toEqual(before);
  });

  it('says that a variable it left still holds the key', async () => {
    await setUp('env:MY_OPENROUTER_KEY', ['bash'], withKey());
    expect((await move('file', withKey())).stderr).toMatch(/\bvariable MY_OPENROUTER_KEY\b/);
  });
});

describe('a storage that can not take the key', () => {
  it.each([
    ['helper', ['bash'], 2, 'only a settings file'],
    ['keychain', ['bash', 'user'], 2, 'keychain'],
    ['env:MY_OPENROUTER_KEY', ['user'], 2, 'does not expand variables'],
    ['env:NOT_SET', ['bash'], 2, 'not set'],
    ['env:ANTHROPIC_AUTH_TOKEN', ['bash'], 2, 'orcc itself sets'],
    ['env', ['bash'], 2, 'name of a variable'],
    ['fil', ['bash'], 2, 'file'],
    ['file:x', ['bash'], 2, 'no key storage'],
  ])('%s with %j is refused with the reason', async (to, targets, exit, why) => {
    await setUp('file', targets);
    const before = box.traces();
    const { code, stderr } = await move(to, withKey());
    expect([code, stderr]).toEqual([exit, expect.stringContaining(why)]);
    expect(box.traces()).toEqual(before);
  });

  it('refuses a profile that git tracks', async () => {
    await setUp('file', ['bash']);
    const git = (...args: string[]): void =>
      void execFileSync('git', args, { cwd: box.home, env: { PATH: process.env['PATH'] ?? '', HOME: box.home, GIT_CONFIG_NOSYSTEM: '1' } });
    git('init', '-q');
    git('add', '.bashrc');
    const before = box.traces();
    const { code, stderr } = await move('profile');
    expect([code, stderr]).toEqual([6, expect.stringContaining('repository')]);
    expect(box.traces()).toEqual(before);
  });

  it('names the other storages where there is no keychain', async () => {
    await setUp('file', ['user']);
    const before = box.traces();
    const { code, stderr } = await box.orcc(['key', 'storage', 'keychain', '--yes'], {
      env: { XDG_RUNTIME_DIR: undefined, DBUS_SESSION_BUS_ADDRESS: undefined },
    });
    expect([code, stderr]).toEqual([6, expect.stringMatching(/no desktop session[^]*file[^]*helper[^]*profile[^]*env:NAME/)]);
    expect(box.traces()).toEqual(before);
  });

  it('says that the keychain is locked, and leaves everything as it was', async () => {
    await setUp('file', ['user']);
    keychain.lock();
    const before = box.traces();
    const { code, stderr } = await move('keychain');
    expect([code, stderr]).toEqual([6, expect.stringMatching(/locked[^]*file/)]);
    // The lock of orcc's own comes and goes, so that times of its folder may differ.
    expect(Object.keys(box.traces())).toEqual(Object.keys(before));
    expect(box.settings().env['ANTHROPIC_AUTH_TOKEN']).toBe(theKey);
  });

  it('takes the key out of the keychain again where a file then can not be written', async () => {
    await setUp('file', ['user']);
    const before = box.tree();
    const real = fs.renameSync;
    const { code } = await box.orcc(['key', 'storage', 'keychain', '--yes'], {
      env: keychain.env,
      fs: {
        ...(await import('../../support/temp-home.ts')).quickFiles(),
        rename: (from, to) => {
          if (to.endsWith('settings.json')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
          real(from, to);
        },
      },
    });
    expect(code).toBe(6);
    expect(keychain.items()).toEqual({});
    expect(box.tree()).toEqual(before);
  });
});

describe('a key in the keychain', () => {
  it('is set up by init, rotated, tested, and forgotten', async () => {
    await setUp('keychain', ['user']);
    expect(keychain.items()).toEqual({ [account]: theKey });
    expect(box.holding(theKey)).toEqual([]);
    expect((await orcc(['test', 'haiku', '--quick'])).code).toBe(0);
    expect((await orcc(['switch', 'value', '--yes', '--offline'])).code).toBe(0);
    const next = simulator.keys.free;
    const { code, stderr } = await orcc(['key', 'rotate', '--key-stdin', '--yes', '--to', simulator.baseUrl], {}, next);
    expect(code, stderr).toBe(0);
    expect(keychain.items()).toEqual({ [account]: next });
    expect(box.holding(next)).toEqual([]);
    expect((await orcc(['env', '--with-key'])).stdout).toContain(next);
    expect((await orcc(['env'])).code).toBe(2);
    expect((await orcc(['doctor', '--offline', '--json'])).codes()).not.toContain('KEY_MISSING');
    expect((await orcc(['key', 'forget', '--yes'])).code).toBe(0);
    expect(keychain.items()).toEqual({});
    expect(box.settings().apiKeyHelper).toBeUndefined();
  });

  it('never starts with the key in its arguments', async () => {
    await setUp('keychain', ['user']);
    const script = fs.readFileSync(path.join(box.env['PATH'] ?? '', 'secret-tool'), 'utf8');
    fs.writeFileSync(
      path.join(box.env['PATH'] ?? '', 'secret-tool'),
      script.replace(
        '#!/bin/bash\n',
        `#!/bin/bash\nprintf '%s\\n' "$*" >>"$(dirname "$0")/keychain/calls"\nenv >>"$(dirname "$0")/keychain/calls" 2>/dev/null\n`,
      ),
    );
    await orcc(['key', 'rotate', '--key-env', 'FRESH', '--yes', '--to', simulator.baseUrl], { FRESH: simulator.keys.free });
    const calls = fs.readFileSync(path.join(box.env['PATH'] ?? '', 'keychain', 'calls'), 'utf8');
    expect(calls).toContain('store --label=');
    expect(calls).not.toContain('sk-or-');
  });

  it('is not there for shells at all', async () => {
    const { code } = await initIn(box, simulator, ['--key-storage', 'keychain', '--target', 'bash'], { env: keychain.env });
    expect(code).toBe(2);
    expect(keychain.items()).toEqual({});
  });
});

describe('a key that stands in profiles alone', () => {
  it('waits in orcc’s own file while Claude Code is on Anthropic', async () => {
    await setUp('profile', ['bash', 'user']);
    const before = box.read('.bashrc');
    expect((await orcc(['switch', '--native', '--yes'])).code).toBe(0);
    expect(box.holding(theKey).filter((file) => !file.endsWith('.bak'))).toEqual(['.config/orcc/key']);
    expect((await orcc(['switch', '--back', '--yes', '--offline'])).code).toBe(0);
    expect(box.read('.bashrc')).toBe(before);
  });

  it('is set after it was forgotten', async () => {
    await setUp('profile', ['bash']);
    const before = box.read('.bashrc');
    await orcc(['key', 'forget', '--yes']);
    expect(box.holding(theKey)).toEqual([]);
    expect((await orcc(['key', 'set', '--key-stdin', '--yes', '--to', simulator.baseUrl], {}, theKey)).code).toBe(0);
    expect((await orcc(['switch', '--back', '--yes', '--offline'])).code).toBe(0);
    expect(box.read('.bashrc')).toBe(before);
  });
});

describe('orcc key storage', () => {
  it('without a word tells the table and what is in use', async () => {
    await setUp('helper', ['user']);
    const { code, stdout } = await orcc(['key', 'storage']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/helper \*/);
    expect((JSON.parse((await orcc(['key', 'storage', '--json'])).stdout) as { data: unknown }).data).toMatchObject({
      storage: 'helper',
      stored: true,
    });
  });

  it('with a word needs a set-up', async () => {
    expect((await move('helper')).code).toBe(3);
  });
});
