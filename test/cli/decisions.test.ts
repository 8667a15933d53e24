import { chmodSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadProgram } from '../../src/cli/commands.ts';
import { longOf, type CommandRow } from '../../src/core/command.ts';
import { maskKey } from '../../src/text/text.ts';
import type { Box, Printed } from '../support/box.ts';
import { addFakeKeychain } from '../support/fake-keychain.ts';
import type { RunResult } from '../support/sandbox.ts';
import { useSetUps, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const KEYS = [simulator.key, simulator.keys.free];
const env = { GIVEN_KEY: simulator.key, OTHER_KEY: simulator.keys.free, XDG_RUNTIME_DIR: '/nonexistent' };

const [box, setUp] = useSetUps(() => run(SET_UP));
/** Their `--dry-run` says what would be asked of OpenRouter: they write nothing. */
const CALLING = ['test'];

/** A command line, or something else that happens to the machine. */
type Step = string | ((box: Box) => unknown);

// A key literally in profile and settings: wherever one could slip in, one is there.
const INIT = `init --base-url ${simulator.baseUrl} --preset guide --key-env GIVEN_KEY --no-test`;
const SET_UP = 'INIT --target bash --target user --key-storage profile --yes';
const ADD_KEY = 'key add spare --key-env OTHER_KEY --yes';
const SAVE = 'profile save work --yes';
const EXPORT: readonly Step[] = [SAVE, 'profile export work --to work.json', 'profile delete work --yes'];
const PIN = 'models pin z-ai/glm-5.3 --offline --yes';
const SHELL_ONLY = 'remove --target user --yes';
const SETTINGS_ONLY = 'remove --target bash --yes';

const own = (source: string, kind: string): object => ({
  key: { source, storage: { kind }, hash: expect.stringMatching(/^[0-9a-f]{12}$/) },
});
const holding =
  (name: string, mode?: number): Step =>
  (box) =>
    box.write(name, `export ANTHROPIC_AUTH_TOKEN=${simulator.key}\n`, mode);
const extras = (has: object): object => ({ extras: { extras: has } });

const byHand: Step = (box) =>
  box.write('.claude/settings.json', JSON.stringify({ env: { ANTHROPIC_BASE_URL: 'https://openrouter.ai/api' } }));
const printKey: Step = (box) => box.write('print-key', `#!/bin/sh\necho ${simulator.key}\n`, 0o755);
const writeProfiles: Step = (box) => {
  const mapping = { opus: 'z-ai/glm-5.3', sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7-flash' };
  box.writeHere('by-hand.json', JSON.stringify({ schemaVersion: 1, profiles: { team: { mapping, defaultAlias: 'haiku' } } }));
};
const elsewhere: Step = (box) => box.write('other/settings.json', '{}');
const fixing = (kind: string, file: string): object => ({
  fixes: expect.arrayContaining([expect.objectContaining({ kind, path: expect.stringMatching(new RegExp(`/${file}$`)) })]),
});

/** Each with what its Decision says at least, and what happens before it, after the setup. */
const COMMANDS: ReadonlyArray<readonly [words: string, decision: object, ...before: Step[]]> = [
  ['INIT --target bash --replace', { ...own('--key-env GIVEN_KEY', 'profile'), targets: expect.arrayContaining(['bash']), replace: true }],
  ['init --preset value --no-test', own("orcc's own storage", 'profile')],
  ['INIT --target local --force', { targets: expect.arrayContaining(['local']), force: true }],
  ['INIT --target project --target user', { targets: expect.arrayContaining(['project']) }],
  ['INIT --target zsh --key-storage file --adopt', { ...own('--key-env GIVEN_KEY', 'file'), adopt: true }, holding('.zshrc')],
  ['INIT --settings-file ~/other/settings.json', { settingsFiles: [{ path: expect.stringContaining('other') }] }, elsewhere],
  ['INIT --fallback haiku --pin z-ai/glm-5.3 --zdr --effort high', extras({ pins: ['z-ai/glm-5.3'], routing: { zdr: true } })],
  ['switch opus=z-ai/glm-5.3 --offline', { mapping: { models: { opus: 'z-ai/glm-5.3' } }, here: false }],
  ['switch value --offline', { profile: 'value', ...own("orcc's own storage", 'profile') }],
  ['switch work --offline', { profile: 'work' }, SAVE, 'switch value --offline --yes'],
  ['switch --default haiku --effort opus=high --offline', { mapping: { defaultAlias: 'haiku' }, ...extras({ effort: { opus: 'high' } }) }],
  ['switch haiku=z-ai/glm-5.3 --here --target local --offline', { here: true, ignore: { needed: false } }],
  ['switch haiku=z-ai/glm-5.3 --here --target project --offline', { here: true, targets: [{ id: 'project' }] }],
  ['switch --native', { keyToKeep: { storage: { kind: 'profile' } } }],
  ['switch --back --offline', { back: true }, 'switch --native --yes'],
  ['undo', { steps: 1, undone: [{ command: 'init' }] }],
  ['undo 2 --force', { steps: 2, undone: [{ command: 'switch' }, { command: 'init' }], force: true }, 'switch value --offline --yes'],
  ['login', { key: { source: 'login', storage: { kind: 'profile' } }, oldStorage: { kind: 'profile' }, keyUrl: simulator.baseUrl }],
  ['login --replace --force', { replace: true, force: true }],
  ['key set --key-env OTHER_KEY', own('--key-env OTHER_KEY', 'profile')],
  ['key set --login', { key: { source: '--login', storage: { kind: 'profile' } }, keyUrl: simulator.baseUrl }],
  ['key rotate --key-env OTHER_KEY', { ...own('--key-env OTHER_KEY', 'profile'), oldStorage: { kind: 'profile' } }],
  ['key storage file', own("orcc's own storage", 'file')],
  ['key storage helper', own("orcc's own storage", 'helper'), SETTINGS_ONLY],
  ['key storage keychain', own("orcc's own storage", 'keychain'), SETTINGS_ONLY, addFakeKeychain],
  ['key storage env:GIVEN_KEY', own('the variable GIVEN_KEY', 'env'), SHELL_ONLY],
  ['key storage command:~/print-key', own('the command', 'command'), SETTINGS_ONLY, printKey],
  ['key forget', own("orcc's own storage", 'profile')],
  ['key forget --force', { ...own("orcc's own storage", 'file'), force: true }, 'key storage file --yes'],
  ['key add spare --key-env OTHER_KEY', { keys: { spare: { baseUrl: simulator.baseUrl } } }],
  ['key add spare --key-storage env:OTHER_KEY', { keys: { spare: { keyStorage: { kind: 'env', ref: 'OTHER_KEY' } } } }],
  ['key add spare --key-storage command:~/print-key', { keys: { spare: { keyStorage: { kind: 'command' } } } }, printKey],
  ['key add spare --login', { keys: { spare: { baseUrl: simulator.baseUrl } } }],
  ['key add first --key-env GIVEN_KEY', { activeKey: 'first' }],
  ['key use spare', { ...own('the key spare', 'profile'), named: { name: 'spare' } }, ADD_KEY],
  ['key use spare', { ...own("orcc's own storage", 'profile'), named: { name: 'spare' } }, ADD_KEY, 'key use spare --yes'],
  ['key remove spare', { keys: {} }, ADD_KEY],
  ['models pin z-ai/glm-5.3 --offline', extras({ pins: ['z-ai/glm-5.3'] })],
  ['models unpin all', { here: false, extras: {} }, PIN],
  ['models unpin z-ai/glm-5.3', { here: false, extras: {} }, PIN],
  ['route --zdr', extras({ routing: { zdr: true } })],
  ['route --drop zdr --sort price', extras({ routing: { sort: 'price' } }), 'route --zdr --yes'],
  ['route --zdr --here --target local', { here: true, targets: [{ id: 'local' }] }],
  ['profile save work', { action: 'save', name: 'work' }],
  ['profile save work --key spare', { action: 'save', key: 'spare' }, ADD_KEY],
  ['profile rename work day', { action: 'rename', name: 'work' }, SAVE],
  ['profile delete work', { action: 'delete', name: 'work' }, SAVE],
  ['profile import work.json', { action: 'import', profiles: { work: { mapping: {} } } }, ...EXPORT],
  ['profile import by-hand.json', { action: 'import', profiles: { team: { defaultAlias: 'haiku' } } }, writeProfiles],
  ['statusline --install', { command: expect.stringMatching(/\bstatusline$/), replace: false }],
  ['statusline --install --format {model} --after ./mine.sh', { command: expect.stringContaining("--format '{model}'"), replace: true }],
  ['statusline --remove --replace', { replace: true }, 'statusline --install --yes'],
  ['remove', { isFinal: true, keepKey: false }],
  ['remove --keep-key', { isFinal: true, keepKey: true }],
  ['remove --keep-config', { isFinal: false, isWhole: true }],
  ['remove --target user', { isWhole: false, targets: [] }, SHELL_ONLY, byHand],
  ['remove --target bash --force', { isFinal: false, force: true, targets: expect.arrayContaining(['bash']) }],
  ['doctor --offline --fix', fixing('chmod', '.claude/settings.json'), (box) => chmodSync(box.at('.claude/settings.json'), 0o644)],
  ['doctor --offline --fix KEY_EXPOSED', fixing('scrub-lines', '.bash_history'), holding('.bash_history', 0o600)],
];

/** Runs a command line; what writes down where orcc lies needs the built program. */
async function run(words: string): Promise<Pick<RunResult, 'code' | 'stdout' | 'stderr'>> {
  const args = words.replace('INIT', INIT).replaceAll('~', box.home).split(' ');
  const ran = words.startsWith('statusline') ? await box.bin(args, { env: { ...box.env, ...env } }) : await box.orcc(args, { env });
  // `doctor` ends with 1 where there is something to fix, `remove` where something by hand is left.
  expect([0, /^doctor|^remove --target user --dry/.test(words) ? 1 : 0], `orcc ${words}: ${ran.stdout}${ran.stderr}`).toContain(ran.code);
  return ran;
}

describe('a Decision, as --dry-run --json prints it,', () => {
  beforeEach(() => setUp());

  it.each(COMMANDS.map(([words, decision, ...before]) => ({ words, decision, before })))(
    'of $words says what was decided, names the key by a handle, and holds no key',
    async ({ words, decision, before }) => {
      for (const step of before) await (typeof step === 'string' ? run(step) : step(box));
      const { stdout, stderr } = await run(`${words} --dry-run --json`);
      const { data } = JSON.parse(stdout) as Printed;
      expect(data['decision']).toMatchObject(decision);
      // What is printed is masked, so that a key in a Decision shows by what stands in its place.
      const printed = JSON.stringify(data['decision']);
      for (const key of KEYS) {
        for (const part of [maskKey(key), key.slice(10, 40)]) expect(printed).not.toContain(part);
        expect(stdout + stderr).not.toContain(key.slice(10, 40));
      }
    },
  );

  it('is looked at for every command that writes', async () => {
    const isWriting = ({ flags }: CommandRow): boolean => flags.some((flag) => ['--yes', '--dry-run'].includes(longOf(flag)));
    const under = (row: CommandRow, name: string): readonly string[] => [
      ...(isWriting(row) ? [name] : []),
      ...(row.commands ?? []).flatMap((each) => under(each, `${name} ${each.name}`)),
    ];
    const writing = ((await loadProgram()).commands ?? []).flatMap((each) => under(each, each.name));
    expect(writing.length).toBeGreaterThan(20);
    expect(writing.filter((name) => !COMMANDS.some(([words]) => `${words.toLowerCase()} `.startsWith(`${name} `)))).toEqual(CALLING);
  });
});
