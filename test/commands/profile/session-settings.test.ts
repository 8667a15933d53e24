import { describe, expect, it } from 'vitest';
import type { Layers } from '../../../src/claude/layers.ts';
import type { SettingsFile } from '../../../src/claude/settings-file.ts';
import type { Setup } from '../../../src/change/desired.ts';
import { managedConflicts, sessionBytes, sessionMembers, takeSettings } from '../../../src/commands/profile/session-settings.ts';

const KEY = `sk-or-v1-${'a'.repeat(64)}`;
const SETUP: Setup = {
  baseUrl: 'https://openrouter.ai/api',
  shellKey: { kind: 'file', path: '/home/u/.config/orcc/key' },
  settingsKey: { kind: 'token' },
  variables: [{ name: 'ANTHROPIC_DEFAULT_OPUS_MODEL', value: 'z-ai/glm-4.7' }],
  modelSettings: [],
};
const parse = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString('utf8')) as { env: Record<string, string> };
const layers = (layer: SettingsFile['layer'], env: Record<string, string>): Layers => ({
  settings: [
    {
      layer,
      path: '/etc/claude-code/managed-settings.json',
      env: new Map(Object.entries(env).map(([name, value]) => [name, { value, line: 3 }])),
      members: {},
    } as unknown as SettingsFile,
  ],
  startup: [],
  process: new Map(),
});
const reading = (files: Record<string, string>): Parameters<typeof takeSettings>[0] =>
  ({
    cwd: '/here',
    fs: {
      stat: () => null,
      readFile: (name: string) => {
        const text = files[name];
        if (text === undefined) throw Object.assign(new Error('no'), { code: 'ENOENT' });
        return Buffer.from(text);
      },
    },
  }) as unknown as Parameters<typeof takeSettings>[0];

describe('the settings of one session', () => {
  it('hold the connection and the mapping, and blank every other variable of orcc and every other provider', () => {
    const { env } = parse(sessionBytes(sessionMembers(SETUP, [], KEY), null));
    expect(env).toMatchObject({
      ANTHROPIC_BASE_URL: SETUP.baseUrl,
      ANTHROPIC_AUTH_TOKEN: KEY,
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
      CLAUDE_CODE_SUBAGENT_MODEL: '',
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: '',
      CLAUDE_CODE_USE_VERTEX: '',
    });
  });

  it("blank someone else's helper, whose key would be sent along", () => {
    expect(parse(sessionBytes(sessionMembers(SETUP, [], KEY), null))).toMatchObject({ apiKeyHelper: '' });
  });

  it('name a helper and no token where the key lives behind one', () => {
    const bytes = sessionBytes(sessionMembers({ ...SETUP, settingsKey: { kind: 'helper', command: "cat '/k'" } }, [], undefined), null);
    expect(parse(bytes)).toMatchObject({ apiKeyHelper: "cat '/k'", env: { ANTHROPIC_AUTH_TOKEN: '' } });
  });

  it('refuse what Claude Code would ignore as a whole', () => {
    expect(() => sessionBytes(sessionMembers(SETUP, [], KEY), Buffer.from('{ "env": {}, }'))).toThrow(/--settings/);
  });
});

describe('takeSettings', () => {
  it.each([
    [['-p', 'hi'], ['-p', 'hi'], null],
    [['--settings', 'a.json', '-p'], ['-p'], '{"a":1}'],
    [['--settings=a.json', '-p'], ['-p'], '{"a":1}'],
    [['-p', '--settings', ' {"b":2}'], ['-p'], ' {"b":2}'],
    [['--settings', '{"b":2}', '--settings', 'a.json'], [], '{"a":1}'],
    [['--', '--settings', 'a.json'], ['--', '--settings', 'a.json'], null],
  ] as const)('%j', (given, args, settings) => {
    const taken = takeSettings(reading({ '/here/a.json': '{"a":1}' }), given);
    expect(taken.args).toEqual(args);
    expect(taken.settings === null ? null : Buffer.from(taken.settings).toString('utf8')).toBe(settings);
  });

  it('says which file is not there', () => {
    expect(() => takeSettings(reading({}), ['--settings', 'none.json'])).toThrow(/none\.json/);
  });
});

describe('managedConflicts', () => {
  const members = sessionMembers(SETUP, [], KEY);
  it.each([
    [{ ANTHROPIC_BASE_URL: 'https://elsewhere.example/api' }, 1, 0],
    [{ ANTHROPIC_AUTH_TOKEN: '' }, 1, 0],
    [{ ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789abcdef' }, 1, 0],
    [{ ANTHROPIC_DEFAULT_OPUS_MODEL: 'a/b' }, 0, 1],
    [{ CLAUDE_CODE_USE_BEDROCK: '1' }, 0, 1],
    [{ ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7', OTHER: 'x' }, 0, 0],
  ])('%j: %i refused, %i said', (env: Record<string, string>, refuse, warn) => {
    const found = managedConflicts(layers('managed', env), members, '/home/u');
    expect([found.refuse.length, found.warn.length]).toEqual([refuse, warn]);
    expect(JSON.stringify(found)).not.toContain('0123456789abcdef');
  });

  it("refuses an administrator's helper, whose key would go to OpenRouter", () => {
    const managed = layers('managed', {});
    const settings = managed.settings.map(
      (file) => ({ ...file, members: { apiKeyHelper: { value: '/opt/key', line: 2 } } }) as unknown as SettingsFile,
    );
    expect(managedConflicts({ ...managed, settings }, members, '/home/u').refuse).toHaveLength(1);
  });

  it('looks at no weaker layer', () => {
    expect(managedConflicts(layers('user', { ANTHROPIC_BASE_URL: 'https://x.example' }), members, '/home/u')).toEqual({
      refuse: [],
      warn: [],
    });
  });
});
