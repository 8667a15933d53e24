import { beforeEach, describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { addFakeKeychain, type FakeKeychain } from '../support/fake-keychain.ts';
import { quickFiles } from '../support/temp-home.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();
let keychain: FakeKeychain;
beforeEach(() => {
  keychain = addFakeKeychain(box);
});

/** Each time orcc takes the lock, `then` happens first. */
async function change(words: string, answers: readonly boolean[], then: (name: string) => void): Promise<Ran> {
  const fs = quickFiles();
  const openExclusive: typeof fs.openExclusive = (name, mode) => {
    if (name.endsWith('change.lock')) then(name);
    return fs.openExclusive(name, mode);
  };
  return box.orcc(words.split(' '), {
    answers: answers.map((give) => ({ to: /\?$/, give })),
    env: { ...keychain.env, FRESH: simulator.keys.free },
    fs: { ...fs, openExclusive },
  });
}

describe('what is not carried out leaves the keychain as it was', () => {
  // After a first yes another program writes the file, so that orcc asks once more.
  const meanwhile = (): void => {
    const settings = box.read('.claude/settings.json') ?? '';
    if (!settings.includes('"theirs"')) box.write('.claude/settings.json', settings.replace('{', '{ "theirs": 1,'));
  };
  const fails = (path: string): void => {
    throw Object.assign(new Error('EIO'), { code: 'EIO', path });
  };

  it.each([
    ['file', 'key storage keychain', [true, false], meanwhile, 7],
    ['keychain', 'key storage file', [false], meanwhile, 7],
    ['keychain', 'key forget', [false], meanwhile, 7],
    ['file', 'key storage keychain', [true], fails, 6],
    ['keychain', 'key rotate --key-env FRESH', [true], fails, 6],
  ] as const)('from %s: %s', async (storage, words, answers, then, exit) => {
    const { code, stderr } = await initIn(box, simulator, ['--target', 'user', '--key-storage', storage], { env: keychain.env });
    expect(code, stderr).toBe(0);
    const before = keychain.items();
    expect(Object.keys(before)).toHaveLength(storage === 'keychain' ? 1 : 0);
    const ran = await change(words, answers, then);
    expect([ran.code, ran.questions.length], ran.stderr).toEqual([exit, answers.length]);
    expect(keychain.items()).toEqual(before);
  });
});
