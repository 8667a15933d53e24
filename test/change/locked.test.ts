import { existsSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Context, Exec } from '../../src/core/context.ts';
import type { Ran } from '../support/box.ts';
import { addFakeKeychain } from '../support/fake-keychain.ts';
import { quickFiles } from '../support/temp-home.ts';
import { useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();
let started: string[];
beforeEach(() => {
  started = [];
});

const isLocked = (): boolean => existsSync(box.at('.config/orcc/locks/change.lock'));
const note = (program: string): void => {
  if (isLocked()) throw new Error(`${program} is started while the lock is held`);
  started.push(program);
};
/** Programs run as ever, but never while the lock is held. */
const exec = (real: Exec): Exec => ({
  find: real.find,
  run: (file, args, options) => {
    note(file.replace(/^.*\//, ''));
    return real.run(file, args, options);
  },
});
/** The same for the one program that runs beside that port: it is started at the first look at a path. */
const looked = new Set<string>();
const findAttributed: NonNullable<Context['findAttributed']> = (paths) => {
  const fresh = paths.filter((path) => !looked.has(path));
  for (const path of fresh) looked.add(path);
  if (fresh.length > 0) note('ls');
  return new Set();
};
const orcc = async (words: string, more: Record<string, string> = {}): Promise<Ran> => {
  looked.clear();
  const ran = await box.orcc(words.split(' '), { exec, findAttributed, env: { GIVEN_KEY: simulator.key, ...more } });
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return ran;
};
const INIT = (): string => `init --base-url ${simulator.baseUrl} --preset guide --key-env GIVEN_KEY --no-test --yes`;

describe('while the lock is held no program is started', () => {
  it('by init, switch, undo, key and remove', async () => {
    box.write('.bashrc', 'alias ll="ls -l"\n');
    box.write('.claude/settings.json', '{}\n');
    await orcc(`${INIT()} --target bash --target user --target local`);
    // The check of the new profile and of access lists have run, before it.
    expect(started).toContain('sh');
    expect(started).toContain('ls');
    for (const words of [
      'switch opus=z-ai/glm-5.3 --offline --yes',
      'switch --native --yes',
      'switch --back --offline --yes',
      'undo --yes',
      'profile save work --yes',
      'key storage profile --yes',
      'key forget --yes',
      'remove --yes',
    ])
      await orcc(words);
    expect(box.read('.bashrc')).toBe('alias ll="ls -l"\n');
  });

  it('where the key goes into a keychain, and out of it', async () => {
    const keychain = addFakeKeychain(box);
    await orcc(`${INIT()} --target user --key-storage keychain`, keychain.env);
    expect(Object.values(keychain.items())).toEqual([simulator.key]);
    await orcc('key storage file --yes', keychain.env);
    expect(Object.values(keychain.items())).toEqual([]);
    expect(started).toContain('secret-tool');
  });

  it('for a file that changes between the plan and the lock either: the new text is checked outside', async () => {
    box.write('.bashrc', 'alias ll="ls -l"\n');
    let isChanged = false;
    const real = exec;
    const changing = (port: Exec): Exec => ({
      ...real(port),
      run: async (file, args, options) => {
        const done = await real(port).run(file, args, options);
        // Somebody saves the profile just after it was checked.
        if (file.endsWith('/sh') && !isChanged) box.write('.bashrc', 'alias la="ls -a"\n');
        isChanged ||= file.endsWith('/sh');
        return done;
      },
    });
    const ran = await box.orcc(`${INIT()} --target bash`.split(' '), { exec: changing, findAttributed, env: { GIVEN_KEY: simulator.key } });
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(started.filter((program) => program === 'sh').length).toBeGreaterThan(1);
    expect(box.read('.bashrc')).toMatch(/^alias la="ls -a"\n[^]*# >>> orcc >>>/);
  });
});

it('a file that has become what was planned when the lock is taken is not written once more', async () => {
  await orcc(`${INIT()} --target user`);
  const file = '.claude/settings.json';
  const whole = box.read(file) ?? '';
  box.write(file, whole.replace(/^.*"ANTHROPIC_DEFAULT_HAIKU_MODEL":.*\n/m, ''), 0o600);
  const files = quickFiles();
  const fs: Context['fs'] = {
    ...files,
    openExclusive: (name, mode) => {
      if (name.endsWith('change.lock')) box.write(file, whole, 0o600);
      return files.openExclusive(name, mode);
    },
  };
  const ran = await box.orcc(`${INIT()} --target user --json`.split(' '), { fs, env: { GIVEN_KEY: simulator.key } });
  expect([ran.code, ran.json().data['kind'], box.read(file)]).toEqual([0, 'unchanged', whole]);
});
