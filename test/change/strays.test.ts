import { describe, expect, it } from 'vitest';
import { describeStray, findSavedModelIn, findStrayMembers, ownStray, unrecorded } from '../../src/change/strays.ts';
import { OPTIONAL_VARIABLES } from '../../src/claude/variables.ts';
import { helperCommand } from '../../src/config/storage.ts';
import { HOME, machineWith, place } from '../support/machine.ts';

const { own } = machineWith();
const URL = 'https://openrouter.ai/api';
const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const found = (value: unknown, baseUrl?: string): readonly string[] =>
  findStrayMembers(bytes(value), { own, baseUrl, platform: 'linux' }).map((path) => path.join('.'));

describe('members that lead Claude Code to OpenRouter', () => {
  it.each<[string, unknown, readonly string[]]>([
    [
      'URL, key and mapping',
      { env: { ANTHROPIC_BASE_URL: URL, ANTHROPIC_AUTH_TOKEN: 'x', ANTHROPIC_MODEL: 'opus', MINE: '1' } },
      ['env.ANTHROPIC_BASE_URL', 'env.ANTHROPIC_AUTH_TOKEN', 'env.ANTHROPIC_MODEL'],
    ],
    ['a URL with blanks and a slash at its end', { env: { ANTHROPIC_BASE_URL: ` ${URL}/ ` } }, ['env.ANTHROPIC_BASE_URL']],
    ['a key of OpenRouter’s alone', { env: { ANTHROPIC_AUTH_TOKEN: 'sk-or-v1-x' } }, ['env.ANTHROPIC_AUTH_TOKEN']],
    [
      'a key of OpenRouter’s beside another’s URL',
      { env: { ANTHROPIC_BASE_URL: 'https://x.example', ANTHROPIC_AUTH_TOKEN: 'sk-or-v1-x' } },
      ['env.ANTHROPIC_BASE_URL', 'env.ANTHROPIC_AUTH_TOKEN'],
    ],
    ['a model that OpenRouter alone has', { env: { ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7' } }, ['env.ANTHROPIC_DEFAULT_OPUS_MODEL']],
    [
      'the window of such a model',
      { modelSettings: { 'z-ai/glm-4.7': { autoCompactWindow: 1, other: 2 } } },
      ['modelSettings.z-ai/glm-4.7.autoCompactWindow'],
    ],
    ['the command that prints orcc’s key', { apiKeyHelper: helperCommand(own.key, 'linux') }, ['apiKeyHelper']],
    ['a saved model', { model: 'z-ai/glm-4.7' }, ['model']],
    [
      'an empty URL beside a model',
      { env: { ANTHROPIC_BASE_URL: '', ANTHROPIC_MODEL: 'z-ai/glm-4.7' } },
      ['env.ANTHROPIC_BASE_URL', 'env.ANTHROPIC_MODEL'],
    ],
  ])('are told: %s', (_what, value, members) => {
    expect([...found(value)].sort()).toEqual([...members].sort());
  });

  it.each<[string, unknown]>([
    [
      'another gateway’s URL',
      { env: { ANTHROPIC_BASE_URL: 'https://x.example', ANTHROPIC_AUTH_TOKEN: 'x', ANTHROPIC_MODEL: 'z-ai/glm' }, model: 'z-ai/glm' },
    ],
    ['what is no URL', { env: { ANTHROPIC_BASE_URL: 'openrouter', ANTHROPIC_MODEL: 'z-ai/glm' } }],
    [
      'Anthropic’s own models and key',
      { env: { ANTHROPIC_BASE_URL: '', ANTHROPIC_MODEL: 'opus', ANTHROPIC_AUTH_TOKEN: 'sk-ant' }, model: 'opus' },
    ],
    ['what is optional alone', { env: Object.fromEntries(OPTIONAL_VARIABLES.map((name) => [name, '1'])) }],
    [
      'windows of Anthropic’s models, and none',
      { modelSettings: { opus: { autoCompactWindow: 1 }, 'z-ai/glm': { other: 1 }, 'z-ai/x': 5, 'z-ai/y': null } },
    ],
    ['another command for the key', { apiKeyHelper: 'cat key' }],
    ['values of other kinds', { env: ['ANTHROPIC_MODEL'], modelSettings: 1, apiKeyHelper: 1, model: { id: 'z-ai/glm' } }],
    ['nothing', {}],
  ])('are none: %s', (_what, value) => {
    expect(found(value)).toEqual([]);
  });

  it('are those of the configured gateway too, and none of what is optional', () => {
    const env = {
      ANTHROPIC_BASE_URL: ' https://x.example/ ',
      ANTHROPIC_AUTH_TOKEN: 'x',
      ...Object.fromEntries(OPTIONAL_VARIABLES.map((name) => [name, '1'])),
    };
    expect([...found({ env }, 'https://x.example')].sort()).toEqual(['env.ANTHROPIC_AUTH_TOKEN', 'env.ANTHROPIC_BASE_URL']);
    expect([...found({ env: { ...env, ANTHROPIC_BASE_URL: 'odd' } }, 'odd')].sort()).toEqual([
      'env.ANTHROPIC_AUTH_TOKEN',
      'env.ANTHROPIC_BASE_URL',
    ]);
  });

  it('are none where the file does not parse or is not there', () => {
    for (const none of [Buffer.from('{'), null]) expect(findStrayMembers(none, { own, baseUrl: undefined, platform: 'linux' })).toEqual([]);
  });

  it('are shown with their values, a key’s masked', () => {
    const file = bytes({ env: { ANTHROPIC_MODEL: 'opus', ANTHROPIC_AUTH_TOKEN: `sk-or-v1-${'0123456789abcdef'.repeat(4)}` } });
    const lines = describeStray(file, {
      members: [
        ['env', 'ANTHROPIC_MODEL'],
        ['env', 'ANTHROPIC_AUTH_TOKEN'],
      ],
    });
    expect(lines[0]).toMatch(/^env\.ANTHROPIC_MODEL = .*opus/);
    expect(lines[1]).not.toContain('0123456789abcdef0123456789abcdef');
  });
});

describe('a model that was saved', () => {
  it.each<[unknown, readonly (readonly string[])[]]>([
    [{ model: 'z-ai/glm-4.7' }, [['model']]],
    [{ model: 'opus' }, []],
    [{ env: { model: 'z-ai/glm-4.7' } }, []],
  ])('is told where OpenRouter alone knows it: %j', (value, members) => {
    expect(findSavedModelIn(bytes(value))).toEqual(members);
  });
});

describe('members that the user gave to orcc', () => {
  const url = ['env', 'ANTHROPIC_BASE_URL'];
  const member = { path: url, sum: 's', createdParents: [], replaced: '"https://x.example"' };
  const file = bytes({
    env: { ANTHROPIC_BASE_URL: URL, ANTHROPIC_MODEL: 'z-ai/glm' },
    modelSettings: { 'z-ai/x': { autoCompactWindow: 1 } },
  });

  it('bring nothing back, the others what they replaced', () => {
    const other = { ...member, path: ['model'] };
    expect(ownStray([member, other], [url], file)).toEqual([{ path: url, sum: 's', createdParents: [] }, other]);
  });

  it('go with what stood around them alone, where they are there', () => {
    const window = ['modelSettings', 'z-ai/x', 'autoCompactWindow'];
    expect(ownStray([member], [window, url, ['model']], file)).toEqual([
      { path: url, sum: 's', createdParents: [] },
      { path: window, sum: expect.any(String) as string, createdParents: [['modelSettings'], ['modelSettings', 'z-ai/x']] },
    ]);
  });
});

describe('files that no record names', () => {
  it('are places of their own', () => {
    const state = {
      ...machineWith().state,
      targets: [{ id: 'user' as const, path: place('user'), created: true, modeBefore: null, carries: 'setup' as const, members: [] }],
    };
    const places = [place('user'), `${HOME}/x.json`].map((path) => ({ target: 'user' as const, path }));
    expect(unrecorded(places, { state })).toEqual([{ id: 'user', carries: 'nothing', remember: false, path: `${HOME}/x.json` }]);
  });
});
