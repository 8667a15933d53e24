import { describe, expect, it } from 'vitest';

import { BUILTIN_MODELS } from '../../src/openrouter/builtin.ts';
import { nearestIds } from '../../src/openrouter/nearest-ids.ts';

const ids = BUILTIN_MODELS.map((model) => model.id);

describe('the nearest ids', () => {
  it.each([
    ['a missing author', 'glm-4.7', 'z-ai/glm-4.7'],
    ['a wrong author', 'zhipu/glm-4.7', 'z-ai/glm-4.7'],
    ['a dash for a dot', 'z-ai/glm-4-7', 'z-ai/glm-4.7'],
    ['capitals', 'Z-AI/GLM-4.7', 'z-ai/glm-4.7'],
    ['a wrong letter', 'qwen/qwen3-codr-next', 'qwen/qwen3-coder-next'],
    ['a cut-off slug', 'minimax/minimax', 'minimax/minimax-m3'],
    ['a bare id of Claude Code', 'claude-haiku-4-5', 'anthropic/claude-haiku-4.5'],
  ])('finds the one meant in spite of %s', (_name, typed, meant) => {
    expect(nearestIds(typed, ids, 3)[0]).toBe(meant);
  });

  it('gives nothing for what resembles nothing', () => {
    expect(nearestIds('wxyz/qqqqqqqqqqqq', ids, 3)).toEqual([]);
    expect(nearestIds('', ids, 3)).toEqual([]);
  });

  it('gives no more than asked for', () => {
    expect(nearestIds('z-ai/glm-5', ids, 2)).toHaveLength(2);
  });

  it('copes with 10 kB of text', () => {
    expect(nearestIds('a/'.repeat(5000), ids, 3)).toEqual([]);
  });
});
