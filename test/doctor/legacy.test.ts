import { describe, expect, it } from 'vitest';
import { readLegacy, readLegacyToken } from '../../src/doctor/legacy.ts';

const GUIDE = {
  baseURL: 'https://openrouter.ai/api',
  authToken: 'sk-or-v1-x',
  apiKey: '',
  defaultModels: { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash' },
};

describe("the guide's anthropic block", () => {
  it('says the same as these variables, the token apart; fable takes the model of opus', () => {
    expect(readLegacy(GUIDE)).toEqual({
      variables: [
        { name: 'ANTHROPIC_BASE_URL', value: 'https://openrouter.ai/api' },
        { name: 'ANTHROPIC_API_KEY', value: '' },
        { name: 'ANTHROPIC_DEFAULT_OPUS_MODEL', value: 'z-ai/glm-4.7' },
        { name: 'ANTHROPIC_DEFAULT_SONNET_MODEL', value: 'qwen/qwen3-coder-next' },
        { name: 'ANTHROPIC_DEFAULT_HAIKU_MODEL', value: 'z-ai/glm-4.7-flash' },
        { name: 'ANTHROPIC_DEFAULT_FABLE_MODEL', value: 'z-ai/glm-4.7' },
      ],
      hasToken: true,
    });
    expect(readLegacyToken(GUIDE)).toBe('sk-or-v1-x');
  });

  it("is read by the variables' own names too, which people write there", () => {
    const named = {
      ANTHROPIC_BASE_URL: 'https://openrouter.ai/api',
      ANTHROPIC_AUTH_TOKEN: 'sk-or-v1-x',
      ANTHROPIC_API_KEY: 'sk-ant-real',
      env: { ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7', ANTHROPIC_MODEL: 'opus', OTHER: 'x' },
    };
    expect(readLegacy(named)).toEqual({
      variables: [
        { name: 'ANTHROPIC_BASE_URL', value: 'https://openrouter.ai/api' },
        { name: 'ANTHROPIC_DEFAULT_OPUS_MODEL', value: 'z-ai/glm-4.7' },
        { name: 'ANTHROPIC_DEFAULT_FABLE_MODEL', value: 'z-ai/glm-4.7' },
        { name: 'ANTHROPIC_MODEL', value: 'opus' },
      ],
      hasToken: true,
    });
    expect(readLegacyToken(named)).toBe('sk-or-v1-x');
  });

  it('never turns a real API key into a variable', () => {
    const found = readLegacy({ ...GUIDE, authToken: '', apiKey: 'sk-ant-real' });
    expect(found.hasToken).toBe(true);
    expect(JSON.stringify(found.variables)).not.toContain('sk-ant-real');
  });

  it.each([7, null, [], 'x', {}, { defaultModels: 3, baseURL: 4 }, { defaultModels: { opus: 1, unknown: 'a/b' } }])(
    'says nothing as %j',
    (value) => {
      expect(readLegacy(value)).toEqual({ variables: [], hasToken: false });
      expect(readLegacyToken(value)).toBeUndefined();
    },
  );
});
