import { describe, expect, it } from 'vitest';
import type { Machine } from '../../src/change/machine.ts';
import { keyInTarget, keysKnown, keysSeen, loadKey, readConfiguredKey, storedUrlOf } from '../../src/change/read-key.ts';
import type { Config } from '../../src/config/config.ts';
import type { TargetState } from '../../src/config/state.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { CONFIG, HOME, machineWith, place } from '../support/machine.ts';
import { memoryFiles } from '../support/memory-files.ts';

const OWN = `${HOME}/.config/orcc`;
const settings = (token: unknown): string => JSON.stringify({ env: { ANTHROPIC_MODEL: 'opus', ANTHROPIC_AUTH_TOKEN: token } });
const block = (line: string): string =>
  `# >>> orcc >>>\nexport ANTHROPIC_BASE_URL='https://openrouter.ai/api'\nexport ANTHROPIC_AUTH_TOKEN=${line}\n# <<< orcc <<<\n`;
const target = (id: TargetId, carries: TargetState['carries'] = 'setup'): TargetState => ({
  ...{ id, path: place(id), created: true, modeBefore: null, carries, members: [] },
});

interface Given {
  readonly storage?: Config['keyStorage'];
  /** What the key file holds. */
  readonly file?: string;
  readonly more?: Partial<Config>;
}

/** A machine whose bash block and user settings hold a key each. */
function given({ storage, file, more }: Given): {
  readonly machine: Machine;
  readonly ctx: Parameters<typeof loadKey>[0];
  readonly asked: string[][];
} {
  const own = file === undefined ? {} : { [`${OWN}/key`]: file };
  const asked: string[][] = [];
  const machine = machineWith({
    ...(storage === undefined ? {} : { config: { ...CONFIG, keyStorage: storage, ...more } }),
    files: { ...own, [place('bash')]: block("'of-the-block'"), [place('user')]: settings('of-settings') },
    state: { targets: [target('zsh'), target('bash'), target('user')] },
  });
  const ctx = {
    fs: memoryFiles(own),
    env: { K: 'of-a-variable', XDG_RUNTIME_DIR: '/run/user/1', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus' },
    platform: 'linux' as const,
    signal: new AbortController().signal,
    exec: {
      find: (name: string) => `/usr/bin/${name}`,
      run: (_file: string, args: readonly string[]) => {
        asked.push([...args]);
        return Promise.resolve({ code: 0, stdout: 'of-a-program\n', stderr: '', timedOut: false, notFound: false });
      },
    },
  };
  return { machine, ctx, asked };
}

describe('the key that orcc set up', () => {
  it.each<[string, Given, string | undefined]>([
    ['without a configuration lies in the key file', { file: 'filed\n' }, 'filed'],
    ['without either is unknown', {}, undefined],
    ['lies in the key file', { storage: { kind: 'file' }, file: 'filed\n' }, 'filed'],
    ['is none of a target’s where the key file is gone', { storage: { kind: 'file' } }, undefined],
    ['is the variable’s', { storage: { kind: 'env', ref: 'K' }, file: 'filed\n' }, 'of-a-variable'],
    ['is a target’s where the variable is not set', { storage: { kind: 'env', ref: 'OTHER' } }, 'of-the-block'],
    ['is the first target’s where profiles hold it', { storage: { kind: 'profile' } }, 'of-the-block'],
    ['waits in the key file where profiles are to hold it', { storage: { kind: 'profile' }, file: 'filed\n' }, 'filed'],
  ])('%s', async (_what, what, key) => {
    const { machine, ctx, asked } = given(what);
    expect(readConfiguredKey(ctx, machine)).toBe(key);
    expect(await loadKey(ctx, machine)).toBe(key);
    expect(asked).toEqual([]);
  });

  it.each<[string, Config['keyStorage'], string]>([
    ['a command', { kind: 'command', ref: 'op read x' }, 'op read x'],
    ['no command, where none is told', { kind: 'command' }, ''],
    ['a keychain, under its own name', { kind: 'keychain', ref: 'mine' }, 'mine'],
    ['a keychain, under the host of the base URL', { kind: 'keychain' }, 'openrouter.ai'],
  ])('is asked of %s', async (_what, storage, word) => {
    const { machine, ctx, asked } = given({ storage, file: 'filed\n' });
    expect(await loadKey(ctx, machine)).toBe('of-a-program');
    expect(asked).toEqual([expect.arrayContaining([word])]);
  });
});

describe('the address that a stored key belongs to', () => {
  const config: Config = { ...CONFIG, baseUrl: 'https://now.example' };
  const state = { keyUrl: 'https://kept.example' };
  const beside = (id: TargetId, carries?: TargetState['carries']): Machine =>
    machineWith({
      files: { [place(id)]: JSON.stringify({ env: { ANTHROPIC_BASE_URL: 'https://beside.example', ANTHROPIC_AUTH_TOKEN: 'other' } }) },
      state: { targets: [target(id, carries)] },
    });
  it.each<[string, Parameters<typeof storedUrlOf>, string | null]>([
    ['the configuration’s own', [machineWith({ config: { ...config, keyUrl: 'https://key.example' }, state }), 'k'], 'https://key.example'],
    ['the configuration’s base URL', [machineWith({ config, state }), 'k'], 'https://now.example'],
    ['what was recorded', [machineWith({ state }), 'k'], 'https://kept.example'],
    ['the one beside it in a target', [beside('user'), 'other'], 'https://beside.example'],
    ['not the one beside another key', [beside('user'), 'third'], null],
    ['not the one in a folder’s settings', [beside('local'), 'other'], null],
    ['not the one in a target that carries nothing', [beside('user', 'nothing'), 'other'], null],
    ['OpenRouter’s, by its shape', [machineWith(), 'sk-or-v1-x'], CONFIG.baseUrl],
    ['OpenRouter’s, where there is none', [machineWith(), undefined], CONFIG.baseUrl],
    ['known to nobody', [machineWith(), 'other'], null],
  ])('is %s', (_what, asked, url) => {
    expect(storedUrlOf(...asked)).toBe(url);
  });
});

describe('the keys that a machine was seen with', () => {
  const keys = { used: { baseUrl: CONFIG.baseUrl }, work: { baseUrl: CONFIG.baseUrl } };
  const files = {
    ...{ [`${OWN}/key`]: 'filed\n', [`${OWN}/key.work`]: 'works\n', [`${OWN}/key.used`]: 'no-key-file' },
    ...{ [place('bash')]: block("'of-the-block'"), [place('user')]: settings('filed'), [place('zsh')]: block("'of-anthropic'") },
  };
  const state = { targets: [target('bash'), target('user'), target('zsh', 'nothing'), target('local')] };

  it('are those of the key files and of every target that carries the set-up, each once', () => {
    const machine = machineWith({ config: { ...CONFIG, keys, activeKey: 'used' }, files, state });
    expect(keysSeen(machine)).toEqual(['filed', 'works', 'of-the-block']);
    expect(keysKnown(machine, 'given', undefined, 'filed')).toEqual(['filed', 'works', 'of-the-block', 'given']);
  });

  it('are none where there is none', () => {
    expect(keysSeen(machineWith({ files: { [`${OWN}/key`]: '\n' } }))).toEqual([]);
  });
});

describe('the key in a target’s file', () => {
  const at = { home: HOME, platform: 'linux' } as const;
  it.each<[string, TargetId, string, string | undefined]>([
    ['settings', 'user', settings('k'), 'k'],
    ['settings with a byte order mark', 'local', `\ufeff${settings('k')}`, 'k'],
    ['settings without one', 'user', settings(''), undefined],
    ['settings with something else in its place', 'user', settings(1), undefined],
    ['settings that do not parse', 'user', '{', undefined],
    ['a block', 'bash', block("'k'"), 'k'],
    ['a block that reads it from a file', 'bash', block(`"$(cat '${OWN}/key')"`), undefined],
    ['a block without one', 'bash', block("''"), undefined],
    ['a line outside any block', 'bash', "export ANTHROPIC_AUTH_TOKEN='k'\n", undefined],
  ])('is found in %s', (_what, id, text, key) => {
    expect(keyInTarget(Buffer.from(text), id, at)).toBe(key);
  });
});
