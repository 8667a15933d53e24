import { describe, expect, it } from 'vitest';
import type { SavedLogins } from '../../../src/claude/credentials.ts';
import { readLayers, type Layers } from '../../../src/claude/layers.ts';
import type { ClaudeSays } from '../../../src/commands/status/ask-claude.ts';
import { compareAnswers, judge, leftOut } from '../../../src/commands/status/compare.ts';
import { memoryFiles } from '../../support/memory-files.ts';

const OPENROUTER = {
  ANTHROPIC_BASE_URL: 'https://openrouter.ai/api/',
  ANTHROPIC_AUTH_TOKEN: 'sk-or-v1-x',
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'v/o',
  ANTHROPIC_DEFAULT_SONNET_MODEL: 'v/s',
};

function layersOf(env: Record<string, string>, files: Record<string, string> = {}): Layers {
  return readLayers({ fs: memoryFiles(files), env, home: '/home/u', platform: 'linux', cwd: '/w' });
}

/** What agrees, by its name. */
function compare(
  layers: Layers,
  says: Partial<ClaudeSays>,
  version = '2.1.330',
  saved: SavedLogins = { login: false },
): Record<string, boolean> {
  const compared = compareAnswers(layers, 'process', { silent: [], ...says }, version, { saved, realpath: (path) => path });
  return Object.fromEntries(compared.map(({ what, agrees }) => [what, agrees]));
}

describe('the model that Claude Code names', () => {
  // As `claude -p /model` of 2.1.212, 2.1.260, 2.1.300 and 2.1.330 answered (measured).
  it.each([
    ['', 'v/o[1m]'],
    ['sonnet', 'v/s'],
    ['opus[1m]', 'v/o[1m]'],
    ['vend/x[1m]', 'vend/x[1m]'],
    ['@preset/x', '@preset/x'],
    ['anthropic/claude-sonnet-4.6', 'Sonnet 4.6'],
    ['anthropic/claude-sonnet-4.6', 'Sonnet 4'],
    ['claude-sonnet-4-5-20250929', 'Sonnet 4.5'],
    ['anthropic/claude-opus-4.6[1m]', 'Opus 4.6 (1M context)'],
    ['claude-opus-5-5', 'claude-opus-5-5'],
    ['anthropic/claude-3.5-haiku', 'Haiku 3.5'],
    ['haiku', 'Haiku 5.5'],
    ['haiku', 'Haiku 4.5'],
    ['opusplan', 'Opus in plan mode, else Sonnet'],
  ])('for ANTHROPIC_MODEL=%s may be %s', (named, said) => {
    expect(compare(layersOf({ ...OPENROUTER, ANTHROPIC_MODEL: named }), { model: said })).toEqual({ model: true });
  });

  it.each([
    ['', 'v/o'],
    ['sonnet', 'v/o'],
    ['best', 'Fable 5.1'],
    ['anthropic/claude-sonnet-4.6', 'Sonnet 5'],
    ['anthropic/claude-sonnet-4.6', 'Opus 4.6'],
    ['haiku', 'Opus in plan mode, else Sonnet'],
  ])('for ANTHROPIC_MODEL=%s is not %s', (named, said) => {
    expect(compare(layersOf({ ...OPENROUTER, ANTHROPIC_MODEL: named }), { model: said })).toEqual({ model: false });
  });
});

describe('credential and base URL', () => {
  const user = (settings: object): Record<string, string> => ({ '/home/u/.claude/settings.json': JSON.stringify(settings) });
  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['a token', OPENROUTER, {}, 'oauth_token'],
    ['a token and a key', { ...OPENROUTER, ANTHROPIC_API_KEY: 'k' }, {}, 'oauth_token'],
    ['a token and a helper', OPENROUTER, user({ apiKeyHelper: 'x' }), 'oauth_token'],
    ['a helper and a key', { ANTHROPIC_API_KEY: 'k' }, user({ apiKeyHelper: 'x' }), 'api_key_helper'],
    ['a key', { ANTHROPIC_API_KEY: 'k' }, {}, 'api_key'],
    ['a login in a variable', { CLAUDE_CODE_OAUTH_TOKEN: 'x' }, {}, 'oauth_token'],
    ['another cloud', { ...OPENROUTER, CLAUDE_CODE_USE_BEDROCK: '1' }, {}, 'third_party'],
    ['nothing', {}, {}, 'none'],
    ['nothing but a saved login', {}, {}, 'claude.ai'],
  ])('%s', (_what, env, files, said) => {
    expect(compare(layersOf(env, files), { credential: said })).toEqual({ credential: true });
    expect(compare(layersOf(env, files), { credential: 'something_new' })).toEqual({ credential: false });
  });

  it('a saved login in place of the token is a difference', () => {
    expect(compare(layersOf(OPENROUTER), { credential: 'claude.ai' })).toEqual({ credential: false });
  });

  it('of this folder’s settings Claude Code’s answer knows nothing', () => {
    const layers = layersOf(OPENROUTER, {
      '/w/.claude/settings.json': '{"env": {"ANTHROPIC_BASE_URL": "https://else.example", "ANTHROPIC_AUTH_TOKEN": ""}}',
    });
    expect(compare(layers, { credential: 'oauth_token', baseUrl: 'https://openrouter.ai/api' })).toEqual({
      credential: true,
      'base URL': true,
    });
  });

  it('a base URL that only one of the two knows is a difference', () => {
    expect(compare(layersOf(OPENROUTER), { baseUrl: '' })).toEqual({ 'base URL': false });
    expect(compare(layersOf({}), { baseUrl: 'https://else.example' })).toEqual({ 'base URL': false });
    expect(compare(layersOf({}), { baseUrl: '' })).toEqual({ 'base URL': true });
  });
});

describe('settings that did not load', () => {
  const broken = layersOf({}, { '/home/u/.claude/settings.json': '{"model": 7}' });
  it('are compared by their paths, from the version on that tells', () => {
    const what = 'settings that did not load';
    expect(compare(broken, { dropped: ['/home/u/.claude/settings.json'] })).toEqual({ [what]: true });
    expect(compare(broken, { dropped: [] })).toEqual({ [what]: false });
    expect(compare(layersOf({}), { dropped: ['/home/u/.claude/settings.json'] })).toEqual({ [what]: false });
    expect(compare(layersOf({}), { dropped: [] })).toEqual({});
    expect(compare(broken, { dropped: [] }, '2.1.299')).toEqual({});
  });

  it('are no part of the comparison where they are this folder’s, which are named instead', () => {
    const here = layersOf({}, { '/w/.claude/settings.json': '{"model": 7}', '/w/.claude/settings.local.json': '{"model": "x/y"}' });
    expect(compare(here, { dropped: [] })).toEqual({});
    expect(leftOut(here)).toEqual(['/w/.claude/settings.local.json', '/w/.claude/settings.json']);
    expect(leftOut(broken)).toEqual([]);
  });
});

describe('the API key that goes along', () => {
  const saved: SavedLogins = { login: false, apiKey: { where: 'file', place: '/home/u/.claude.json' } };
  const here = layersOf(OPENROUTER);

  it.each([
    ['/login managed key', 'a key that /login saved', true, here, saved],
    ['none', 'a key that /login saved', false, here, saved],
    ['/login managed key', 'no key', false, here, { login: false }],
    ['ANTHROPIC_API_KEY', 'one in the variable', true, layersOf({ ...OPENROUTER, ANTHROPIC_API_KEY: 'sk-ant-x' }), saved],
    ['ANTHROPIC_API_KEY', 'one in a descriptor', true, layersOf({ ...OPENROUTER, CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR: '3' }), saved],
  ])('that Claude Code calls %s, beside %s, agrees: %s', (apiKey, _beside, agrees, layers, logins) => {
    expect(compare(layers, { apiKey }, '2.1.332', logins)).toEqual({ 'API key': agrees });
  });

  it('is no line of its own where there is none', () => {
    expect(compare(here, { apiKey: 'none' })).toEqual({});
  });

  it('alone, saved by `/login`, is a credential that orcc does not count as one of the layers', () => {
    for (const credential of ['api_key', 'claude.ai'])
      expect(compare(layersOf({}), { credential }, '2.1.332', saved)).toMatchObject({ credential: true });
    expect(compare(layersOf({}), { credential: 'api_key' })).toEqual({ credential: false });
  });
});

it('a difference is a finding, what agrees is none, and a terminal takes no harm from it', () => {
  const says: ClaudeSays = { model: 'v/\u001b[2Jo', credential: 'oauth_token', silent: [] };
  const layers = layersOf({ ...OPENROUTER, ANTHROPIC_MODEL: 'sonnet' });
  const found = judge(
    compareAnswers(layers, 'process', says, '2.1.330', { saved: { login: false }, realpath: (path) => path }),
    'in this terminal',
    '2.1.330',
  );
  expect(found.map(({ code, subject }) => [code, subject])).toEqual([['STATUS_DIFFERS', 'model']]);
  expect(JSON.stringify(found)).not.toContain('\\u001b');
});
