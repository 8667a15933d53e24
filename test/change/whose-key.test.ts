import { describe, expect, it } from 'vitest';
import * as api from '../../src/change/api-source.ts';
import { readInEffect } from '../../src/change/in-effect.ts';
import { observeMachine } from '../../src/change/machine.ts';
import type { Config } from '../../src/config/config.ts';
import type { Context } from '../../src/core/context.ts';
import { SHELL_TARGETS } from '../../src/targets/types.ts';
import { renderBlock } from '../../src/edit/shell/block.ts';
import { shellOf } from '../../src/edit/shell/list.ts';
import { CONFIG, HOME, KEY, machineWith, place } from '../support/machine.ts';
import { type Call, type fakeExec, shellContext } from '../support/shell-context.ts';

const OPENROUTER = 'https://openrouter.ai/api';
const OTHER = 'https://gateway.example';
const { own } = machineWith();
const PROJECT = `${HOME}/project/.claude/settings.json`;
const LOCAL = `${HOME}/project/.claude/settings.local.json`;
const OWN_HELPER = `cat '${own.key}'`;
const TOKEN = 'a-token-of-somebody';

interface Given {
  readonly config?: Partial<Config>;
  /** In the key file. */
  readonly key?: string;
  readonly user?: unknown;
  readonly project?: unknown;
  readonly local?: unknown;
  readonly bashrc?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly programs?: Parameters<typeof fakeExec>[0];
}

/** A context over these files alone; other programs than those that are given are not started. */
function contextOf({ config, key, user, project, local, bashrc, env, programs }: Given): Context {
  const json = (path: string, value: unknown) => (value === undefined ? {} : { [path]: JSON.stringify(value) });
  const files = {
    [`${HOME}/.profile`]: '',
    ...json(own.config, config && { ...CONFIG, ...config }),
    ...(key === undefined ? {} : { [own.key]: key }),
    ...(bashrc === undefined ? {} : { [place('bash')]: bashrc }),
    ...{ ...json(place('user'), user), ...json(PROJECT, project), ...json(LOCAL, local) },
  };
  const ctx = shellContext({ files, env: { SHELL: '/bin/bash', HOME, ...env }, ...(programs && { programs }) });
  const more = { pid: 1, random: (bytes: number) => new Uint8Array(bytes), interactive: false, signal: new AbortController().signal };
  return { ...ctx, ...more } as unknown as Context;
}

const vars = (url?: string, token?: string) => ({
  env: { ...(url === undefined ? {} : { ANTHROPIC_BASE_URL: url }), ...(token === undefined ? {} : { ANTHROPIC_AUTH_TOKEN: token }) },
});
const helped = (url: string, apiKeyHelper = OWN_HELPER) => ({ ...vars(url), apiKeyHelper });
const COMMAND = { keyStorage: { kind: 'command', ref: 'pass show key' } } as const;
const COMMAND_BODY = shellOf('sh').body(
  { baseUrl: OPENROUTER, key: { kind: 'command', command: 'pass show key' }, variables: [] },
  { home: HOME, platform: 'linux' },
);
const pass = { sh: ({ args }: Call) => ({ stdout: args.includes('pass show key') ? `${KEY}\n` : '' }) };
const USER = 'user settings (~/.claude/settings.json:1)';

/** Each with the key, which key it is, the address that it belongs to, and where requests go by whose word. */
const CASES: readonly (readonly [string, Given, readonly [string?, string?, (string | null)?], readonly [string, string]])[] = [
  ['nothing', {}, [], [OPENROUTER, 'orcc’s default']],
  [
    'the stored one',
    { config: {}, key: KEY, user: helped(OPENROUTER) },
    [KEY, 'the stored key (storage file)', OPENROUTER],
    [OPENROUTER, USER],
  ],
  [
    'the stored one, with the URL that it was stored for',
    { config: { keyUrl: OTHER }, key: KEY, user: helped(OPENROUTER) },
    [KEY, 'the stored key (storage file)', OTHER],
    [OPENROUTER, USER],
  ],
  [
    'a stored one with a name',
    { config: { activeKey: 'work' }, key: KEY, user: helped(OPENROUTER) },
    [KEY, 'the stored key `work` (storage file)', OPENROUTER],
    [OPENROUTER, USER],
  ],
  [
    'the stored one, in a settings file',
    { config: {}, key: KEY, user: vars(OTHER, KEY) },
    [KEY, 'the stored key (storage file)', OPENROUTER],
    [OTHER, USER],
  ],
  [
    'somebody’s, beside a URL',
    { config: {}, key: KEY, user: vars(`${OTHER}//`, TOKEN) },
    [TOKEN, `the key in ${USER}`, `${OTHER}//`],
    [OTHER, USER],
  ],
  [
    'somebody’s, and a folder’s URL',
    { user: vars(undefined, TOKEN), project: vars(OTHER) },
    [TOKEN, `the key in ${USER}`],
    [OTHER, 'project settings (~/project/.claude/settings.json:1)'],
  ],
  [
    'both of a folder',
    { project: vars(OTHER, TOKEN) },
    [TOKEN, 'the key in project settings (~/project/.claude/settings.json:1)', OTHER],
    [OTHER, 'project settings (~/project/.claude/settings.json:1)'],
  ],
  ['somebody’s without a URL', { user: vars(undefined, TOKEN) }, [TOKEN, `the key in ${USER}`], [OPENROUTER, 'orcc’s default']],
  [
    'this terminal’s',
    { env: vars(OTHER, TOKEN).env },
    [TOKEN, "the key in this terminal's environment", OTHER],
    [OTHER, "this terminal's environment"],
  ],
  [
    'a start-up file’s',
    { bashrc: `export ANTHROPIC_BASE_URL=${OTHER}\nexport ANTHROPIC_AUTH_TOKEN=${TOKEN}\n` },
    [TOKEN, 'the key in the start-up file ~/.bashrc:2', OTHER],
    [OTHER, 'the start-up file ~/.bashrc:1'],
  ],
  [
    'a command’s',
    { config: COMMAND, user: helped(OPENROUTER, 'pass show key'), programs: pass },
    [KEY, 'the stored key (storage command)', OPENROUTER],
    [OPENROUTER, USER],
  ],
  [
    'a command’s in a start-up file',
    { config: COMMAND, bashrc: renderBlock(COMMAND_BODY, '\n', false), programs: pass },
    [KEY, 'the stored key (storage command)', OPENROUTER],
    [OPENROUTER, 'the start-up file ~/.bashrc:7'],
  ],
  [
    'somebody’s, beside a URL with blanks',
    { user: vars(` ${OTHER}/ `, TOKEN) },
    [TOKEN, `the key in ${USER}`, ` ${OTHER}/ `],
    [OTHER, USER],
  ],
  [
    'one that orcc left behind',
    { key: KEY, user: vars(OPENROUTER, KEY) },
    [KEY, 'the stored key (storage file)', OPENROUTER],
    [OPENROUTER, USER],
  ],
  [
    'somebody’s, and two URLs of a folder',
    { user: vars(undefined, TOKEN), project: vars(OPENROUTER), local: vars(OTHER) },
    [TOKEN, `the key in ${USER}`],
    [OTHER, 'local settings (~/project/.claude/settings.local.json:1)'],
  ],
  [
    'somebody’s, where a command would tell the stored one too',
    { config: COMMAND, user: { ...vars(OTHER, TOKEN), apiKeyHelper: 'pass show key' }, programs: pass },
    [TOKEN, `the key in ${USER}`, OTHER],
    [OTHER, USER],
  ],
  [
    'somebody’s, a folder’s URL, and this terminal’s below a blank one',
    { user: vars('  ', TOKEN), project: vars(OTHER), env: { ANTHROPIC_BASE_URL: OTHER } },
    [TOKEN, `the key in ${USER}`, OTHER],
    [OTHER, 'project settings (~/project/.claude/settings.json:1)'],
  ],
  ['no command’s, where the helper is another', { config: COMMAND, user: helped(OPENROUTER, 'mine') }, [], [OPENROUTER, USER]],
  ['no helper’s of somebody', { config: {}, key: KEY, user: helped(OPENROUTER, 'mine') }, [], [OPENROUTER, USER]],
  [
    'a keychain’s',
    {
      env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' },
      config: { keyStorage: { kind: 'keychain' } },
      user: helped(OPENROUTER, 'any'),
      programs: { 'secret-tool': () => ({ stdout: KEY }) },
    },
    [KEY, 'the stored key (storage keychain)', OPENROUTER],
    [OPENROUTER, USER],
  ],
  ['no keychain’s, without a helper', { config: { keyStorage: { kind: 'keychain' } }, user: vars(OPENROUTER) }, [], [OPENROUTER, USER]],
];

describe('the key in effect, the address that it belongs to and the one that it would go to', () => {
  it.each(CASES)('is %s', async (_what, given, [key, keyFrom, storedFor], [baseUrl, from]) => {
    const source = await api.readApiSource(contextOf(given));
    expect([source.key, source.keyFrom, source.storedFor, source.destination.baseUrl]).toEqual([key, keyFrom, storedFor, baseUrl]);
    if (from !== 'orcc’s default') expect(source.destination).toEqual({ baseUrl, from });
  });

  it.each(CASES)('is used unasked only where both are one: %s', async (_what, given, [key, , storedFor], [baseUrl]) => {
    const endpoint = await api.keyedEndpoint(contextOf(given));
    const isOne = key !== undefined && (storedFor ?? OPENROUTER).trim().replace(/\/+$/, '') === baseUrl;
    expect([endpoint?.baseUrl, endpoint?.key]).toEqual(isOne ? [baseUrl, key] : [undefined, undefined]);
  });

  it.each(CASES)(
    'is told of beforehand where they are not, as far as files tell: %s',
    async (_what, given, [key, , storedFor], [baseUrl]) => {
      const ctx = contextOf(given);
      const machine = await observeMachine(ctx, SHELL_TARGETS);
      const other = api.findOtherAddress(ctx, machine, await readInEffect(ctx, machine));
      const isOther = key !== undefined && (storedFor ?? OPENROUTER).trim().replace(/\/+$/, '') !== baseUrl;
      expect([other?.baseUrl, other?.storedFor]).toEqual(isOther ? [baseUrl, storedFor] : [undefined, undefined]);
    },
  );

  it('is nowhere to be sent where it is empty, and is not looked for beside a configuration that is broken', async () => {
    expect(await api.keyedEndpoint(contextOf({ user: vars(OPENROUTER, '') }))).toBeUndefined();
    const broken = contextOf({ config: { mapping: 5 as never } });
    await expect(api.readApiSource(broken)).rejects.toMatchObject({ exit: 'refused' });
  });

  it.each(['no url', undefined])('is not told of where the URL is none, which is told elsewhere, or not there: %s', async (url) => {
    const ctx = contextOf({ config: { keyUrl: OTHER }, key: KEY, user: vars(url, KEY) });
    const machine = await observeMachine(ctx, SHELL_TARGETS);
    expect(api.findOtherAddress(ctx, machine, await readInEffect(ctx, machine))).toBeUndefined();
  });

  it('is a command’s that a start-up file runs', async () => {
    const ctx = contextOf({ config: COMMAND, user: vars(OTHER) });
    const machine = await observeMachine(ctx, SHELL_TARGETS);
    const { mapping } = await readInEffect(ctx, machine);
    expect(api.findOtherAddress(ctx, machine, { mapping, token: "(the command's answer)" })).toMatchObject({
      baseUrl: OTHER,
      storedFor: OPENROUTER,
    });
    expect(api.findOtherAddress(ctx, machine, { mapping, token: undefined })).toBeUndefined();
  });
});

it.each([
  ['a folder’s counts for nobody', { project: vars(OTHER) }, OPENROUTER],
  ['the user’s counts', { user: vars(OTHER) }, OTHER],
  ['this terminal’s counts', { env: vars(OTHER).env }, OTHER],
  ['the configuration’s counts', { config: { baseUrl: OTHER } }, OTHER],
] as const)('an address outside folders: %s', async (_what, given, baseUrl) => {
  expect((await api.destinationOutsideFolders(contextOf(given))).baseUrl).toBe(baseUrl);
});

describe('a command that needs a key', () => {
  it.each([
    ['nothing is configured', {}, { exit: 'nothing' }],
    ['Anthropic is in use', { config: { native: true }, key: KEY }, { exit: 'nothing' }],
    ['there is no key', { config: {}, user: vars(OPENROUTER) }, { exit: 'key', code: 'KEY_MISSING' }],
    [
      'there is no key, and Anthropic is in use but for a line of one’s own',
      { config: { native: true }, user: vars(OPENROUTER) },
      { exit: 'key', code: 'KEY_MISSING' },
    ],
    [
      'the command fails',
      { config: COMMAND, user: helped(OPENROUTER, 'pass show key'), programs: { sh: () => ({ code: 1 }) } },
      { exit: 'key', message: expect.stringContaining('pass show key') as string },
    ],
    ['the key is empty', { user: vars(OPENROUTER, '') }, { exit: 'key', code: 'KEY_MISSING' }],
  ])('says what is missing where %s', async (_what, given, error) => {
    await expect(api.requireApiSource(contextOf(given))).rejects.toMatchObject(error);
  });

  it('sends it where it may go, and nowhere else', async () => {
    const admit = async (given: Given, to?: string) => {
      const ctx = contextOf(given);
      return api.admitSource(ctx, await api.requireApiSource(ctx), to);
    };
    const stored = { config: {}, key: KEY };
    expect(await admit({ ...stored, user: helped(OPENROUTER) })).toMatchObject({
      baseUrl: OPENROUTER,
      key: KEY,
      keyFrom: 'the stored key (storage file)',
    });
    await expect(admit({ ...stored, user: helped(OTHER) })).rejects.toMatchObject({ code: 'KEY_OTHER_ADDRESS' });
    expect(await admit({ ...stored, user: helped(OTHER) }, OTHER)).toMatchObject({ baseUrl: OTHER });
    await expect(admit({ ...stored, user: helped(OPENROUTER) }, OTHER)).rejects.toMatchObject({ code: 'KEY_OTHER_ADDRESS' });
  });
});
