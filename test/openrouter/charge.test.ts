import { describe, expect, it } from 'vitest';
import { charge, USD, type ModelPrice } from '../../src/openrouter/charge.ts';
import { priceOfModel, readPrice } from '../../src/openrouter/read-price.ts';
import { modelRowSchema } from '../../src/openrouter/schemas.ts';
import { makeModel } from '../support/models.ts';
import { catalogRows } from '../support/shared.ts';

const NOON = Date.parse('2026-11-27T12:00:00Z');
/** As the API has it; a Friday. */
const read = (pricing: Record<string, unknown>): ModelPrice => {
  const price = readPrice(modelRowSchema.parse({ id: 'acme/one', pricing }).pricing);
  if (price === undefined) throw new Error('no price');
  return price;
};
const plain = read({ prompt: '0.000001', completion: '0.000004' });
const whole = read({
  prompt: '0.000005',
  completion: '0.000025',
  input_cache_read: '0.0000005',
  input_cache_write: '0.00000625',
  input_cache_write_1h: '0.00001',
  web_search: '0.01',
  request: '0.002',
});

describe('charge', () => {
  it('prices each bucket of tokens, searches and the request itself', () => {
    const at = { at: NOON };
    const nothing = { input: 0, output: 0 };
    expect(charge(plain, { input: 3, output: 2 }, at)).toBe(3_000_000 + 8_000_000);
    const request = 0.002 * USD;
    expect(charge(whole, nothing, at)).toBe(request);
    expect(charge(whole, { ...nothing, cacheRead: 7 }, at)).toBe(request + 3_500_000);
    expect(charge(whole, { ...nothing, cacheWrite: 7 }, at)).toBe(request + 43_750_000);
    expect(charge(whole, { ...nothing, cacheWrite1h: 7 }, at)).toBe(request + 70_000_000);
    expect(charge(whole, { ...nothing, webSearches: 2 }, at)).toBe(request + 0.02 * USD);
  });

  it('takes the input price where a model names none for the cache', () => {
    expect(charge(plain, { input: 1, output: 0, cacheRead: 1, cacheWrite: 1, cacheWrite1h: 1 }, { at: NOON })).toBe(4_000_000);
    const short = read({ prompt: '0.000001', completion: '0', input_cache_write: '0.000002' });
    expect(charge(short, { input: 0, output: 0, cacheWrite1h: 1 }, { at: NOON })).toBe(2_000_000);
  });

  it('takes a step for prompts above its number of tokens, cached ones counted, and what it leaves out from below', () => {
    const stepped = read({
      prompt: '0.000001',
      completion: '0.000004',
      input_cache_read: '0.0000001',
      overrides: [
        { min_prompt_tokens: 100, prompt: '0.000002' },
        { min_prompt_tokens: 200, prompt: '0.000003', completion: '0.000009' },
      ],
    });
    expect(charge(stepped, { input: 100, output: 1 }, { at: NOON })).toBe(104_000_000);
    expect(charge(stepped, { input: 101, output: 1 }, { at: NOON })).toBe(206_000_000);
    expect(charge(stepped, { input: 1, output: 1, cacheRead: 200 }, { at: NOON })).toBe(3_000_000 + 9_000_000 + 20_000_000);
  });

  it.each([
    ['2026-11-27T01:00:00Z', 2],
    ['2026-11-27T03:59:59Z', 2],
    ['2026-11-27T04:00:00Z', 1],
    ['2026-11-27T22:30:00Z', 3],
    ['2026-11-28T00:29:00Z', 3],
    ['2026-11-28T00:30:00Z', 1],
    ['2026-11-29T12:00:00Z', 4],
  ])('takes the step of the hour and the day: %s', (time, expected) => {
    const timed = read({
      prompt: '0.000001',
      completion: '0',
      overrides: [
        { utc_start: 100, utc_end: 400, prompt: '0.000002' },
        { utc_start: 2230, utc_end: 30, prompt: '0.000003' },
        { utc_days: ['sunday'], prompt: '0.000004' },
      ],
    });
    expect(charge(timed, { input: 1, output: 0 }, { at: Date.parse(time) })).toBe(expected * 1_000_000);
    expect(charge(timed, { input: 1, output: 0 }, { at: 'dearest' })).toBe(4_000_000);
  });

  it('rounds an answer once, where a price is no whole number of 10^-12 USD', () => {
    const odd = read({ prompt: '0', completion: '0', input_cache_write: '0.0000000208333333333333' });
    expect(charge(odd, { input: 0, output: 0, cacheWrite: 3_000_000 }, { at: NOON })).toBe(62_499_999_999);
  });

  it('has no price where it is not fixed', () => {
    expect(readPrice(modelRowSchema.parse({ id: 'acme/router', pricing: { prompt: '-1', completion: '-1' } }).pricing)).toBeUndefined();
    expect(priceOfModel(makeModel({ inputPrice: null }))).toBeUndefined();
    expect(priceOfModel(makeModel({ inputPrice: 0.1, outputPrice: 0.2, cacheRead: 0.01 }))).toEqual({
      input: 100_000,
      output: 200_000,
      cacheRead: 10_000,
    });
  });

  it('agrees with decimal arithmetic for every model of the catalog, at any size and hour', () => {
    let checked = 0;
    for (const { pricing } of catalogRows()) {
      const price = readPrice(modelRowSchema.parse({ id: 'acme/one', pricing }).pricing);
      if (price === undefined) continue;
      for (const scale of [1, 3]) {
        for (const at of ['00:30', '01:00', '05:59', '23:00'].map((time) => Date.parse(`2026-11-27T${time}:00Z`))) {
          const scaled = { input: 12_345 * scale, output: 6_789 * scale, cacheRead: 98_765 * scale, cacheWrite: 4_321 * scale };
          const exact = decimals(pricing, scaled, at);
          expect(Math.abs(charge(price, scaled, { at }) - exact), JSON.stringify(pricing)).toBeLessThanOrEqual(1);
          checked += 1;
        }
      }
    }
    expect(checked).toBeGreaterThan(200);
  });
});

/** The same by another way: decimal texts as whole numbers of 10^-24 USD. */
function decimals(
  pricing: Record<string, unknown>,
  tokens: Required<Pick<Parameters<typeof charge>[1], 'input' | 'output' | 'cacheRead' | 'cacheWrite'>>,
  at: number,
): number {
  const steps = (pricing['overrides'] ?? []) as Record<string, unknown>[];
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  const time = new Date(at);
  const clock = time.getUTCHours() * 100 + time.getUTCMinutes();
  const holds = (step: Record<string, unknown>): boolean => {
    const [start, end, least] = [step['utc_start'], step['utc_end'], step['min_prompt_tokens']].map((each) =>
      each === undefined ? undefined : Number(each),
    );
    if (least !== undefined && prompt <= least) return false;
    if (start === undefined || end === undefined) return true;
    return start < end ? clock >= start && clock < end : clock >= start || clock < end;
  };
  const valid: Record<string, unknown> = Object.assign({}, pricing, ...steps.filter(holds));
  const amount = (name: string): bigint => {
    const text = String(valid[name] ?? valid['prompt']);
    const [whole = '0', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.slice(0, 24).padEnd(24, '0'));
  };
  const sum =
    BigInt(tokens.input) * amount('prompt') +
    BigInt(tokens.output) * amount('completion') +
    BigInt(tokens.cacheRead) * amount('input_cache_read') +
    BigInt(tokens.cacheWrite) * amount('input_cache_write');
  return Number((sum + 500_000_000_000n) / 1_000_000_000_000n);
}
