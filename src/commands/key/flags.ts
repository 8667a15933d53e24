import type { CommandRow, RunCommand } from '../../core/command.ts';
import { SHARED, WRITING } from '../shared-flags.ts';

const show = async (): Promise<RunCommand> => (await import('./key-show.ts')).runKeyShow;
const offline = { flags: '--offline', note: 'do not ask OpenRouter' };
const given = [SHARED.keyStdin, SHARED.keyEnv, { flags: '--login', note: 'fetch the key in the browser' }];
const changing = [SHARED.noCheck, SHARED.to, SHARED.replace, SHARED.force, ...WRITING];
const examplesOf = (name: string): readonly string[] => [`orcc key ${name}`, `orcc key ${name} --key-stdin --yes < keyfile`];

/** `orcc key` and the words behind it. */
export const keyCommand: CommandRow = {
  name: 'key',
  summary: 'the key alone: show, set, rotate, forget, storage; add, use, list, remove keys by name',
  description: 'Where the key lives, what it may spend, and how it is changed. Without a word: `show`.',
  flags: [offline, SHARED.to, SHARED.json],
  examples: ['orcc key', 'orcc key rotate --login', 'orcc key storage keychain'],
  load: show,
  commands: [
    {
      name: 'show',
      summary: 'which key, where it lives, what is left of it; never the key itself',
      flags: [offline, SHARED.to, SHARED.json],
      examples: ['orcc key show', 'orcc key show --offline --json'],
      load: show,
    },
    {
      name: 'set',
      summary: 'store a key, in its storage and wherever orcc wrote it',
      flags: [...given, ...changing],
      examples: examplesOf('set'),
      load: async () => (await import('./key-set.ts')).runKeySet,
    },
    {
      name: 'rotate',
      summary: 'put a new key in place of the old one, once OpenRouter has accepted it',
      flags: [...given, ...changing],
      examples: examplesOf('rotate'),
      load: async () => (await import('./key-set.ts')).runKeyRotate,
    },
    {
      name: 'add',
      summary: 'store another key under a name, with its base URL',
      arguments: [{ name: 'name', shape: '<name>', note: 'what it shall be called' }],
      flags: [
        ...given,
        { flags: '--base-url <url>', note: 'API address that the key is for; the configured one unless given' },
        { flags: '--key-storage <kind>', note: 'command:LINE or env:NAME, where orcc is not to keep the key itself' },
        SHARED.noCheck,
        ...WRITING,
      ],
      examples: ['orcc key add work', "orcc key add work --key-storage 'command:op read op://Work/OpenRouter/key'"],
      load: async () => (await import('./key-named.ts')).runKeyAdd,
    },
    {
      name: 'use',
      summary: 'take the key of that name into use, with its base URL',
      arguments: [{ name: 'name', shape: '<name>', note: 'name of the key' }],
      flags: [SHARED.noCheck, SHARED.replace, SHARED.force, ...WRITING],
      examples: ['orcc key use work', 'orcc key use default --yes'],
      load: async () => (await import('./key-named.ts')).runKeyUse,
    },
    {
      name: 'list',
      summary: 'the keys by name, and which is in use; never a key itself',
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
      summary: 'take base URL and key out of every file, then delete the key',
      flags: [SHARED.force, ...WRITING],
      examples: ['orcc key forget --dry-run', 'orcc key forget --yes'],
      load: async () => (await import('./key-forget.ts')).runKeyForget,
    },
    {
      name: 'storage',
      summary: 'where the key lives; with a kind, move it there and leave no copy',
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
