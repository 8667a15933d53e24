import { describe, expect, it } from 'vitest';
import { buildVariables, isSecretVariable, VARIABLES } from '../../src/claude/variables.ts';

const models = { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash' };

describe('the variables orcc writes', () => {
  it('stand in the order of the block, fable taking the model of opus and subagent only where set', () => {
    const limits = [{ name: 'CLAUDE_CODE_MAX_OUTPUT_TOKENS', value: '32000', reason: 'why' }];
    const names = (subagent?: string) =>
      buildVariables({
        mapping: { models: subagent === undefined ? models : { ...models, subagent }, defaultAlias: 'sonnet' },
        limits,
      }).map(({ name, value }) => `${name}=${value}`);
    expect(names()).toEqual([
      'ANTHROPIC_DEFAULT_OPUS_MODEL=z-ai/glm-4.7',
      'ANTHROPIC_DEFAULT_SONNET_MODEL=qwen/qwen3-coder-next',
      'ANTHROPIC_DEFAULT_HAIKU_MODEL=z-ai/glm-4.7-flash',
      'ANTHROPIC_DEFAULT_FABLE_MODEL=z-ai/glm-4.7',
      'ANTHROPIC_MODEL=sonnet',
      'CLAUDE_CODE_MAX_OUTPUT_TOKENS=32000',
    ]);
    expect(names('a/b')[4]).toBe('CLAUDE_CODE_SUBAGENT_MODEL=a/b');
  });

  it.each(['a/b\nexport X=1', 'a/\u001b[31m', 'a/é', `a/${'x'.repeat(1001)}`])('are refused where a value is not printable: %j', (opus) => {
    expect(() => buildVariables({ mapping: { models: { ...models, opus }, defaultAlias: 'opus' }, limits: [] })).toThrow(
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
