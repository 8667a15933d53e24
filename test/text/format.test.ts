import { describe, expect, it } from 'vitest';

import { describeModel } from '../../src/openrouter/describe.ts';
import { formatPrice, formatTokens, formatUsd } from '../../src/text/format.ts';
import { makeModel } from '../support/models.ts';

describe('figures', () => {
  it.each([
    [null, '?'],
    [900, '900'],
    [4096, '4K'],
    [32_000, '32K'],
    [128_000, '128K'],
    [131_072, '128K'],
    [200_000, '200K'],
    [204_800, '200K'],
    [202_752, '198K'],
    [262_144, '256K'],
    [974_842, '975K'],
    [1_000_000, '1M'],
    [1_048_576, '1M'],
    [1_310_720, '1.25M'],
  ])('shows %s tokens as %s', (tokens, shown) => {
    expect(formatTokens(tokens)).toBe(shown);
  });

  it.each([
    [null, 'varies'],
    [0, 'free'],
    [0.000012, '<$0.0001'],
    [0.0605, '$0.0605'],
    [0.06, '$0.06'],
    [0.4, '$0.40'],
    [15, '$15.00'],
  ])('shows a price of %s as %s', (price, shown) => {
    expect(formatPrice(price)).toBe(shown);
  });

  it('keeps the sign of an amount', () => {
    expect(formatUsd(-1.5)).toBe('-$1.50');
  });

  it('says beside a line what has no room in it', () => {
    const model = makeModel({ id: 'deepseek/deepseek-v4-flash-0731', textOnly: true });
    expect(describeModel(model, 80, ' (recommended)')).toMatchObject({ beside: ['recommended'] });
    expect(describeModel(model, 60).beside).toEqual(['no images']);
    expect(describeModel(model, 60, ' (now)').text).toContain('… (now)');
    expect(describeModel(makeModel(), 60).beside).toEqual([]);
  });

  it('puts a model on one line with its columns', () => {
    expect(describeModel(makeModel(), 80).text.replace(/\s+/g, ' ')).toBe('acme/one 200K $0.40 / $1.60');
    expect(describeModel(makeModel({ tools: false, inputPrice: null, outputPrice: null }), 80).text.replace(/\s+/g, ' ')).toBe(
      'acme/one 200K varies no tools',
    );
  });
});
