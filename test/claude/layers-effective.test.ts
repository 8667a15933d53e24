import { describe, expect, it } from 'vitest';
import type { Env } from '../../src/core/context.ts';
import { readLayers, effectiveMapping } from '../../src/claude/layers.ts';
import { memoryFiles } from '../support/memory-files.ts';

const MAPPED = {
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'v/o',
  ANTHROPIC_DEFAULT_SONNET_MODEL: 'v/s',
  ANTHROPIC_DEFAULT_HAIKU_MODEL: 'v/h',
  ANTHROPIC_DEFAULT_FABLE_MODEL: 'v/f',
};

function mapped(env: Env, user?: unknown, project?: unknown, version?: string) {
  const files = {
    ...(user === undefined ? {} : { '/home/u/.claude/settings.json': JSON.stringify(user) }),
    ...(project === undefined ? {} : { '/w/.claude/settings.json': JSON.stringify(project) }),
  };
  return effectiveMapping(readLayers({ fs: memoryFiles(files), env, home: '/home/u', platform: 'linux', cwd: '/w' }), 'process', version);
}

describe('the model that a session starts with (each row measured on 2.1.330 with `claude -p /model`)', () => {
  it.each<[Env, unknown, unknown, string, boolean]>([
    [{ ANTHROPIC_MODEL: 'opus' }, undefined, undefined, 'v/o', false],
    [{ ANTHROPIC_MODEL: ' SONNET ' }, undefined, undefined, 'v/s', false],
    [{ ANTHROPIC_MODEL: 'fable' }, undefined, undefined, 'v/f', false],
    [{ ANTHROPIC_MODEL: 'best' }, undefined, undefined, 'v/o', false],
    [{ ANTHROPIC_MODEL: 'default' }, undefined, undefined, 'default', false],
    [{ ANTHROPIC_MODEL: 'sonnet[1m]' }, undefined, undefined, 'v/s', true],
    [{ ANTHROPIC_MODEL: 'z/z' }, undefined, undefined, 'z/z', false],
    [{ ANTHROPIC_MODEL: '' }, undefined, undefined, 'v/o', true],
    [{ ANTHROPIC_MODEL: '' }, { model: 'haiku' }, undefined, 'v/h', false],
    [{ ANTHROPIC_MODEL: 'sonnet' }, { model: 'haiku' }, undefined, 'v/s', false],
    [{}, { model: 'opus' }, undefined, 'v/o', true],
    [{}, { model: 'OPUS' }, undefined, 'v/o', false],
    [{}, { model: 'sonnet' }, undefined, 'v/s', false],
    [{}, { model: 'haiku' }, { model: '' }, 'v/o', true],
    [{}, { model: 'haiku' }, { model: 'z/z' }, 'z/z', false],
    [{ CLAUDE_CODE_DISABLE_1M_CONTEXT: '1' }, { model: 'opus' }, undefined, 'v/o', false],
    [{ ANTHROPIC_DEFAULT_MODEL: 'haiku' }, undefined, undefined, 'v/o', true],
    [{ ANTHROPIC_DEFAULT_MODEL: 'sonnet' }, undefined, undefined, 'v/s', false],
    [{ ANTHROPIC_DEFAULT_MODEL: 'z/z' }, undefined, undefined, 'z/z', false],
    [{ ANTHROPIC_DEFAULT_MODEL: 'z/z' }, { model: 'haiku' }, undefined, 'v/h', false],
    [{}, undefined, undefined, 'v/o', true],
    [{ CLAUDE_CODE_DISABLE_1M_CONTEXT: '1' }, undefined, undefined, 'v/o', false],
    [{ CLAUDE_CODE_DISABLE_1M_CONTEXT: '0' }, undefined, undefined, 'v/o', true],
    [{ ANTHROPIC_MODEL: 'haiku' }, { env: { ANTHROPIC_MODEL: '' } }, undefined, 'v/o', true],
  ])('%j with user %j and project %j is %s, million %s', (env, user, project, model, million) => {
    expect(mapped({ ...MAPPED, ...env }, user, project).default).toMatchObject({ model, million });
  });
});

describe('the same in older versions (test/prove/layers.prove.ts asks them)', () => {
  const { ANTHROPIC_DEFAULT_FABLE_MODEL: _fable, ...withoutFable } = MAPPED;
  it.each<[string, Env, string, boolean]>([
    ['2.1.120', MAPPED, 'v/s', false],
    ['2.1.131', MAPPED, 'v/o', true],
    ['2.1.166', { ...MAPPED, ANTHROPIC_MODEL: 'fable' }, 'fable', false],
    ['2.1.170', { ...MAPPED, ANTHROPIC_MODEL: 'fable' }, 'v/f', false],
    ['2.1.231', { ...MAPPED, ANTHROPIC_DEFAULT_MODEL: 'z/z' }, 'v/o', true],
    ['2.1.246', { ...MAPPED, ANTHROPIC_DEFAULT_MODEL: 'z/z' }, 'z/z', false],
    ['2.1.260', { ...MAPPED, ANTHROPIC_MODEL: 'best' }, 'v/f', false],
    ['2.1.260', { ...withoutFable, ANTHROPIC_MODEL: 'best' }, 'v/o', false],
    ['2.1.315', { ...withoutFable, ANTHROPIC_MODEL: 'best' }, 'claude-fable-5-1', false],
    ['2.1.321', { ...MAPPED, ANTHROPIC_MODEL: 'best' }, 'v/o', false],
    ['2.1.212', {}, 'claude-opus-4-8', true],
    ['2.1.260', {}, 'claude-opus-5', true],
  ])('%s with %j is %s, million %s', (version, env, model, million) => {
    expect(mapped(env, undefined, undefined, version).default).toMatchObject({ model, million });
  });
});

describe('what Claude Code would talk to', () => {
  it('gives an alias that nothing maps the bare id of Claude Code, without a source', () => {
    const { aliases } = mapped({ ANTHROPIC_DEFAULT_OPUS_MODEL: 'v/o', ANTHROPIC_DEFAULT_HAIKU_MODEL: '' });
    expect(aliases.map(({ alias, model, source }) => [alias, model, source?.layer])).toEqual([
      ['opus', 'v/o', 'shell'],
      ['sonnet', 'claude-sonnet-5-5', undefined],
      ['haiku', 'claude-haiku-5-5', undefined],
      ['fable', 'claude-fable-5-2', undefined],
      ['subagent', undefined, undefined],
    ]);
  });

  it('lets the subagent slot name an alias', () => {
    expect(mapped({ ...MAPPED, CLAUDE_CODE_SUBAGENT_MODEL: 'haiku' }).aliases.at(-1)).toMatchObject({ alias: 'subagent', model: 'v/h' });
  });

  it('tells where the token and the real key come from and never holds either', () => {
    const token = 'sk-or-v1-0123456789';
    const found = mapped(
      { ANTHROPIC_API_KEY: 'sk-ant-secret' },
      { env: { ANTHROPIC_BASE_URL: 'https://openrouter.ai/api', ANTHROPIC_AUTH_TOKEN: token }, apiKeyHelper: 'cat k' },
    );
    expect(found).toMatchObject({
      baseUrl: { value: 'https://openrouter.ai/api', layer: 'user' },
      token: { layer: 'user', line: 1 },
      apiKey: { layer: 'shell' },
      apiKeyHelper: { value: 'cat k' },
    });
    expect(JSON.stringify(found)).not.toMatch(/0123456789|sk-ant-secret/);
  });

  it('counts an empty helper as none, whatever a weaker file names', () => {
    const named = mapped({}, { apiKeyHelper: 'cat k' });
    expect(named.apiKeyHelper).toMatchObject({ value: 'cat k', layer: 'user' });
    expect(mapped({}, { apiKeyHelper: '' })).not.toHaveProperty('apiKeyHelper');
  });

  it('counts an empty token as none', () => {
    expect(mapped({ ANTHROPIC_AUTH_TOKEN: 'x' }, { env: { ANTHROPIC_AUTH_TOKEN: '' } }).token).toBeUndefined();
  });

  it.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['', false],
  ])('sees another cloud switched by CLAUDE_CODE_USE_BEDROCK=%s: %s', (value, on) => {
    expect(mapped({ CLAUDE_CODE_USE_BEDROCK: value }).otherProvider !== undefined).toBe(on);
  });
});
