import { describe, expect, it } from 'vitest';
import { resolveAliases } from '../../src/claude/aliases.ts';
import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import { createCatalog } from '../../src/openrouter/catalog.ts';
import { judgeModel } from '../../src/openrouter/suitability.ts';
import type { ShellAssignment } from '../../src/claude/layers.ts';
import { PRESETS } from '../../src/claude/presets.ts';
import { makeModel } from '../support/models.ts';
import {
  BASHRC,
  block,
  codes,
  ENV,
  fixes,
  found,
  LOCAL,
  MAPPED,
  observed,
  PROJECT,
  TOKEN,
  USER,
  userSettings,
  CONFIGURED,
} from './support.ts';

const other = 'https://gateway.example/api';
const unset = (name: string) => ({ files: { [USER]: userSettings({ [name]: undefined }) } });
const user = (changes: Record<string, unknown>, more: Record<string, unknown> = {}) => ({ files: { [USER]: userSettings(changes, more) } });
/** An export by hand at line 90 of .bashrc, below the block, and what follows it. */
const byHand = (value: string, more: object = {}, later: readonly ShellAssignment[] = []) => ({
  ...shellOnly,
  startup: [...block(), { name: 'ANTHROPIC_MODEL', value, file: BASHRC, line: 90 }, ...later],
  change: {
    ...shellOnly.change,
    handWritten: [{ name: 'ANTHROPIC_MODEL', file: BASHRC, line: 90, wins: true, adoptable: true, ...more }],
  },
});
const shellOnly = { files: {}, startup: block(), env: ENV, change: { own: [{ id: 'bash' as const, path: BASHRC }] } };

describe('doctor on a healthy machine', () => {
  it('finds nothing where orcc wrote user settings', () => {
    expect(codes()).toEqual([]);
  });

  it('finds only auto mode where orcc wrote a profile that this terminal has loaded', () => {
    expect(codes(shellOnly)).toEqual(['AUTO_MODE_BLOCKED warning']);
  });

  it('finds nothing where nobody set anything up', () => {
    expect(codes({ files: {}, isSetUp: false })).toEqual([]);
  });
});

describe('doctor and what is sent where', () => {
  it('calls a base URL without a token an error, and writes the setup anew', () => {
    expect(codes(unset('ANTHROPIC_AUTH_TOKEN'))).toEqual(['URL_WITHOUT_TOKEN error']);
    expect(fixes('URL_WITHOUT_TOKEN', unset('ANTHROPIC_AUTH_TOKEN'))).toEqual([{ code: 'URL_WITHOUT_TOKEN', kind: 'rewrite' }]);
  });

  it('takes the models of a set-up by hand out with the base URL: Anthropic does not have them', () => {
    const env = { ANTHROPIC_BASE_URL: 'https://openrouter.ai/api', ANTHROPIC_MODEL: 'sonnet', ANTHROPIC_DEFAULT_SONNET_MODEL: 'a/b' };
    const members = fixes('URL_WITHOUT_TOKEN', { files: { [USER]: { env } }, isSetUp: false });
    expect(members).toMatchObject([{ member: ['env', 'ANTHROPIC_BASE_URL'] }, { member: ['env', 'ANTHROPIC_DEFAULT_SONNET_MODEL'] }]);
  });

  it('takes the base URL out where there is no key to write', () => {
    const machine = { ...user({ ANTHROPIC_AUTH_TOKEN: '' }), change: { missingKey: { place: 'the key file' } } };
    expect(fixes('URL_WITHOUT_TOKEN', machine)).toEqual([
      { code: 'URL_WITHOUT_TOKEN', kind: 'remove-member', path: USER, member: ['env', 'ANTHROPIC_BASE_URL'] },
    ]);
    expect(codes(machine)).toContain('KEY_MISSING error');
  });

  it('says that a saved login would be sent', () => {
    const machine = {
      ...unset('ANTHROPIC_AUTH_TOKEN'),
      change: { state: { path: 'x', state: 'ok' as const, onboarded: true, trusted: true, login: true, apiKey: false } },
    };
    expect(
      found(machine)
        .flatMap(({ findings }) => findings)[0]
        ?.evidence.join(),
    ).toContain('login');
  });

  it('sees a token missing in this terminal alone', () => {
    expect(codes({ ...shellOnly, env: { ANTHROPIC_BASE_URL: ENV['ANTHROPIC_BASE_URL'] } })).toContain('URL_WITHOUT_TOKEN error');
  });

  it("does not mind Anthropic's own address without a token", () => {
    expect(codes({ files: { [USER]: { env: { ANTHROPIC_BASE_URL: 'https://api.anthropic.com' } } }, change: { own: [] } })).not.toContain(
      'URL_WITHOUT_TOKEN error',
    );
  });

  it('takes apiKeyHelper for a token, and both together for a conflict', () => {
    const helper = { apiKeyHelper: 'cat /k' };
    expect(
      codes({ ...user({ ANTHROPIC_AUTH_TOKEN: undefined }, helper), change: { configured: { ...CONFIGURED, helper: true } } }),
    ).toEqual([]);
    expect(codes(user({}, helper))).toContain('AUTH_CONFLICT warning');
  });

  it('blanks of two credentials the one that orcc did not write', () => {
    const helper = { apiKeyHelper: 'cat /k' };
    const blank = (...member: string[]) => [{ code: 'AUTH_CONFLICT', kind: 'set-member', path: USER, member, value: '' }];
    expect(fixes('AUTH_CONFLICT', user({}, helper))).toEqual(blank('apiKeyHelper'));
    const withHelper = { ...user({}, helper), change: { configured: { ...CONFIGURED, helper: true } } };
    expect(fixes('AUTH_CONFLICT', withHelper)).toEqual(blank('env', 'ANTHROPIC_AUTH_TOKEN'));
    expect(fixes('AUTH_CONFLICT', { ...user({}, helper), isSetUp: false })).toEqual([]);
  });

  it('says that a key without a token goes out in its place, and never blanks it before there is a token', () => {
    const alone = { ANTHROPIC_AUTH_TOKEN: undefined, ANTHROPIC_API_KEY: TOKEN };
    const wanted = (kind: string, more = {}) => [{ code: 'API_KEY_PRESENT', kind, ...more }];
    expect(codes(user(alone))).toEqual(['API_KEY_PRESENT error']);
    expect(fixes('API_KEY_PRESENT', user(alone))).toEqual(wanted('rewrite'));
    expect(fixes('API_KEY_PRESENT', { ...user(alone), isSetUp: false })).toEqual(wanted('key-to-token', { path: USER }));
    const anthropic = { ...user({ ...alone, ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789' }), isSetUp: false };
    expect(fixes('API_KEY_PRESENT', anthropic)).toEqual([]);
  });

  it('names a login in this terminal that a base URL without a token would get', () => {
    const env = { CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-0123456789' };
    const evidence = found({ env, ...unset('ANTHROPIC_AUTH_TOKEN') }).flatMap(({ findings }) => findings.flatMap((each) => each.evidence));
    expect(evidence.join()).toContain('CLAUDE_CODE_OAUTH_TOKEN');
    expect(evidence.join()).not.toContain('sk-ant-oat01');
  });

  describe('a credential beside the token', () => {
    const of = (machine: Parameters<typeof found>[0]) =>
      found(machine).flatMap(({ findings }) => findings.filter(({ code }) => code === 'CREDENTIAL_ADDED'));
    const headers = (value: string, url = ENV['ANTHROPIC_BASE_URL']) => user({ ANTHROPIC_CUSTOM_HEADERS: value, ANTHROPIC_BASE_URL: url });
    const ANTHROPIC = 'sk-ant-api03-0123456789abcdef';

    it('is the API key that `/login` saved, in the file or in the Keychain', () => {
      const saved = (where: 'file' | 'Keychain', place: string) => ({ change: { saved: { login: false, apiKey: { where, place } } } });
      expect(of(saved('file', '/home/u/.claude.json'))[0]).toMatchObject({
        severity: 'error',
        cause: expect.stringMatching(/`\/home\/u\/\.claude\.json`.*`openrouter\.ai`/),
        fix: expect.stringContaining('claude auth logout'),
      });
      expect(of(saved('Keychain', 'Claude Code'))[0]?.evidence.join()).toMatch(/"Claude Code".*Keychain/);
    });

    it('is not there where a helper takes its place, or where another finding says it', () => {
      const saved = { login: false, apiKey: { where: 'file' as const, place: '/home/u/.claude.json' } };
      const withHelper = { ...CONFIGURED, helper: true };
      expect(
        of({ ...user({ ANTHROPIC_AUTH_TOKEN: undefined }, { apiKeyHelper: 'cat /k' }), change: { saved, configured: withHelper } }),
      ).toEqual([]);
      expect(of({ ...user({ ANTHROPIC_API_KEY: ANTHROPIC }), change: { saved } })).toEqual([]);
      expect(codes({ ...unset('ANTHROPIC_AUTH_TOKEN'), change: { saved } })).toContain('URL_WITHOUT_TOKEN error');
    });

    it.each([
      [`x-api-key: ${ANTHROPIC}`, ['error']],
      [`X-Foo: bar\nX-Portkey-Api-Key: 42`, ['error']],
      [`Cookie: session=1`, ['error']],
      [`X-Note: ${ANTHROPIC}`, ['error']],
      [`Authorization: Bearer ${ANTHROPIC}`, []],
      [`x-api-key:`, []],
      [`HTTP-Referer: https://example.com\nX-Title: me`, []],
      [`no colon`, []],
    ])('is a custom header on its way to OpenRouter: %j', (value, expected) => {
      expect(of(headers(value)).map(({ severity }) => severity)).toEqual(expected);
      expect(JSON.stringify(of(headers(value)))).not.toContain('0123456789abcdef');
    });

    it('is a note where a gateway may want the header, but for a key of another vendor', () => {
      expect(of(headers('X-Gateway-Key: 42', 'https://gw.example/api')).map(({ severity }) => severity)).toEqual(['info']);
      expect(of(headers(`x-api-key: ${ANTHROPIC}`, 'https://gw.example/api')).map(({ severity }) => severity)).toEqual(['error']);
    });

    it('is taken out of a settings file, and other headers stay', () => {
      const wanted = (more: object) => [{ code: 'CREDENTIAL_ADDED', path: USER, member: ['env', 'ANTHROPIC_CUSTOM_HEADERS'], ...more }];
      expect(fixes('CREDENTIAL_ADDED', headers(`x-api-key: ${ANTHROPIC}`))).toEqual(wanted({ kind: 'set-member', value: '' }));
      expect(fixes('CREDENTIAL_ADDED', headers(`X-Title: me\nx-api-key: ${ANTHROPIC}`))).toEqual(
        wanted({ kind: 'set-member', value: 'X-Title: me' }),
      );
      expect(fixes('CREDENTIAL_ADDED', { env: { ANTHROPIC_CUSTOM_HEADERS: `x-api-key: ${ANTHROPIC}` } })).toEqual([]);
    });

    it('is an API key in a file that this terminal holds open', () => {
      expect(of({ env: { CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR: '3' } })[0]?.evidence).toEqual([expect.stringMatching(/\bx-api-key\b/)]);
      // From a settings file the client does not take it.
      expect(of(user({ CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR: '3' }))).toEqual([]);
    });
  });

  it('calls a real API key in this terminal an error unless a settings file blanks it', () => {
    const env = { ANTHROPIC_API_KEY: 'sk-ant-api03-real-0123456789' };
    expect(codes({ env })).toEqual([]);
    expect(codes({ env, ...unset('ANTHROPIC_API_KEY') })).toEqual(['API_KEY_PRESENT error']);
    expect(fixes('API_KEY_PRESENT', { env, ...unset('ANTHROPIC_API_KEY') })).toEqual([
      { code: 'API_KEY_PRESENT', kind: 'set-member', path: USER, member: ['env', 'ANTHROPIC_API_KEY'], value: '' },
    ]);
  });

  it('warns where nothing blanks the API key, though there is none yet', () => {
    expect(codes(unset('ANTHROPIC_API_KEY'))).toEqual(['API_KEY_UNGUARDED warning']);
    expect(fixes('API_KEY_UNGUARDED', unset('ANTHROPIC_API_KEY'))).toEqual([
      { code: 'API_KEY_UNGUARDED', kind: 'set-member', path: USER, member: ['env', 'ANTHROPIC_API_KEY'], value: '' },
    ]);
    expect(codes({ ...unset('ANTHROPIC_API_KEY'), isSetUp: false }).join()).toContain('API_KEY_UNGUARDED');
  });

  it('misses a base URL that was taken out: the key would go to Anthropic', () => {
    expect(codes(unset('ANTHROPIC_BASE_URL'))).toContain('BLOCK_DAMAGED error');
    expect(fixes('BLOCK_DAMAGED', unset('ANTHROPIC_BASE_URL'))).toEqual([{ code: 'BLOCK_DAMAGED', kind: 'rewrite', path: USER }]);
  });

  it('comments an exported API key out where orcc wrote no settings file, and blanks it there where it did', () => {
    const startup = [...block(), { name: 'ANTHROPIC_API_KEY', value: 'sk-ant-api03-0123456789', file: BASHRC, line: 90 }];
    const hand = { name: 'ANTHROPIC_API_KEY', file: BASHRC, line: 90, wins: true, adoptable: true };
    const machine = { ...shellOnly, startup, change: { ...shellOnly.change, handWritten: [hand] } };
    expect(fixes('API_KEY_PRESENT', machine)).toEqual([{ code: 'API_KEY_PRESENT', kind: 'adopt', path: BASHRC, line: 90 }]);
    const both = { ...machine.change, own: [...shellOnly.change.own, { id: 'user' as const, path: USER }] };
    expect(fixes('API_KEY_PRESENT', { ...machine, change: both })).toMatchObject([{ kind: 'set-member', path: USER, value: '' }]);
  });

  it('promises no fix that it does not have', () => {
    const machine = {
      files: { [USER]: { env: { ANTHROPIC_BASE_URL: 'https://openrouter.ai/api/v1', ANTHROPIC_AUTH_TOKEN: TOKEN } } },
      isSetUp: false,
    };
    const all = found(machine);
    expect(all.flatMap(({ findings }) => findings).length).toBeGreaterThan(3);
    for (const { findings, fixes: offered } of all) {
      for (const finding of findings)
        if (!offered.some(({ code }) => code === finding.code)) expect(finding.fix).not.toContain('doctor --fix');
    }
  });

  it.each(['https://openrouter.ai/api/v1', 'http://openrouter.ai/api', 'https://openrouter.ai', 'not a url'])(
    'calls %s a wrong base URL',
    (url) => {
      const machine = { ...user({ ANTHROPIC_BASE_URL: url }), change: { configured: { ...CONFIGURED, baseUrl: url } } };
      expect(codes(machine)).toEqual(['BASE_URL_WRONG error']);
    },
  );

  it('takes the /v1 off where nothing else is wrong, also where orcc was never set up', () => {
    const machine = (url: string) => ({ ...user({ ANTHROPIC_BASE_URL: url }), isSetUp: false });
    expect(fixes('BASE_URL_WRONG', machine('https://openrouter.ai/api/v1/'))).toEqual([
      { code: 'BASE_URL_WRONG', kind: 'set-member', path: USER, member: ['env', 'ANTHROPIC_BASE_URL'], value: 'https://openrouter.ai/api' },
    ]);
    expect(fixes('BASE_URL_WRONG', machine('http://openrouter.ai/v1'))).toEqual([]);
  });

  it('accepts a gateway and the simulator', () => {
    for (const url of [other, 'http://127.0.0.1:4100/api']) {
      expect(codes({ ...user({ ANTHROPIC_BASE_URL: url }), change: { configured: { ...CONFIGURED, baseUrl: url } } })).toEqual([]);
    }
  });
});

describe('doctor and layers', () => {
  it('names a stronger file that sets another value, and would take the member out', () => {
    const machine = { files: { [USER]: userSettings(), [PROJECT]: { env: { ANTHROPIC_DEFAULT_OPUS_MODEL: 'x/y' } } } };
    expect(codes(machine)).toEqual(['SETTINGS_OVERRIDE error']);
    expect(fixes('SETTINGS_OVERRIDE', machine)).toEqual([
      { code: 'SETTINGS_OVERRIDE', kind: 'remove-member', path: PROJECT, member: ['env', 'ANTHROPIC_DEFAULT_OPUS_MODEL'] },
    ]);
  });

  it('is quiet where the stronger file says the same, or orcc wrote it for this folder', () => {
    const same = { files: { [USER]: userSettings(), [PROJECT]: { env: { ANTHROPIC_MODEL: 'sonnet' } } } };
    expect(codes(same)).toEqual([]);
    const here = {
      files: { [USER]: userSettings(), [PROJECT]: { env: { ANTHROPIC_MODEL: 'opus' } } },
      change: {
        own: [
          { id: 'user' as const, path: USER },
          { id: 'project' as const, path: PROJECT },
        ],
      },
    };
    expect(codes(here)).toEqual([]);
  });

  it('leaves a whole mapping in a project file to those who share it, but no base URL there', () => {
    const mapping = {
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'x/y',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'x/y',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'x/y',
      ANTHROPIC_MODEL: 'opus',
    };
    const machine = (env: Record<string, string>) => ({ files: { [USER]: userSettings(), [PROJECT]: { env } } });
    expect(codes(machine(mapping))).not.toContain('SETTINGS_OVERRIDE error');
    expect(fixes('SETTINGS_OVERRIDE', machine({ ...mapping, ANTHROPIC_BASE_URL: other }))).toEqual([
      { code: 'SETTINGS_OVERRIDE', kind: 'remove-member', path: PROJECT, member: ['env', 'ANTHROPIC_BASE_URL'] },
    ]);
  });

  it('writes its own file anew where a value in it was changed', () => {
    const machine = user({ ANTHROPIC_MODEL: 'opus' });
    expect(codes(machine)).toEqual(['SETTINGS_OVERRIDE error']);
    expect(fixes('SETTINGS_OVERRIDE', machine)).toEqual([{ code: 'SETTINGS_OVERRIDE', kind: 'rewrite', path: USER }]);
  });

  it("offers no fix for an administrator's file", () => {
    const machine = { files: { [USER]: userSettings(), '/etc/claude-code/managed-settings.json': { env: { ANTHROPIC_BASE_URL: other } } } };
    expect(codes(machine)).toEqual(['SETTINGS_OVERRIDE error']);
    expect(fixes('SETTINGS_OVERRIDE', machine)).toEqual([]);
  });

  it('sees a settings file beat the profile that orcc wrote', () => {
    const machine = {
      ...shellOnly,
      files: { [USER]: { env: { ANTHROPIC_BASE_URL: other }, permissions: { disableAutoMode: 'disable' } } },
    };
    expect(codes(machine)).toEqual(['SETTINGS_OVERRIDE error']);
  });

  it('sees a switch to another cloud', () => {
    expect(codes({ env: { CLAUDE_CODE_USE_BEDROCK: '1' } })).toEqual(['SETTINGS_OVERRIDE error']);
  });

  it('says that this terminal lacks what the profile gives, without showing the token', () => {
    const machine = { ...shellOnly, env: {} };
    expect(codes(machine)).toContain('ENV_NOT_LOADED warning');
    expect(JSON.stringify(found(machine))).not.toContain(TOKEN);
  });

  it('is quiet about the terminal where a settings file decides anyway', () => {
    expect(
      codes({
        files: { [USER]: userSettings() },
        startup: block(),
        change: {
          own: [
            { id: 'bash', path: BASHRC },
            { id: 'user', path: USER },
          ],
        },
      }),
    ).toEqual([]);
  });

  it('tells a hand-written export that wins from one that is overridden', () => {
    const hand = (wins: boolean) => byHand('haiku', { wins });
    expect(codes(hand(true))).toContain('FOREIGN_EXPORT error');
    expect(codes(hand(false))).toContain('FOREIGN_EXPORT info');
    expect(fixes('FOREIGN_EXPORT', hand(true))).toEqual([{ code: 'FOREIGN_EXPORT', kind: 'adopt', path: BASHRC, line: 90 }]);
  });

  it('calls no export a winner that a settings file decides about, or a later line, or that says the same', () => {
    const decided = { ...byHand('haiku'), files: { [USER]: userSettings() } };
    expect(codes(decided)).toEqual(['FOREIGN_EXPORT info']);
    expect(codes(byHand('sonnet'))).toContain('FOREIGN_EXPORT warning');
    const twice = byHand('haiku', {}, [{ name: 'ANTHROPIC_MODEL', value: 'opus', file: BASHRC, line: 95 }]);
    expect(codes(twice)).toContain('FOREIGN_EXPORT info');
    expect(codes(twice)).not.toContain('FOREIGN_EXPORT error');
  });

  it.each([
    ['${OPENROUTER_API_KEY}', true],
    ['$OPENROUTER_API_KEY', true],
    ['$(cat ~/.key)', true],
    ['sk-or-v1-$5', false],
  ])('finds a token of a settings file that is written as for a shell: %s', (value, isFound) => {
    const machine = user({ ANTHROPIC_AUTH_TOKEN: value });
    expect(codes(machine).includes('ENV_NOT_EXPANDED error')).toBe(isFound);
    if (isFound) expect(fixes('ENV_NOT_EXPANDED', machine)).toEqual([{ code: 'ENV_NOT_EXPANDED', kind: 'rewrite', path: USER }]);
    expect(fixes('ENV_NOT_EXPANDED', { ...machine, isSetUp: false })).toEqual([]);
  });

  it('names who is asked by the base URL', () => {
    const machine = user({ ANTHROPIC_BASE_URL: other, ANTHROPIC_DEFAULT_OPUS_MODEL: undefined });
    const told = found({ ...machine, change: { configured: { ...CONFIGURED, baseUrl: other } } }).flatMap(({ findings }) => findings);
    expect(told.find(({ code }) => code === 'ALIAS_UNMAPPED')?.cause).toContain(' gateway.example ');
  });

  it.each([
    ['opus', 'ANTHROPIC_DEFAULT_OPUS_MODEL'],
    ['fable', 'ANTHROPIC_DEFAULT_FABLE_MODEL'],
  ])('finds the unmapped alias %s', (_alias, name) => {
    const machine = { files: { [USER]: userSettings({ [name]: '' }) } };
    expect(codes(machine)).toContain('ALIAS_UNMAPPED error');
    expect(fixes('ALIAS_UNMAPPED', machine)).toEqual([{ code: 'ALIAS_UNMAPPED', kind: 'rewrite' }]);
  });

  it('does not ask for fable of a version that cannot map it', () => {
    const machine = {
      files: { [USER]: userSettings({ ANTHROPIC_DEFAULT_FABLE_MODEL: '' }) },
      change: { claude: { installed: true, version: '2.1.166', support: 'limited' as const } },
    };
    expect(codes(machine)).not.toContain('ALIAS_UNMAPPED error');
  });
});

describe('doctor and limits', () => {
  it.each([
    ['no limit at all', { CLAUDE_CODE_MAX_CONTEXT_TOKENS: undefined }],
    ['a limit above the window', { CLAUDE_CODE_MAX_CONTEXT_TOKENS: '262144' }],
    ['a limit that is no number', { CLAUDE_CODE_MAX_CONTEXT_TOKENS: '198k' }],
    ['compaction switched off', { DISABLE_AUTO_COMPACT: '1', CLAUDE_CODE_MAX_CONTEXT_TOKENS: '300000' }],
  ])('calls %s a mismatch', (_what, changes) => {
    expect(codes(user(changes))).toContain('CONTEXT_MISMATCH error');
  });

  // 204800 is the window of opus: 32000 tokens of output leave 172800 at which compaction is in time, 33000 before the limit's end.
  it.each([
    ['205800', []],
    ['205801', ['CONTEXT_MISMATCH error']],
  ])('counts the output that is asked for at compaction: a limit of %s gives %j', (limit, expected) => {
    const machine = {
      ...user({ CLAUDE_CODE_MAX_CONTEXT_TOKENS: limit }),
      change: { configured: { ...CONFIGURED, variables: [] } },
    };
    // The note is about haiku, whose window is smaller.
    expect(codes(machine)).toEqual([...expected, 'CONTEXT_MISMATCH info']);
  });

  it('sees the built-in default, which ignores the limit and never compacts', () => {
    const machine = {
      ...user({ ANTHROPIC_MODEL: undefined, ANTHROPIC_DEFAULT_MODEL: undefined }),
      change: { configured: { ...CONFIGURED, variables: [] } },
    };
    expect(codes(machine)).toEqual(['CONTEXT_MISMATCH error']);
  });

  it('accepts a window that modelSettings names', () => {
    const machine = {
      ...user({ CLAUDE_CODE_MAX_CONTEXT_TOKENS: '256144' }, { modelSettings: { 'z-ai/glm-4.7': { autoCompactWindow: 198_800 } } }),
      change: { configured: { ...CONFIGURED, variables: [] } },
    };
    // haiku's is named nowhere.
    expect(codes(machine)).toEqual(['CONTEXT_MISMATCH info']);
    const old = {
      ...machine,
      change: { ...machine.change, claude: { installed: true, version: '2.1.246', support: 'supported' as const } },
    };
    expect(codes(old)).toEqual(['CONTEXT_MISMATCH error', 'CONTEXT_MISMATCH info']);
    expect(fixes('CONTEXT_MISMATCH', old)).toEqual([]);
    const told = found(old).flatMap(({ findings }) => findings)[0];
    expect([told?.cause, told?.fix].join()).toMatch(/2\.1\.246.*claude update/);
  });

  it('says of haiku that it is late, as init does, and counts it only as the default', () => {
    const models = (id: string) =>
      id === 'z-ai/glm-4.7-flash' ? { window: 65_536, maxOutput: 32_768 } : { window: 300_000, maxOutput: 65_536 };
    expect(codes({ change: { models } })).toEqual(['CONTEXT_MISMATCH info']);
    expect(fixes('CONTEXT_MISMATCH', { change: { models } })).toEqual([]);
    expect(codes({ ...user({ ANTHROPIC_MODEL: 'haiku' }), change: { models } })).toContain('CONTEXT_MISMATCH error');
  });

  it('finds more output asked for than a model gives', () => {
    const machine = { change: { models: () => ({ window: 300_000, maxOutput: 16_384 }) } };
    expect(codes(machine)).toContain('MAX_OUTPUT_TOO_BIG error');
  });

  it.each([
    ['2026-12-10', 'MODEL_EXPIRING warning'],
    ['2026-11-01', 'MODEL_RETIRED error'],
  ])('finds a model whose last day is %s', (expires, code) => {
    expect(codes({ change: { models: () => ({ window: 300_000, maxOutput: 65_536, expires }) } })).toContain(code);
  });

  it('is quiet about a model that goes in a year, and about one it knows nothing of', () => {
    expect(codes({ change: { models: () => ({ window: 300_000, maxOutput: 65_536, expires: '2027-11-01' }) } })).toEqual([]);
    expect(codes({ change: { models: () => undefined } })).toEqual([]);
  });
});

describe('doctor and files', () => {
  it('names a settings file that Claude Code drops, with its place', () => {
    const machine = { files: { [USER]: userSettings(), [PROJECT]: '{\n "env": {},\n}' } };
    expect(codes(machine)).toEqual(['SETTINGS_INVALID error']);
    expect(found(machine)[0]?.findings[0]?.data).toMatchObject({ file: PROJECT, line: 2 });
  });

  it('warns of a member that Claude Code passes over, where orcc could not write', () => {
    const members = found({ files: { [USER]: { ...userSettings(), modelSettings: [], modelPicker: 7 } } }).flatMap(
      ({ findings }) => findings,
    );
    expect(members.map(({ code, severity, data }) => [code, severity, data?.['variable']])).toEqual([
      ['SETTINGS_INVALID', 'warning', 'modelSettings'],
      ['SETTINGS_INVALID', 'warning', 'modelPicker'],
    ]);
  });

  it('finds the block of the guide, and the key in it', () => {
    const legacy = { anthropic: { baseURL: 'https://openrouter.ai/api', authToken: TOKEN, defaultModels: { opus: 'a/b' } } };
    const machine = {
      files: { [USER]: userSettings(), [PROJECT]: { text: JSON.stringify(legacy), mode: 0o644 } },
      change: { git: new Map([[PROJECT, 'not-ignored' as const]]) },
    };
    expect(codes(machine)).toEqual(['LEGACY_ANTHROPIC_BLOCK warning', 'MODE_TOO_OPEN error', 'SETTINGS_NOT_IGNORED error']);
    expect(fixes('LEGACY_ANTHROPIC_BLOCK', machine)).toEqual([]);
    expect(JSON.stringify(found(machine))).not.toContain(TOKEN);
  });

  it('moves URL, key and mapping of the guide’s block together, or leaves the block', () => {
    const whole = { baseURL: 'https://openrouter.ai/api', authToken: TOKEN, defaultModels: { opus: 'a/b' } };
    const { authToken: _token, ...keyless } = whole;
    const ofBlock = (anthropic: object) => fixes('LEGACY_ANTHROPIC_BLOCK', { files: { [USER]: { anthropic } } });
    expect(ofBlock(whole)).toEqual([
      {
        code: 'LEGACY_ANTHROPIC_BLOCK',
        kind: 'legacy-to-env',
        path: USER,
        limits: [{ member: ['permissions', 'disableAutoMode'], value: 'disable' }],
      },
    ]);
    expect(ofBlock(keyless)).toEqual([]);
    const places = (apiKeyHelper: string): unknown =>
      fixes('LEGACY_ANTHROPIC_BLOCK', {
        files: { [PROJECT]: { anthropic: whole }, [USER]: { apiKeyHelper } },
        isSetUp: false,
      });
    expect(places('/bin/theirs')).toMatchObject([{ kind: 'move-legacy', places: [{ id: 'user', isTaken: true }, {}] }]);
    expect(places('')).toMatchObject([{ kind: 'move-legacy', places: [{ id: 'user', isTaken: false }, {}] }]);
    expect(ofBlock({ defaultModels: { opus: 'a/b' } })).toEqual([]);
  });

  it('finds a file with a key that others can read, and keeps the rights of its owner', () => {
    const machine = {
      files: { [USER]: { text: JSON.stringify(userSettings()), mode: 0o644 } },
      change: { keyFiles: [{ path: '/home/u/.config/orcc/key', mode: 0o640 }] },
    };
    expect(fixes('MODE_TOO_OPEN', machine)).toEqual([
      { code: 'MODE_TOO_OPEN', kind: 'chmod', path: '/home/u/.config/orcc/key', mode: 0o600 },
      { code: 'MODE_TOO_OPEN', kind: 'chmod', path: USER, mode: 0o600 },
    ]);
    expect(codes({ ...machine, change: { ...machine.change, platform: 'win32' } })).toEqual([]);
  });

  it('offers a line in .gitignore for a key that git would add, and none for one that it tracks', () => {
    const local = (state: 'tracked' | 'ignored' | 'not-ignored' | 'outside' | 'unknown') => ({
      files: { [LOCAL]: { env: ENV }, [USER]: userSettings() },
      change: { git: new Map([[LOCAL, state]]) },
    });
    expect(fixes('SETTINGS_NOT_IGNORED', local('not-ignored'))).toEqual([{ code: 'SETTINGS_NOT_IGNORED', kind: 'gitignore', path: LOCAL }]);
    expect(codes(local('tracked'))).toContain('SETTINGS_NOT_IGNORED error');
    expect(fixes('SETTINGS_NOT_IGNORED', local('tracked'))).toEqual([]);
    for (const state of ['ignored', 'outside'] as const) expect(codes(local(state)).join()).not.toContain('SETTINGS_NOT_IGNORED');
    expect(codes(local('unknown'))).toContain('GIT_UNKNOWN error');
    // Elsewhere the repository is one of the user's own, and its .gitignore is theirs.
    const user = { files: { [USER]: userSettings() }, change: { git: new Map([[USER, 'not-ignored' as const]]) } };
    expect([codes(user), fixes('SETTINGS_NOT_IGNORED', user)]).toEqual([['SETTINGS_NOT_IGNORED error'], []]);
  });

  it('finds members of its own that are gone', () => {
    const machine = unset('ANTHROPIC_MODEL');
    expect(codes(machine)).toContain('BLOCK_DAMAGED error');
    expect(fixes('BLOCK_DAMAGED', machine)).toEqual([{ code: 'BLOCK_DAMAGED', kind: 'rewrite', path: USER }]);
  });

  it.each([
    ['rewrite', [{ code: 'BLOCK_DAMAGED', kind: 'rewrite', path: BASHRC }]],
    [
      'repair',
      [
        { code: 'BLOCK_DAMAGED', kind: 'repair-block', path: BASHRC, target: 'bash' },
        { code: 'BLOCK_DAMAGED', kind: 'rewrite', path: BASHRC },
      ],
    ],
    ['none', []],
  ] as const)('fixes a broken block by %s', (fix, wanted) => {
    expect(fixes('BLOCK_DAMAGED', { change: { blocks: [{ target: 'bash', path: BASHRC, line: 3, reason: 'is wrong', fix }] } })).toEqual(
      wanted,
    );
  });
});

describe('doctor and the catalog', () => {
  const good = ['z-ai/glm-4.7', 'qwen/qwen3-coder-next', 'z-ai/glm-4.7-flash'];
  const presets = PRESETS.flatMap(({ mapping }) => resolveAliases(mapping.models).map(({ model }) => model));
  const withCatalog = (change: (id: string) => Partial<CatalogModel> | undefined) => {
    const models = [...new Set([...good, ...presets])].flatMap((id) => {
      const changed = change(id);
      return changed === undefined ? [] : [makeModel({ id, ...changed })];
    });
    return { change: { catalog: createCatalog(models, { source: 'live', asOf: 0, stale: false }) } };
  };
  const only = (id: string, changes: Partial<CatalogModel> | undefined) => withCatalog((each) => (each === id ? changes : {}));
  const sonnet = 'qwen/qwen3-coder-next';

  it('finds nothing where every model is there and suits', () => {
    expect(codes(withCatalog(() => ({})))).toEqual([]);
  });

  it('names a mapped model that is not there, where it is mapped, and the nearest ids', () => {
    const machine = { ...withCatalog(() => ({})), ...user({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen/qwen3-coder-nxt' }) };
    const finding = found(machine)
      .flatMap(({ findings }) => findings)
      .find(({ code }) => code === 'MODEL_UNKNOWN');
    expect(finding).toMatchObject({ severity: 'error', subject: 'sonnet', data: { nearest: [sonnet] } });
    expect(finding?.evidence.join()).toContain(`${USER}:1`);
  });

  it('says nothing of unknown models where there is only the built-in list', () => {
    expect(codes(user({ ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen/qwen3-coder-nxt' })).join()).not.toContain('MODEL_UNKNOWN');
  });

  it.each([
    [{ tools: false, toolChoice: false }, ['NO_TOOLS error']],
    [{ textOut: false }, ['MODEL_NOT_CHAT error']],
    [{ batch: true }, ['MODEL_UNSUITED error']],
    [{ context: 40_000 }, ['MODEL_UNSUITED error']],
    [{ maxOutput: 2000 }, ['MODEL_UNSUITED error']],
    [{ maxOutput: 16_000 }, ['MODEL_UNSUITED info']],
    [{ context: 60_000 }, ['MODEL_UNSUITED info']],
    [{ toolChoice: false }, ['MODEL_UNSUITED info']],
    [{ inputPrice: null }, ['MODEL_UNSUITED info']],
    [{ inputPrice: null, toolChoice: false }, ['MODEL_UNSUITED info']],
    [{ tools: false, toolChoice: false, inputPrice: null }, ['NO_TOOLS error']],
  ])('judges a mapped model by the rules of the wizard: %j', (changes, wanted) => {
    expect(codes(only(sonnet, changes))).toEqual(wanted);
  });

  it('tells every drawback of a model that works', () => {
    const drawbacks = { inputPrice: null, toolChoice: false };
    const all = found(only(sonnet, drawbacks)).flatMap(({ findings }) => findings);
    const reasons = judgeModel(makeModel(drawbacks), 0).problems.map(({ reason }) => reason);
    expect(reasons).toHaveLength(2);
    for (const reason of reasons) expect(all[0]?.cause).toContain(reason);
  });

  it('warns of a preset whose model is gone or about to go, though nobody uses it', () => {
    const free = 'google/gemma-4-31b-it:free';
    expect(codes(only(free, undefined))).toEqual(['PRESET_STALE warning']);
    expect(codes(only(free, { expires: '2026-12-10' }))).toEqual(['PRESET_STALE warning']);
    expect(codes(only(free, { expires: '2027-06-10' }))).toEqual([]);
  });

  it("does not take another gateway's catalog for OpenRouter's", () => {
    const mine = user(
      Object.fromEntries(['OPUS', 'SONNET', 'HAIKU', 'FABLE'].map((name) => [`ANTHROPIC_DEFAULT_${name}_MODEL`, 'acme/one'])),
    );
    const catalog = createCatalog([makeModel()], { source: 'live', asOf: 0, stale: false });
    expect(codes({ ...mine, change: { catalog } }).join()).not.toContain('PRESET_STALE');
  });
});

describe('doctor and this folder', () => {
  const localOnly = {
    files: { [LOCAL]: { env: ENV, permissions: { disableAutoMode: 'disable' } } },
    change: { own: [{ id: 'local' as const, path: LOCAL }] },
  };
  const fresh = { path: '/home/u/.claude.json', state: 'missing' as const, onboarded: false, trusted: false, login: false, apiKey: false };

  it('says what a set-up of the local file alone lacks', () => {
    expect(codes(localOnly)).toEqual(['LOCAL_ALONE warning']);
    expect(codes({ ...localOnly, change: { ...localOnly.change, state: fresh } })).toEqual([
      'ONBOARDING_GATE warning',
      'PROJECT_UNTRUSTED warning',
      'LOCAL_ALONE warning',
    ]);
  });

  it('has no gate before user settings', () => {
    expect(codes({ change: { state: fresh } })).toEqual([]);
    const both = { [USER]: userSettings(), [LOCAL]: { env: ENV } };
    expect(codes({ files: both, change: { state: { ...fresh, trusted: true } } })).not.toContain('ONBOARDING_GATE warning');
  });

  it('finds an id of OpenRouter that Anthropic is asked for, and nothing while there is a base URL or another cloud', () => {
    const alone = (file: object): readonly string[] =>
      codes({ files: { [USER]: file }, isSetUp: false, change: { native: true } }).filter((each) => each.startsWith('MODEL_'));
    expect(alone({ model: 'minimax/minimax-m3' })).toEqual(['MODEL_WITHOUT_URL error']);
    expect(alone({ env: { ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-4.7-flash' } })).toEqual(['MODEL_WITHOUT_URL warning']);
    expect(alone({ model: 'claude-opus-4-6' })).toEqual([]);
    expect(alone({ model: 'a/b', env: { CLAUDE_CODE_USE_BEDROCK: '1' } })).toEqual([]);
    expect(alone({ model: 'z-ai/glm-4.7', env: ENV })).not.toContain('MODEL_WITHOUT_URL error');
  });

  it('warns of a project that maps models without a base URL anywhere', () => {
    expect(codes({ files: { [PROJECT]: { env: MAPPED } }, change: { own: [] } })).toContain('PROJECT_MAPPING_ALONE warning');
    expect(codes({ files: { [PROJECT]: { env: MAPPED }, [USER]: userSettings() } })).not.toContain('PROJECT_MAPPING_ALONE warning');
  });

  it("warns of a project that sends a teammate's login somewhere", () => {
    const machine = { files: { [USER]: userSettings(), [PROJECT]: { env: { ANTHROPIC_BASE_URL: ENV['ANTHROPIC_BASE_URL'] } } } };
    expect(codes(machine)).toContain('PROJECT_MAPPING_ALONE warning');
    const { cause = '', fix = '' } =
      found(machine)
        .flatMap(({ findings }) => findings)
        .find(({ code }) => code === 'PROJECT_MAPPING_ALONE') ?? {};
    expect(cause).toContain('base URL');
    // It maps nothing.
    expect(cause).not.toMatch(/aliases|ids/);
    expect(fix).not.toContain('--target user');
  });
});

describe('doctor and Claude Code itself', () => {
  it.each([
    [{ installed: false, support: 'unknown' as const }, ['CLAUDE_MISSING warning']],
    [
      { installed: true, offPath: true as const, path: '/x', version: '2.1.330', support: 'supported' as const },
      ['CLAUDE_MISSING warning'],
    ],
    [{ installed: true, version: '2.1.100', support: 'limited' as const }, ['CLAUDE_TOO_OLD warning']],
    [{ installed: true, support: 'unknown' as const }, []],
  ])('%j', (claude, wanted) => {
    expect(codes({ change: { claude } })).toEqual(wanted);
  });

  it('warns that auto mode is on, less loudly where the user kept it', () => {
    const on = { files: { [USER]: { env: ENV } } };
    expect(codes(on)).toEqual(['AUTO_MODE_BLOCKED warning']);
    expect(codes({ ...on, change: { configured: { ...CONFIGURED, autoMode: 'kept' } } })).toEqual(['AUTO_MODE_BLOCKED info']);
    expect(fixes('AUTO_MODE_BLOCKED', on)).toEqual([
      { code: 'AUTO_MODE_BLOCKED', kind: 'set-member', path: USER, member: ['permissions', 'disableAutoMode'], value: 'disable' },
    ]);
  });

  it('is quiet about auto mode where another default mode is set, or nothing goes through a gateway', () => {
    expect(codes({ files: { [USER]: { env: ENV, permissions: { defaultMode: 'acceptEdits' } } } })).toEqual([]);
    expect(codes({ files: { [USER]: {} }, change: { own: [] } })).toEqual([]);
  });

  it('names the sessions that are older than the last change', () => {
    const now = observed().now;
    expect(codes({ change: { sessions: [{ pid: 1 }] } })).toEqual([]);
    const sessions = [{ pid: 1, cwd: '/old', ageMs: 600_000 }, { pid: 2, cwd: '/new', ageMs: 1000 }, { pid: 3 }];
    const results = found({ change: { sessions, changedAt: now - 60_000 } }).flatMap(({ findings }) => findings);
    expect(results.map(({ code }) => code)).toEqual(['SESSIONS_RUNNING']);
    expect(results[0]?.evidence.map((line) => /process (\d)/.exec(line)?.[1])).toEqual(['1', '3']);
  });
});

describe('the list of checks', () => {
  it('has one check for each code', () => {
    const all = found().map(({ code }) => code);
    expect(new Set(all).size).toBe(all.length);
  });

  it('says the same thing once, though two terminals show it', () => {
    const machine = {
      ...shellOnly,
      startup: block({ ...ENV, ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789' }),
      env: { ...ENV, ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789' },
    };
    expect(codes(machine).filter((code) => code.startsWith('API_KEY_PRESENT'))).toHaveLength(1);
  });
});

describe('doctor and what changes requests from outside the mapping', () => {
  const url = 'http://127.0.0.1:4000/api';
  it.each([
    ['CLAUDE_CODE_EXTRA_BODY', '{"model":"a/b"}', 'REQUEST_CHANGED error'],
    ['CLAUDE_CODE_EXTRA_BODY', '{"max_tokens":9}', 'REQUEST_CHANGED warning'],
    ['CLAUDE_CODE_EXTRA_BODY', '{"provider":{"sort":"price"}}', undefined],
    ['CLAUDE_CODE_EXTRA_BODY', '{"model":', 'REQUEST_CHANGED warning'],
    ['CLAUDE_CODE_EXTRA_BODY', '[1]', 'REQUEST_CHANGED warning'],
    ['CLAUDE_CODE_EFFORT_LEVEL', 'low', 'REQUEST_CHANGED info'],
    ['CLAUDE_CODE_MODEL_CAPABILITIES', 'a/*=-effort', 'REQUEST_CHANGED info'],
    ['ANTHROPIC_UNIX_SOCKET', '/tmp/x', 'REQUEST_CHANGED error'],
    ['CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST', '1', 'REQUEST_CHANGED error'],
    ['CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST', '0', undefined],
    ['ANTHROPIC_SMALL_FAST_MODEL', 'claude-haiku-4-5', 'REQUEST_CHANGED error'],
    ['ANTHROPIC_SMALL_FAST_MODEL', 'a/b', 'REQUEST_CHANGED warning'],
    ['ANTHROPIC_SMALL_FAST_MODEL', 'haiku', undefined],
    ['CLAUDE_CODE_SUBAGENT_MODEL', 'claude-haiku-4-5', 'REQUEST_CHANGED error'],
    ['CLAUDE_CODE_SUBAGENT_MODEL', 'a/b', 'REQUEST_CHANGED warning'],
    ['CLAUDE_CODE_SUBAGENT_MODEL', 'inherit', undefined],
    ['CLAUDE_CODE_SUBAGENT_MODEL', 'sonnet', undefined],
  ])('%s=%s in settings or terminal: %s', (name, value, expected) => {
    const wanted = expected === undefined ? [] : [expected];
    expect(codes(user({ [name]: value }))).toEqual(wanted);
    expect(codes({ env: { [name]: value } })).toEqual(wanted);
    const place = found(user({ [name]: value })).flatMap(({ findings }) => findings)[0]?.fix;
    if (expected !== undefined) expect(place).toContain(USER);
  });

  it.each([
    [url, { HTTPS_PROXY: 'http://user:secret@p:1' }, true],
    [url, { http_proxy: 'http://p:1' }, true],
    [url, { ALL_PROXY: 'http://p:1', NO_PROXY: 'example.org, 127.0.0.1' }, false],
    [url, { ALL_PROXY: 'http://p:1', no_proxy: '*' }, false],
    ['http://[::1]:4000/api', { HTTP_PROXY: 'http://p:1', NO_PROXY: '127.0.0.1' }, true],
    ['https://openrouter.ai/api', { HTTPS_PROXY: 'http://p:1' }, false],
    [url, { HTTPS_PROXY: '' }, false],
  ])('a proxy before %s, %j: %s', (base, env, expected) => {
    const machine = { ...user({ ANTHROPIC_BASE_URL: base }), env, change: { configured: { ...CONFIGURED, baseUrl: base } } };
    expect(codes(machine).filter((code) => code.startsWith('PROXY'))).toEqual(expected ? ['PROXY_ON_LOOPBACK warning'] : []);
    expect(JSON.stringify(found(machine))).not.toContain('secret');
  });
});

describe('doctor and versions on which "Default" never compacts', () => {
  const on = (version: string, changes: Record<string, unknown> = {}) =>
    codes({ ...user(changes), change: { claude: { installed: true, path: '/usr/bin/claude', version, support: 'supported' } } });
  it.each([
    ['2.1.212', true],
    ['2.1.231', true],
    ['2.1.246', false],
    ['2.1.332', false],
  ])('%s: %s', (version, expected) => {
    expect(on(version)).toEqual(expected ? ['DEFAULT_NEVER_COMPACTS info'] : []);
  });

  it('does not mind a model of a million tokens that Claude Code knows', () => {
    expect(on('2.1.231', { ANTHROPIC_DEFAULT_OPUS_MODEL: 'anthropic/claude-opus-4.8' })).not.toContain('DEFAULT_NEVER_COMPACTS info');
  });
});

it('keys in two commits of one file are two findings, in one file of one kind a single one', () => {
  const commit = { kind: 'commit', file: '.env', masked: 'sk-or-v1-…' } as const;
  const same = { kind: 'copy', file: '/home/u/a.bak', masked: 'sk-or-v1-…' } as const;
  const exposures = [
    { ...commit, commit: '1' },
    { ...commit, commit: '2' },
    { ...same, line: 1 },
    { ...same, line: 2 },
  ];
  expect(codes({ change: { exposures } }).filter((each) => each.startsWith('KEY_EXPOSED'))).toHaveLength(3);
});
