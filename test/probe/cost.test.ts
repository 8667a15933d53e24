import { describe, expect, it } from 'vitest';
import { FIRST_REQUEST_TOKENS } from '../../src/claude/compaction.ts';
import type { ModelPrice } from '../../src/openrouter/charge.ts';
import { priceOfModel } from '../../src/openrouter/read-price.ts';
import { describeEstimate, estimateCost, priceUsage } from '../../src/probe/cost.ts';
import { makeModel } from '../support/models.ts';

/** A dollar for a million tokens, so that a sum in micro-dollars shows which tokens were counted. */
const INPUT: ModelPrice = { input: 1e6, output: 0 };
const OUTPUT: ModelPrice = { input: 0, output: 1e6 };
const micro = (usd: number): number => Math.round(usd * 1e6);
const sums = (price: ModelPrice, options?: Parameters<typeof estimateCost>[2], models = ['a/b']) => {
  const { likely, worst } = estimateCost(models, () => price, options);
  return { likely: micro(likely), worst: micro(worst) };
};

describe('what a test will cost', () => {
  // 1500 tokens go in, and the first answer once more with the second turn; all of it again for the one retry.
  it.each([
    ['two turns', {}, { likely: 1500, worst: 2 * (1500 + 32_000) }, { likely: 150, worst: 2 * 2 * 32_000 }],
    ['a smaller limit', { maxTokens: 8000 }, { likely: 1500, worst: 2 * (1500 + 8000) }, { likely: 150, worst: 2 * 2 * 8000 }],
    ['one turn', { quick: true }, { likely: 750, worst: 2 * 1500 }, { likely: 75, worst: 2 * 32_000 }],
    ['three rounds', { repeat: 3 }, { likely: 4500, worst: 3 * 2 * (1500 + 32_000) }, { likely: 450, worst: 3 * 2 * 2 * 32_000 }],
  ])('counts input and output at most and likely: %s', (_what, options, input, output) => {
    expect(sums(INPUT, options)).toEqual(input);
    expect(sums(OUTPUT, options)).toEqual(output);
  });

  it('counts a model behind two aliases once, and each model', () => {
    expect(sums(INPUT, {}, ['a/b', 'a/b'])).toEqual(sums(INPUT));
    expect(sums(INPUT, {}, ['a/b', 'a/c'])).toEqual({ likely: 3000, worst: 4 * (1500 + 32_000) });
  });

  it('adds what Claude Code itself sends, twice for each alias, and says that its most is not bounded', () => {
    expect(sums(INPUT, { via: 'claude' }, ['a/b', 'a/b']).likely).toBe(1500 + 2 * 2 * FIRST_REQUEST_TOKENS);
    expect(sums(OUTPUT, { via: 'claude' }, ['a/b', 'a/b']).likely).toBe(150 + 2 * 150);
    expect(estimateCost(['a/b'], () => INPUT, { via: 'claude' }).unbounded).toBe(true);
    expect(estimateCost(['a/b'], () => INPUT).unbounded).toBe(false);
  });

  it('is at most the price of the dearest step, which an answer that comes back may reach', () => {
    const stepped = { input: 1e6, output: 1e6, steps: [{ over: 20_000, input: 3e6, output: 5e6 }] };
    expect(sums(stepped)).toEqual({ likely: 1650, worst: 3 * 2 * (1500 + 32_000) + 5 * 2 * 2 * 32_000 });
    for (const row of [undefined, makeModel({ inputPrice: null }), makeModel({ outputPrice: null })])
      expect(priceOfModel(row)).toBeUndefined();
  });

  it('names the models without a price and leaves them out', () => {
    expect(estimateCost(['a/b', 'a/b'], () => undefined, { via: 'claude' })).toEqual({
      likely: 0,
      worst: 0,
      unbounded: true,
      unpriced: ['a/b'],
    });
  });
});

it('a usage costs all of its input, cached or not, and its output', () => {
  const usage = { inputTokens: 1, cacheReadTokens: 10, cacheWriteTokens: 100, outputTokens: 1000, cost: null, ownKeyCost: null };
  expect(micro(priceUsage(usage, INPUT))).toBe(111);
  expect(micro(priceUsage(usage, OUTPUT))).toBe(1000);
  expect(micro(priceUsage(usage, { ...INPUT, steps: [{ over: 500, input: 2e6 }] }))).toBe(222);
});

describe('the sentence about it', () => {
  const none = { likely: 0, worst: 0, unbounded: false, unpriced: [] };
  it('is one word for free models, and never for a price that is not known', () => {
    expect(describeEstimate(none)).toBe('free');
    expect(describeEstimate({ ...none, unpriced: ['a/b'] })).toMatch(/\ba\/b\b/);
    expect(describeEstimate({ ...none, likely: 0.01, worst: 0.3 })).toMatch(/^likely \$0\.01\S*, at most \$0\.3/);
  });
});
