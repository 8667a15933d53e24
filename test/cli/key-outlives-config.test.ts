import { rmSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { addFakeKeychain } from '../support/fake-keychain.ts';
import { initIn, useBox, useSimulator, useStranger } from '../support/use.ts';

/** A key outlives the configuration in many ways; the address that it was stored for outlives it with the key (design D23). */
const simulator = await useSimulator();
const { url: elsewhere, requests, expectRefused: refused } = await useStranger();
const box = useBox();

const CONFIG = '.config/orcc/config.json';
const STATE = '.config/orcc/state.json';
const again = (...args: string[]): Promise<Ran> => box.orcc(['init', '--yes', '--json', '--preset', 'guide', '--no-test', ...args]);

const WAYS: Readonly<Record<string, () => Promise<unknown>>> = {
  undo: () => box.orcc(['undo', '--yes']),
  'remove --keep-key': () => box.orcc(['remove', '--yes', '--keep-key']),
  'a deleted configuration': async () => rmSync(box.at(CONFIG)),
  'a broken configuration': async () => box.write(CONFIG, '{'),
};

describe.each(Object.entries(WAYS))('after %s', (way, lose) => {
  beforeEach(async () => {
    expect((await initIn(box, simulator)).code).toBe(0);
    await lose();
  });
  const replace = way === 'a broken configuration' ? ['--replace'] : [];

  it('the stored key goes to its own address alone', async () => {
    refused(await again('--base-url', elsewhere, ...replace));
    refused(await again(...replace));
    expect((await again('--base-url', simulator.baseUrl, ...replace)).code).toBe(0);
  });
});

describe('a key without a configuration', () => {
  it('is listed and shown with its address', async () => {
    await initIn(box, simulator);
    await box.orcc(['undo', '--yes']);
    const { keys } = (await box.orcc(['key', 'list', '--json'])).json().data as { keys: unknown };
    expect(keys).toMatchObject([{ baseUrl: simulator.baseUrl, inUse: true }]);
    expect((await box.orcc(['key', 'show', '--json'])).json().data).toMatchObject({ baseUrl: simulator.baseUrl });
  });

  it('stays refused elsewhere once the profile that held it is undone', async () => {
    await initIn(box, simulator, ['--target', 'bash', '--key-storage', 'profile']);
    await box.orcc(['undo', '--yes']);
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
    refused(await again('--base-url', elsewhere));
  });

  it.each([
    ['deleted', () => rmSync(box.at(CONFIG))],
    ['broken', () => box.write(CONFIG, '{')],
  ])('has the address that stood beside it where only a profile held it and the configuration is %s', async (_what, lose) => {
    await initIn(box, simulator, ['--target', 'bash', '--key-storage', 'profile']);
    lose();
    expect((await box.orcc(['remove', '--yes', '--keep-key'])).code).toBe(0);
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
    refused(await again());
    expect((await again('--base-url', simulator.baseUrl)).code).toBe(0);
  });

  it('is said to work where it was sent, when a profile with it is removed', async () => {
    await initIn(box, simulator, ['--target', 'bash', '--key-storage', 'profile']);
    rmSync(box.at(CONFIG));
    const { stderr } = await box.orcc(['remove', '--yes']);
    expect(stderr).toContain(`still works at ${new URL(simulator.baseUrl).host}:`);
    expect(stderr).not.toContain('OpenRouter:');
  });

  it('is asked about on a terminal, and after a no another one is taken', async () => {
    await initIn(box, simulator);
    await box.orcc(['undo', '--yes']);
    const ran = await box.orcc(['init', '--base-url', elsewhere, '--preset', 'guide', '--no-test', '--no-check', '--target', 'bash'], {
      answers: [
        { to: /Send the key to/, give: false },
        { to: /OpenRouter key \(paste/, give: `sk-or-v1-${'d'.repeat(64)}` },
        { to: /Write this/, give: 'write' },
      ],
    });
    expect([ran.code, requests]).toEqual([0, []]);
    expect(box.read('.config/orcc/key')).toBe(`sk-or-v1-${'d'.repeat(64)}\n`);
  });

  it('of which nothing tells goes nowhere but to OpenRouter, or where `--to` says', async () => {
    await initIn(box, simulator);
    for (const name of [CONFIG, STATE]) rmSync(box.at(name));
    refused(await again('--base-url', elsewhere));
    refused(await again('--base-url', simulator.baseUrl));
    expect((await again('--base-url', simulator.baseUrl, '--to', simulator.baseUrl)).code).toBe(0);
  });

  it("and without OpenRouter's shape does not go to OpenRouter either", async () => {
    box.write('.config/orcc/key', `gw-${'0123456789abcdef'.repeat(2)}\n`, 0o600);
    refused(await again());
    const { keys } = (await box.orcc(['key', 'list', '--json'])).json().data as { keys: unknown };
    expect(keys).toMatchObject([{ baseUrl: null }]);
  });

  it('may go elsewhere where it is given again with the other address', async () => {
    await initIn(box, simulator);
    rmSync(box.at(CONFIG));
    expect((await initIn(box, { baseUrl: elsewhere, key: simulator.key }, ['--no-check'])).code).toBe(0);
  });
});

describe('a variable as key storage', () => {
  const env = { MY_KEY: simulator.key };
  const init = (...args: string[]): Promise<Ran> =>
    box.orcc(['init', '--yes', '--json', '--preset', 'guide', '--no-test', '--target', 'bash', ...args], { env });
  const stored = ['--key-storage', 'env:MY_KEY'];

  it('takes its key to no other address unless it is named again beside it', async () => {
    expect((await init(...stored, '--base-url', simulator.baseUrl)).code).toBe(0);
    refused(await init('--base-url', elsewhere));
    expect((await init('--base-url', elsewhere, ...stored, '--no-check')).code).toBe(0);
    expect(requests).toEqual([]);
  });

  it('is not passed over in silence where another key is given', async () => {
    await init(...stored, '--base-url', simulator.baseUrl);
    expect((await init('--key-env', 'OTHER')).code).toBe(2);
    expect((await init('--key-env', 'MY_KEY')).code).toBe(0);
  });
});

describe('an undo', () => {
  it('brings no address back that the present key was not stored for', async () => {
    await initIn(box, simulator, ['--target', 'bash']);
    const other = { baseUrl: elsewhere, key: `sk-or-v1-${'b'.repeat(64)}` };
    expect((await initIn(box, other, ['--target', 'bash', '--no-check'])).code).toBe(0);
    const before = box.tree();
    const ran = await box.orcc(['undo', '--yes', '--json']);
    expect([ran.code, ran.json().findings[0]?.code]).toEqual([3, 'KEY_OTHER_ADDRESS']);
    expect(box.tree()).toEqual(before);
  });

  it('brings it back for the same key, and says so of the key that stays', async () => {
    await initIn(box, simulator, ['--target', 'bash']);
    await initIn(box, { baseUrl: elsewhere, key: simulator.key }, ['--target', 'bash', '--no-check']);
    expect((await box.orcc(['undo', '--yes'])).code).toBe(0);
    rmSync(box.at(CONFIG));
    refused(await again('--base-url', elsewhere));
    expect((await again('--base-url', simulator.baseUrl)).code).toBe(0);
  });

  it('of a set-up with the key in the keychain says that it stays there, and sends it nowhere', async () => {
    const keychain = addFakeKeychain(box);
    const { env } = keychain;
    await initIn(box, simulator, ['--target', 'user', '--key-storage', 'keychain'], { env });
    const { stderr } = await box.orcc(['undo', '--yes'], { env });
    expect(Object.values(keychain.items())).toEqual([simulator.key]);
    expect(stderr).toContain('item `orcc`');
    const ran = await box.orcc(['init', '--yes', '--json', '--preset', 'guide', '--key-storage', 'keychain', '--base-url', elsewhere], {
      env,
    });
    expect([ran.code, requests]).toEqual([2, []]);
  });

  it('of everything leaves no key with a name, which nothing would know any more', async () => {
    await initIn(box, simulator);
    const add = await box.orcc(['key', 'add', 'work', '--yes', '--no-check', '--key-env', 'WORK'], {
      env: { WORK: `sk-or-v1-${'c'.repeat(64)}` },
    });
    expect(add.code).toBe(0);
    expect((await box.orcc(['undo', '2', '--yes'])).code).toBe(0);
    expect(Object.keys(box.tree()).filter((name) => /[/]key/.test(name))).toEqual(['home/.config/orcc/key']);
  });
});

describe('keys with names', () => {
  const OTHER = `sk-or-v1-${'c'.repeat(64)}`;
  const list = async (): Promise<unknown> => (await box.orcc(['key', 'list', '--json'])).json().data['keys'];
  const initAgain = (...args: string[]): Promise<Ran> => again('--base-url', simulator.baseUrl, '--target', 'user', ...args);
  const add = (name: string, ...args: string[]): Promise<Ran> =>
    box.orcc(['key', 'add', name, '--yes', '--no-check', ...args], { env: { OTHER } });
  beforeEach(async () => {
    await initIn(box, simulator, ['--target', 'user']);
    expect((await add('spare', '--key-env', 'OTHER', '--base-url', elsewhere)).code).toBe(0);
  });
  const { undo: _undo, ...ways } = WAYS;

  it.each(Object.entries(ways))('outlive it with their addresses after %s, and the next init knows them', async (way, lose) => {
    expect((await add('asked', '--key-storage', 'env:OTHER', '--base-url', elsewhere)).code).toBe(0);
    const before = await list();
    await lose();
    if (way !== 'a broken configuration') expect(await list()).toEqual(before);
    expect((await initAgain('--replace')).code).toBe(0);
    expect(await list()).toEqual(before);
    const used = await box.orcc(['key', 'use', 'spare', '--yes', '--no-check', '--json']);
    expect([used.code, used.json().data['baseUrl']]).toEqual([0, elsewhere]);
    expect(box.read('.config/orcc/key')).toBe(`${OTHER}\n`);
  });

  it.each<[string, readonly string[], string]>([
    ['keeps its name with the same key', [], 'spare'],
    ['gives it up for another key', ['--key-env', 'MINE'], ''],
  ])('the one in use %s', async (_what, args, name) => {
    await box.orcc(['key', 'use', 'spare', '--yes', '--no-check']);
    expect((await box.orcc(['remove', '--yes', '--keep-key'])).code).toBe(0);
    const words = ['init', '--yes', '--preset', 'guide', '--no-test', '--no-check', '--base-url', elsewhere, '--target', 'user', ...args];
    expect((await box.orcc(words, { env: { MINE: `sk-or-v1-${'e'.repeat(64)}` } })).code).toBe(0);
    const rows = (await list()) as ReadonlyArray<{ name: string | null; inUse: boolean }>;
    expect(rows.map((row) => [row.name ?? '', row.inUse])).toEqual(
      name === ''
        ? [
            ['', true],
            ['default', false],
          ]
        : [
            ['default', false],
            ['spare', true],
          ],
    );
  });

  it('stay as they were under an undo of that init, and go with a remove', async () => {
    await box.orcc(['remove', '--yes', '--keep-key']);
    const keyFiles = (): readonly string[] => Object.keys(box.tree()).filter((name) => name.includes('/key'));
    const before = [keyFiles(), await list()];
    expect((await initAgain()).code).toBe(0);
    expect((await box.orcc(['undo', '--yes'])).code).toBe(0);
    expect([keyFiles(), await list()]).toEqual(before);
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(Object.keys(box.tree())).toEqual(['home', 'work']);
  });

  it('stay where the key in use is forgotten without a configuration', async () => {
    await box.orcc(['remove', '--yes', '--keep-key']);
    expect((await box.orcc(['key', 'forget', '--yes'])).code).toBe(0);
    expect(await list()).toMatchObject([{ name: 'spare', baseUrl: elsewhere, inUse: false }]);
    expect((await box.orcc(['key', 'list'])).stderr.replace(/\s+/g, ' ')).toContain('`orcc init` asks for the key to use, and keeps these');
    expect(box.read('.config/orcc/key.spare')).toBe(`${OTHER}\n`);
  });

  it('are still told with their addresses by a later remove', async () => {
    await box.orcc(['remove', '--yes', '--keep-key']);
    expect((await box.orcc(['remove', '--yes'])).stderr).toContain(`at ${new URL(elsewhere).host}:`);
  });
});
