import { chmodSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const orcc = async (words: string): Promise<Ran> => {
  const ran = await box.orcc(words.split(' '), { env: { GIVEN_KEY: simulator.key, OTHER_KEY: simulator.keys.free } });
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  return ran;
};
const init = (): string => `init --base-url ${simulator.baseUrl} --preset guide --key-env GIVEN_KEY --no-test`;

/** Each with what its Decision says at least. */
const COMMANDS: ReadonlyArray<readonly [words: string, decision: object]> = [
  ['INIT --target bash --replace', { key: { source: '--key-env GIVEN_KEY' }, targets: ['bash', 'user'], replace: true }],
  ['switch opus=z-ai/glm-5.3 --offline', { mapping: { models: { opus: 'z-ai/glm-5.3' } }, here: false }],
  ['switch haiku=z-ai/glm-5.3 --here --target local --offline', { here: true, ignore: { needed: false } }],
  ['switch --native', { keyToKeep: { storage: { kind: 'profile' } } }],
  ['undo', { steps: 1, undone: [{ command: 'init' }] }],
  ['key set --key-env OTHER_KEY', { key: { source: '--key-env OTHER_KEY', storage: { kind: 'profile' } } }],
  ['key rotate --key-env OTHER_KEY', { key: { source: '--key-env OTHER_KEY' }, oldStorage: { kind: 'profile' } }],
  ['key storage file', { key: { source: "orcc's own storage", storage: { kind: 'file' } } }],
  ['key forget', { key: { source: "orcc's own storage" }, force: false }],
  ['profile save work', { action: 'save', name: 'work' }],
  ['remove', { isFinal: true, keepKey: false }],
];

it('the Decision of `doctor --fix` names each fix, and holds no key', async () => {
  await orcc(`${init()} --target bash --target user --key-storage profile --yes`);
  chmodSync(path.join(box.home, '.claude', 'settings.json'), 0o644);
  const ran = await box.orcc('doctor --offline --fix --dry-run --json'.split(' '));
  const settings = { kind: 'chmod', path: path.join(box.home, '.claude', 'settings.json') };
  expect(ran.json().data['decision']).toMatchObject({ fixes: expect.arrayContaining([expect.objectContaining(settings)]) });
  expect(ran.stdout + ran.stderr).not.toContain(simulator.key.slice(10, 40));
});

describe('a Decision, as --dry-run --json prints it,', () => {
  it.each(COMMANDS)('of `%s` says what was decided, names the key by a handle, and holds no key', async (words, decision) => {
    // Literally in profile and settings: wherever a key could slip in, one is there.
    await orcc(`${init()} --target bash --target user --key-storage profile --yes`);
    const ran = await orcc(`${words.replace('INIT', init())} --dry-run --json`);
    expect(ran.json().data['decision']).toMatchObject(decision);
    for (const key of [simulator.key, simulator.keys.free]) {
      expect(ran.stdout).not.toContain(key);
      expect(ran.stdout).not.toContain(key.slice(10, 40));
      expect(ran.stderr).not.toContain(key);
    }
  });
});
