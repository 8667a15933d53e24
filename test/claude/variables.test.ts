import { describe, expect, it } from 'vitest';
import { buildVariables, isSecretVariable, OUR_VARIABLES, RETIRED_VARIABLES, VARIABLES } from '../../src/claude/variables.ts';

const models = { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash' };

describe('the variables orcc writes', () => {
  it('stand in the order of the block, fable taking the model of opus and subagent only where set', () => {
    const limits = [{ name: 'CLAUDE_CODE_MAX_OUTPUT_TOKENS', value: '32000', reason: 'why' }];
    const names = (subagent?: string) =>
      buildVariables({
        mapping: { models: subagent === undefined ? models : { ...models, subagent }, defaultAlias: 'sonnet' },
        limits,
        labels: [],
      }).map(({ name, value }) => `${name}=${value}`);
    expect(names()).toEqual([
      'ANTHROPIC_DEFAULT_OPUS_MODEL=z-ai/glm-4.7',
      'ANTHROPIC_DEFAULT_SONNET_MODEL=qwen/qwen3-coder-next',
      'ANTHROPIC_DEFAULT_HAIKU_MODEL=z-ai/glm-4.7-flash',
      'ANTHROPIC_DEFAULT_FABLE_MODEL=z-ai/glm-4.7',
      'ANTHROPIC_MODEL=sonnet',
      'ANTHROPIC_DEFAULT_MODEL=qwen/qwen3-coder-next',
      'CLAUDE_CODE_MAX_OUTPUT_TOKENS=32000',
      'ENABLE_TOOL_SEARCH=false',
      'CLAUDE_CODE_ATTRIBUTION_HEADER=0',
      'CLAUDE_CODE_THINKING_DISPLAY_UPDATES=0',
    ]);
    expect(names('a/b')[4]).toBe('CLAUDE_CODE_SUBAGENT_MODEL=a/b');
  });

  it('never hold a retired one, whatever an older record says', () => {
    const limits = [{ name: 'CLAUDE_CODE_DISABLE_1M_CONTEXT', value: '1' }];
    const names = buildVariables({ mapping: { models, defaultAlias: 'opus' }, limits, labels: [] }).map(({ name }) => name);
    expect(names.filter((name) => RETIRED_VARIABLES.includes(name))).toEqual([]);
    expect(OUR_VARIABLES).toEqual(expect.arrayContaining([...RETIRED_VARIABLES]));
  });

  it.each([
    [{}, 'off'],
    [{ opus: '~anthropic/claude-opus-latest', sonnet: 'anthropic/claude-sonnet-5', haiku: 'Anthropic/claude-haiku-4.5' }, 'left alone'],
    [{ opus: 'anthropic/a', sonnet: 'anthropic/a@preset/mine', haiku: 'anthropic/a:thinking' }, 'left alone'],
    [{ opus: 'anthropic/a', sonnet: 'anthropic/a', haiku: 'anthropic/a', subagent: 'z-ai/glm-4.7' }, 'off'],
    [{ opus: 'anthropic/a', sonnet: 'anthropic/a', haiku: 'anthropic/a', fable: 'vend/claude-fable-5' }, 'off'],
    [{ opus: '@preset/anthropic', sonnet: 'anthropic/a', haiku: 'anthropic/a' }, 'off'],
    [{ opus: 'anthropic-fan/a', sonnet: 'anthropic/a', haiku: 'anthropic/a' }, 'off'],
  ])('keep deferred tools away from every model that is not certainly one of Anthropic: %j is %s', (changes, expected) => {
    const written = buildVariables({ mapping: { models: { ...models, ...changes }, defaultAlias: 'opus' }, limits: [], labels: [] });
    expect(written.find(({ name }) => name === 'ENABLE_TOOL_SEARCH')?.value ?? 'left alone').toBe(expected === 'off' ? 'false' : expected);
  });

  it('name the model of the default alias, never an alias', () => {
    const start = (changes: object, defaultAlias: 'opus' | 'sonnet' | 'haiku' | 'fable') =>
      buildVariables({ mapping: { models: { ...models, ...changes }, defaultAlias }, limits: [], labels: [] }).find(
        ({ name }) => name === 'ANTHROPIC_DEFAULT_MODEL',
      )?.value;
    expect(start({}, 'haiku')).toBe('z-ai/glm-4.7-flash');
    expect(start({}, 'fable')).toBe('z-ai/glm-4.7');
    expect(start({ fable: 'a/b' }, 'fable')).toBe('a/b');
  });

  it.each(['a/b\nexport X=1', 'a/\u001b[31m', 'a/é', `a/${'x'.repeat(1001)}`])('are refused where a value is not printable: %j', (opus) => {
    expect(() => buildVariables({ mapping: { models: { ...models, opus }, defaultAlias: 'opus' }, limits: [], labels: [] })).toThrow(
      expect.objectContaining({ exit: 'usage' }),
    );
  });

  it('are each listed once, tokens and keys as secrets', () => {
    const names = VARIABLES.map((row) => row.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter(isSecretVariable)).toEqual(
      expect.arrayContaining(['ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN']),
    );
  });
});
