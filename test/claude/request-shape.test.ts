import { describe, expect, it } from 'vitest';
import { requestShapeFor } from '../../src/claude/request-shape.ts';

describe('the main request for a model id (each row recorded from `claude -p` 2.1.332)', () => {
  it.each([
    ['z-ai/glm-4.7', 'adaptive', 'high', true, true, 32000],
    ['z-ai/glm-4.7:free', 'adaptive', 'high', true, true, 32000],
    ['z-ai/glm-4.7-20251222', 'adaptive', 'high', true, true, 32000],
    ['openai/gpt-5.6', 'adaptive', 'high', true, true, 32000],
    ['qwen/qwen3-coder-next', 'adaptive', 'high', true, true, 32000],
    ['openrouter/auto', 'adaptive', 'high', true, true, 32000],
    ['openrouter/free', 'adaptive', 'high', true, true, 32000],
    ['vend/claude-opus-x', 'adaptive', 'high', true, true, 32000],
    ['vend/claude-opus-4.6-fine', 'adaptive', 'high', false, true, 64000],
    ['@preset/cheap', 'adaptive', 'high', true, true, 32000],
    ['z-ai/glm-4.7@preset/cheap', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-haiku-4.5@preset/cheap', 'budget', undefined, false, true, 32000],
    ['anthropic/claude-sonnet-4.5@preset/claude-opus-5', 'adaptive', 'high', true, true, 64000],
    ['@preset/claude-haiku-4-5', 'budget', undefined, false, true, 32000],
    ['anthropic/claude-fable-5.2', 'adaptive', 'medium', true, true, 128000],
    ['anthropic/claude-fable-5.1', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-fable-5', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-5-fable-20260609', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-fable-5:batch', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-mythos-5.2', 'adaptive', 'medium', true, true, 128000],
    ['anthropic/claude-mythos-5.1', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-mythos-5', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-opus-5.5', 'adaptive', 'medium', true, true, 128000],
    ['anthropic/claude-opus-5.5:thinking', 'adaptive', 'medium', true, true, 128000],
    ['anthropic/claude-opus-5.7', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-opus-5', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-opus-5-20260723', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-opus-5-fast', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-opus-5-fast-20260723', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-opus-5:nitro', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-opus-4.8', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-4.8-opus-20260528', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-opus-4.8-fast', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-opus-4.7', 'adaptive', 'xhigh', false, true, 64000],
    ['anthropic/claude-4.7-opus-20260416', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-opus-4.7-fast', 'adaptive', 'xhigh', false, true, 64000],
    ['anthropic/claude-opus-4.6', 'adaptive', 'high', false, true, 64000],
    ['anthropic/claude-4.6-opus-20260205', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-opus-4.6:thinking', 'adaptive', 'high', false, true, 64000],
    ['anthropic/claude-opus-4.6:nitro', 'adaptive', 'high', false, true, 64000],
    ['anthropic/claude-opus-4.6-fast', 'adaptive', 'high', false, true, 64000],
    ['anthropic/claude-opus-4.5', 'budget', 'high', false, true, 32000],
    ['anthropic/claude-4.5-opus-20251124', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-opus-4.5:floor', 'budget', 'high', false, true, 32000],
    ['anthropic/claude-opus-4.1', 'budget', undefined, false, true, 32000],
    ['anthropic/claude-4.1-opus-20250805', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-opus-4', 'budget', undefined, false, true, 32000],
    ['anthropic/claude-4-opus-20250522', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-opus-4:thinking', 'budget', undefined, false, true, 32000],
    ['anthropic/claude-sonnet-5.5', 'adaptive', 'medium', true, true, 128000],
    ['anthropic/claude-sonnet-5', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-sonnet-5-20260630', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-sonnet-5:thinking', 'adaptive', 'high', true, true, 64000],
    ['anthropic/claude-sonnet-4.6', 'adaptive', 'high', false, true, 32000],
    ['anthropic/claude-4.6-sonnet-20260217', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-sonnet-4.5', 'budget', undefined, false, true, 32000],
    ['anthropic/claude-4.5-sonnet-20250929', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-sonnet-4', 'budget', undefined, false, true, 32000],
    ['anthropic/claude-4-sonnet-20250522', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-haiku-5.5', 'adaptive', 'medium', true, true, 128000],
    ['anthropic/claude-haiku-5.5:nitro', 'adaptive', 'medium', true, true, 128000],
    ['anthropic/claude-haiku-4.5', 'budget', undefined, false, true, 32000],
    ['anthropic/claude-4.5-haiku-20251001', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-haiku-4.5:thinking', 'budget', undefined, false, true, 32000],
    ['anthropic/claude-3.7-sonnet', 'none', undefined, false, true, 32000],
    ['anthropic/claude-3.7-sonnet:thinking', 'none', undefined, false, true, 32000],
    ['anthropic/claude-3-7-sonnet-20250219', 'none', undefined, false, false, 32000],
    ['anthropic/claude-3.5-sonnet', 'none', undefined, false, true, 8192],
    ['anthropic/claude-3.5-haiku', 'none', undefined, false, true, 8192],
    ['anthropic/claude-3-5-haiku-20241022', 'none', undefined, false, false, 8192],
    ['anthropic/claude-3-opus', 'none', undefined, false, false, 4096],
    ['anthropic/claude-3-sonnet', 'none', undefined, false, false, 8192],
    ['anthropic/claude-3-haiku', 'none', undefined, false, false, 4096],
    ['anthropic/claude-3-haiku-20240307', 'none', undefined, false, false, 4096],
    ['anthropic/claude-2.1', 'adaptive', 'high', true, true, 32000],
    ['anthropic/claude-instant-1.2', 'adaptive', 'high', true, true, 32000],
    ['~anthropic/claude-opus-latest', 'adaptive', 'high', true, true, 32000],
    ['~anthropic/claude-sonnet-latest', 'adaptive', 'high', true, true, 32000],
    ['~anthropic/claude-haiku-latest', 'adaptive', 'high', true, true, 32000],
    ['~anthropic/claude-fable-latest', 'adaptive', 'high', true, true, 32000],
    ['claude-opus-4-6', 'adaptive', 'high', false, true, 64000],
    ['claude-sonnet-4-5-20250929', 'budget', undefined, false, true, 32000],
    ['claude-haiku-4-5-20251001', 'budget', undefined, false, true, 32000],
    ['claude-opus-5', 'adaptive', 'high', true, true, 64000],
  ] as const)(
    '%s: thinking %s, effort %s, system role %s, deferral %s, max_tokens %i',
    (id, thinking, effort, systemRole, deferral, maxTokens) => {
      const shape = requestShapeFor(id);
      expect(shape).toMatchObject({ thinking, systemRole, deferral, maxTokens, contextManagement: thinking !== 'none' });
      expect(shape.effort).toBe(effort);
      expect(shape.budgetTokens).toBe(thinking === 'budget' ? maxTokens - 1 : undefined);
    },
  );
});

describe('what variables change in it (recorded likewise)', () => {
  it.each(['z-ai/glm-4.7', 'anthropic/claude-opus-4.6', 'anthropic/claude-3.7-sonnet'])(
    '%s without tool search has no deferred tool',
    (id) => {
      const shape = requestShapeFor(id, { toolSearch: false });
      expect(shape.deferral).toBe(false);
      expect(shape.betas).not.toContain('advanced-tool-use-2025-11-20');
      expect({ ...shape, deferral: true, betas: [] }).toEqual({ ...requestShapeFor(id), betas: [] });
    },
  );

  it.each([
    ['z-ai/glm-4.7', 16_000, 16_000, undefined],
    ['z-ai/glm-4.7', 500_000, 128_000, undefined],
    ['anthropic/claude-sonnet-4.5', 16_000, 16_000, 15_999],
    ['anthropic/claude-sonnet-4.5', 64_000, 64_000, 63_999],
    ['anthropic/claude-opus-4.1', 64_000, 32_000, 31_999],
    ['anthropic/claude-3-haiku', 16_000, 4096, undefined],
  ])('%s with %i output tokens asks for %i, thinking budget %s', (id, maxOutput, maxTokens, budgetTokens) => {
    expect(requestShapeFor(id, { maxOutput }).maxTokens).toBe(maxTokens);
    expect(requestShapeFor(id, { maxOutput }).budgetTokens).toBe(budgetTokens);
  });
});

describe('its betas (recorded likewise)', () => {
  const CM = ['interleaved-thinking-2025-05-14', 'context-management-2025-06-27'];
  const COUNT = 'thinking-token-count-2026-05-13';
  const SEARCH = 'advanced-tool-use-2025-11-20';
  const TOOLS = 'mid-conversation-tool-changes-2026-07-01';
  const EFFORT = 'effort-2025-11-24';
  it.each([
    ['z-ai/glm-4.7', [...CM, TOOLS, COUNT, SEARCH, EFFORT]],
    ['anthropic/claude-opus-5.5', [...CM, 'per-turn-control-2026-07-01', TOOLS, COUNT, SEARCH, EFFORT]],
    ['anthropic/claude-fable-5.1', [...CM, 'per-turn-control-2026-07-01', TOOLS, COUNT, SEARCH, EFFORT]],
    ['anthropic/claude-sonnet-5', [...CM, COUNT, SEARCH, EFFORT]],
    ['anthropic/claude-opus-4.6', [...CM, COUNT, SEARCH, EFFORT]],
    ['anthropic/claude-haiku-4.5', [...CM, COUNT, SEARCH]],
    ['anthropic/claude-3.7-sonnet', [SEARCH]],
    ['anthropic/claude-3-haiku', []],
  ])('%s', (id, betas) => {
    expect(requestShapeFor(id).betas).toEqual(betas);
  });
});
