import { describe, expect, it } from 'vitest';
import { EMPTY_STATE, EMPTY_REPLACED } from '../../src/config/state.ts';
import { fixFiles } from '../../src/doctor/fix-files.ts';
import { fixMembers, type MemberFix, type FixedFile } from '../../src/doctor/fix-settings.ts';

const MODELS = {
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-4.7',
};
const BLOCK = { baseURL: 'https://openrouter.ai/api', authToken: 'a-token', apiKey: '', defaultModels: { opus: 'z-ai/glm-4.7' } };
const USER = '/home/u/.claude/settings.json';

type Asked = MemberFix extends infer F ? (F extends unknown ? Omit<F, 'code' | 'path'> : never) : never;
const LEGACY: Asked = { kind: 'legacy-to-env', limits: [] };
const KEY: Asked = { kind: 'key-to-token' };
const set = (value: string): Asked => ({ kind: 'set-member', member: ['env', 'B'], value });
const drop = (...member: string[]): Asked => ({ kind: 'remove-member', member });

const MACHINE = {
  own: { folder: '', key: '', config: '', configBroken: '', state: '', replaced: '' },
  ...{ config: undefined, configBroken: undefined, state: EMPTY_STATE, replaced: EMPTY_REPLACED },
  ...{ located: new Map(), files: new Map(), home: '/home/u', platform: 'linux' as const },
};

function fixed(before: unknown, fix: Asked): FixedFile | string {
  const text = before === null ? null : typeof before === 'string' ? before : JSON.stringify(before);
  const now = { bytes: text === null ? null : Buffer.from(text), mode: 0o644, missingParents: [] };
  return fixMembers({ code: 'ANY', path: USER, ...fix }, now, MACHINE, USER);
}
const textAfter = (before: unknown, fix: Asked): string | undefined => {
  const after = fixed(before, fix);
  return typeof after === 'string' ? undefined : Buffer.from(after.now.bytes ?? []).toString();
};
const after = (before: unknown, fix: Asked): unknown => {
  const text = textAfter(before, fix);
  return text === undefined ? undefined : JSON.parse(text);
};

describe('the fix of the anthropic block', () => {
  it('turns it into variables, base URL and token together', () => {
    expect(after({ anthropic: BLOCK, theme: 'dark' }, LEGACY)).toEqual({
      theme: 'dark',
      env: { ANTHROPIC_BASE_URL: BLOCK.baseURL, ANTHROPIC_AUTH_TOKEN: 'a-token', ANTHROPIC_API_KEY: '', ...MODELS },
    });
  });

  it('leaves the block where the key or the URL is missing: a mapping alone asks Anthropic for models that it does not have', () => {
    const { authToken: _token, ...keyless } = BLOCK;
    const { baseURL: _url, ...homeless } = BLOCK;
    for (const anthropic of [keyless, homeless]) expect(after({ anthropic }, LEGACY)).toBeUndefined();
  });

  it.each(['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN'])(
    'leaves it where `env` has %s already: the key would go to another address',
    (name) => {
      expect(after({ anthropic: BLOCK, env: { [name]: 'theirs' } }, LEGACY)).toBeUndefined();
    },
  );

  it('leaves it where an `apiKeyHelper` prints a key, which would be sent along; an empty one prints none', () => {
    expect(after({ anthropic: BLOCK, apiKeyHelper: '/bin/theirs' }, LEGACY)).toBeUndefined();
    expect(after({ anthropic: BLOCK, apiKeyHelper: '' }, LEGACY)).toMatchObject({
      apiKeyHelper: '',
      env: { ANTHROPIC_AUTH_TOKEN: 'a-token' },
    });
  });

  it('empties a real API key beside it, which would be sent along, and keeps it for `remove`', () => {
    const done = fixed({ anthropic: BLOCK, env: { ANTHROPIC_API_KEY: 'theirs', A: '1' } }, LEGACY);
    if (typeof done === 'string') throw new Error(done);
    const { env } = JSON.parse(Buffer.from(done.now.bytes ?? []).toString()) as { env: unknown };
    expect(env).toMatchObject({ ANTHROPIC_API_KEY: '', ANTHROPIC_AUTH_TOKEN: 'a-token', A: '1' });
    expect(Object.values(done.replaced)).toContain('"theirs"');
    expect(JSON.stringify(done.state)).not.toContain('theirs');
  });

  it('takes a block out of a project only once it stands in another file', () => {
    const project = '/home/u/code/.claude/settings.json';
    const bytes = (value: unknown) => ({ bytes: Buffer.from(JSON.stringify(value)), mode: 0o644, missingParents: [] });
    for (const env of [{}, { ANTHROPIC_BASE_URL: 'theirs' }]) {
      const files = new Map([
        [project, bytes({ anthropic: BLOCK })],
        [USER, bytes({ env })],
      ]);
      const fixes = [
        { code: 'ANY', kind: 'legacy-to-env', path: USER, limits: [], from: project },
        { code: 'ANY', kind: 'remove-member', path: project, member: ['anthropic'] },
      ] as const;
      const after = fixFiles(fixes, { ...MACHINE, files }, USER);
      const isMoved = Object.keys(env).length === 0;
      const [here, there] = [project, USER].map((path) => Buffer.from(after.machine.files.get(path)?.bytes ?? []).toString());
      expect([here?.includes('a-token'), there?.includes('a-token'), after.failed.length]).toEqual([!isMoved, isMoved, isMoved ? 0 : 1]);
    }
  });

  it('makes the file private and remembers its mode, and no key stands in the record', () => {
    const after = fixed({ anthropic: BLOCK }, LEGACY);
    expect(after).toMatchObject({ now: { mode: 0o600 }, state: { id: 'user', modeBefore: 0o644, carries: 'extras' } });
    expect(JSON.stringify(typeof after === 'string' ? '' : after.state)).not.toContain('a-token');
  });
});

describe('the fix of a key in the wrong place', () => {
  it('moves it to the token, without the blanks around it', () => {
    expect(after({ env: { ANTHROPIC_API_KEY: ' a-key\n', A: '1' } }, KEY)).toEqual({
      env: { ANTHROPIC_API_KEY: '', A: '1', ANTHROPIC_AUTH_TOKEN: 'a-key' },
    });
  });
});

describe('a fix of settings', () => {
  it('sets and drops one member and keeps every other byte, a byte order mark too', () => {
    const before = '\ufeff{\r\n\t"a" : 1,\r\n\t"env": {"B":"2"} }\r\n';
    expect(textAfter(before, set('x'))).toBe(before.replace('"2"', '"x"'));
    expect(textAfter(before, drop('env', 'none'))).toBe(before);
    expect(after('{"a":1,"env":{"B":"2"}}', drop('env', 'B'))).toEqual({ a: 1, env: {} });
  });

  it('makes a file of what is not there yet', () => {
    expect(after(null, set('1'))).toEqual({ env: { B: '1' } });
  });

  it.each(['{', '[]', '"x"'])('leaves %s alone, which is no settings file', (text) => {
    for (const fix of [set('1'), drop('env', 'A'), KEY, LEGACY]) expect(typeof fixed(text, fix)).toBe('string');
  });
});
