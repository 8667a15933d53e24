import { chmodSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../src/cli/commands.ts';
import { WRITING } from '../../src/commands/shared-flags.ts';
import type { CommandRow } from '../../src/core/command.ts';
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

const ADD_KEY = 'key add spare --key-env OTHER_KEY --yes';
/** Writing commands without a row: a test of its own, a browser that is asked, a file that is read, the built program that is needed. */
const BESIDE = ['doctor', 'login', 'profile import', 'statusline'];

/** Each with what its Decision says at least, and the command that has to run before it. */
const COMMANDS: ReadonlyArray<readonly [words: string, decision: object, before?: string]> = [
  ['INIT --target bash --replace', { key: { source: '--key-env GIVEN_KEY' }, targets: ['bash', 'user'], replace: true }],
  ['switch opus=z-ai/glm-5.3 --offline', { mapping: { models: { opus: 'z-ai/glm-5.3' } }, here: false }],
  ['switch haiku=z-ai/glm-5.3 --here --target local --offline', { here: true, ignore: { needed: false } }],
  ['switch --native', { keyToKeep: { storage: { kind: 'profile' } } }],
  ['undo', { steps: 1, undone: [{ command: 'init' }] }],
  ['key set --key-env OTHER_KEY', { key: { source: '--key-env OTHER_KEY', storage: { kind: 'profile' } } }],
  ['key rotate --key-env OTHER_KEY', { key: { source: '--key-env OTHER_KEY' }, oldStorage: { kind: 'profile' } }],
  ['key storage file', { key: { source: "orcc's own storage", storage: { kind: 'file' } } }],
  ['key forget', { key: { source: "orcc's own storage" }, force: false }],
  ['key add spare --key-env OTHER_KEY', { keys: { spare: { baseUrl: simulator.baseUrl } } }],
  ['key use spare', { key: { source: 'the key spare', storage: { kind: 'profile' } } }, ADD_KEY],
  ['key remove spare', { keys: {} }, ADD_KEY],
  ['models pin z-ai/glm-5.3 --offline', { extras: { extras: { pins: ['z-ai/glm-5.3'] } } }],
  ['models unpin all', { here: false, extras: {} }, 'models pin z-ai/glm-5.3 --offline --yes'],
  ['route --zdr', { extras: { extras: { routing: { zdr: true } } } }],
  ['profile save work', { action: 'save', name: 'work' }],
  ['profile rename work day', { action: 'rename', name: 'work' }, 'profile save work --yes'],
  ['profile delete work', { action: 'delete', name: 'work' }, 'profile save work --yes'],
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
  it.each(COMMANDS.map(([words, decision, before]) => ({ words, decision, before })))(
    'of $words says what was decided, names the key by a handle, and holds no key',
    async ({ words, decision, before }) => {
      // Literally in profile and settings: wherever a key could slip in, one is there.
      await orcc(`${init()} --target bash --target user --key-storage profile --yes`);
      if (before !== undefined) await orcc(before);
      const ran = await orcc(`${words.replace('INIT', init())} --dry-run --json`);
      expect(ran.json().data['decision']).toMatchObject(decision);
      for (const key of [simulator.key, simulator.keys.free]) {
        expect(ran.stdout).not.toContain(key);
        expect(ran.stdout).not.toContain(key.slice(10, 40));
        expect(ran.stderr).not.toContain(key);
      }
    },
  );

  it('is looked at for every command that writes', async () => {
    const isWriting = ({ flags }: CommandRow): boolean => WRITING.every((flag) => flags.includes(flag));
    const under = (row: CommandRow, path: string): readonly string[] => [
      ...(isWriting(row) ? [path] : []),
      ...(row.commands ?? []).flatMap((each) => under(each, `${path} ${each.name}`)),
    ];
    const writing = ((await loadProgram()).commands ?? []).flatMap((each) => under(each, each.name));
    const tried = [...COMMANDS.map(([words]) => words.toLowerCase()), ...BESIDE];
    expect(writing.length).toBeGreaterThan(10);
    expect(writing.filter((path) => !tried.some((words) => `${words} `.startsWith(`${path} `)))).toEqual([]);
  });
});
