import { describe, expect, it } from 'vitest';
import { dropMember, keyToToken, legacyToEnv, setMember } from '../../src/doctor/mend-settings.ts';

const MODELS = {
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-4.7',
};
const BLOCK = { baseURL: 'https://openrouter.ai/api', authToken: 'a-token', apiKey: '', defaultModels: { opus: 'z-ai/glm-4.7' } };
const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const read = (found: Uint8Array | undefined): unknown => found && JSON.parse(Buffer.from(found).toString());

describe('the mend of the anthropic block', () => {
  it('turns it into variables, base URL and token together', () => {
    expect(read(legacyToEnv(bytes({ anthropic: BLOCK, theme: 'dark' })))).toEqual({
      theme: 'dark',
      env: { ANTHROPIC_BASE_URL: BLOCK.baseURL, ANTHROPIC_AUTH_TOKEN: 'a-token', ANTHROPIC_API_KEY: '', ...MODELS },
    });
  });

  it('leaves the block where the key or the URL is missing: a mapping alone asks Anthropic for models that it does not have', () => {
    const { authToken: _token, ...keyless } = BLOCK;
    const { baseURL: _url, ...homeless } = BLOCK;
    for (const anthropic of [keyless, homeless]) expect(legacyToEnv(bytes({ anthropic }))).toBeUndefined();
  });

  it.each(['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN'])(
    'leaves it where `env` has %s already: the key would go to another address',
    (name) => {
      expect(legacyToEnv(bytes({ anthropic: BLOCK, env: { [name]: 'theirs' } }))).toBeUndefined();
    },
  );
});

describe('the mend of a key in the wrong place', () => {
  it('moves it to the token, without the blanks around it', () => {
    expect(read(keyToToken(bytes({ env: { ANTHROPIC_API_KEY: ' a-key\n', A: '1' } })))).toEqual({
      env: { ANTHROPIC_API_KEY: '', A: '1', ANTHROPIC_AUTH_TOKEN: 'a-key' },
    });
  });
});

describe('a mend of settings', () => {
  it('sets and drops one member and keeps every other byte, a byte order mark too', () => {
    const before = '\ufeff{\r\n\t"a" : 1,\r\n\t"env": {"B":"2"} }\r\n';
    expect(Buffer.from(setMember(bytes(before), ['env', 'B'], 'x') ?? []).toString()).toBe(before.replace('"2"', '"x"'));
    expect(Buffer.from(dropMember(bytes(before), ['env', 'none']) ?? []).toString()).toBe(before);
    expect(read(dropMember(bytes('{"a":1,"env":{"B":"2"}}'), ['env', 'B']))).toMatchObject({ a: 1 });
  });

  it('makes a file of what is not there yet', () => {
    expect(read(setMember(null, ['env', 'A'], '1'))).toEqual({ env: { A: '1' } });
  });

  it.each(['{', '[]', '"x"'])('leaves %s alone, which is no settings file', (text) => {
    expect(setMember(bytes(text), ['env', 'A'], '1')).toBeUndefined();
    expect(dropMember(bytes(text), ['env', 'A'])).toBeUndefined();
    expect(keyToToken(bytes(text))).toBeUndefined();
    expect(legacyToEnv(bytes(text))).toBeUndefined();
  });
});
