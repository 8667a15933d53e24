import type { CommandRow, RunCommand } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

const show = async (): Promise<RunCommand> => (await import('./key-show.ts')).runKeyShow;
const offline = { flags: '--offline', note: 'do not ask OpenRouter' };
const given = [SHARED.keyStdin, SHARED.keyEnv, { flags: '--login', note: 'get a key by logging in with the browser' }];
const changing = [SHARED.noCheck, SHARED.to, SHARED.replace, SHARED.force, ...WRITING];
const examplesOf = (name: string): readonly string[] => [`orcc key ${name}`, `orcc key ${name} --key-stdin --yes < keyfile`];

export const keyCommand: CommandRow = {
  name: 'key',
  summary: 'manage the key: show, set, rotate, forget, storage; add, use, list, remove named keys',
  description: 'Show or change the key: where it is kept and what it may spend. Without a subcommand: `show`.',
  flags: [offline, SHARED.to, SHARED.json],
  examples: ['orcc key', 'orcc key rotate --login', 'orcc key storage keychain'],
  load: show,
  commands: [
    {
      name: 'show',
      summary: 'show which key is in use, where it is kept and what is left to spend; never the key itself',
      flags: [offline, SHARED.to, SHARED.json],
      examples: ['orcc key show', 'orcc key show --offline --json'],
      load: show,
    },
    {
      name: 'set',
      summary: 'store a key, and update it wherever orcc wrote it',
      flags: [...given, ...changing],
      examples: examplesOf('set'),
      load: async () => (await import('./key-set.ts')).runKeySet,
    },
    {
      name: 'rotate',
      summary: 'replace the key with a new one, once OpenRouter has accepted it',
      flags: [...given, ...changing],
      examples: examplesOf('rotate'),
      load: async () => (await import('./key-set.ts')).runKeyRotate,
    },
    {
      name: 'add',
      summary: 'store another key under a name, with its base URL',
      arguments: [{ name: 'name', shape: '<name>', note: 'name for the key' }],
      flags: [
        ...given,
        { flags: '--base-url <url>', note: 'API address that the key is for (default: the configured one)' },
        { flags: '--key-storage <kind>', note: 'command:LINE or env:NAME, if orcc should not keep the key itself' },
        SHARED.noCheck,
        ...WRITING,
      ],
      examples: ['orcc key add work', "orcc key add work --key-storage 'command:op read op://Work/OpenRouter/key'"],
      load: async () => (await import('./key-named.ts')).runKeyAdd,
    },
    {
      name: 'use',
      summary: 'switch to the key with that name, and to its base URL',
      arguments: [{ name: 'name', shape: '<name>', note: 'name of the key' }],
      flags: [SHARED.noCheck, SHARED.replace, SHARED.force, ...WRITING],
      examples: ['orcc key use work', 'orcc key use default --yes'],
      load: async () => (await import('./key-named.ts')).runKeyUse,
    },
    {
      name: 'list',
      summary: 'list the named keys and show which is in use; never a key itself',
      flags: [SHARED.json],
      examples: ['orcc key list'],
      load: async () => (await import('./key-named.ts')).runKeyList,
    },
    {
      name: 'remove',
      summary: 'forget a key that is not in use',
      arguments: [{ name: 'name', shape: '<name>', note: 'name of the key' }],
      flags: WRITING,
      examples: ['orcc key remove work'],
      load: async () => (await import('./key-named.ts')).runKeyRemove,
    },
    {
      name: 'forget',
      summary: 'remove the base URL and the key from every file, then delete the key',
      flags: [SHARED.force, ...WRITING],
      examples: ['orcc key forget --dry-run', 'orcc key forget --yes'],
      load: async () => (await import('./key-forget.ts')).runKeyForget,
    },
    {
      name: 'storage',
      summary: 'show where the key is kept; with a kind, move it there and leave no copy',
      arguments: [{ name: 'kind', shape: '[kind]', note: 'file, profile, env:NAME, helper, keychain or command:LINE' }],
      flags: [SHARED.eachStart, ...changing],
      examples: [
        'orcc key storage',
        'orcc key storage keychain',
        'orcc key storage env:OPENROUTER_API_KEY',
        "orcc key storage 'command:op read op://Private/OpenRouter/key'",
      ],
      load: async () => (await import('./key-storage.ts')).runKeyStorage,
    },
  ],
};
