import { describe, expect, it } from 'vitest';
import { charge } from '../../src/openrouter/charge.ts';
import { readPrice } from '../../src/openrouter/read-price.ts';
import { modelRowSchema } from '../../src/openrouter/schemas.ts';
import { BUILTIN_MODELS } from '../../src/openrouter/builtin.ts';
import { servedPricing } from '../../src/simulator/catalog.ts';
import { reckonCharge, usdOf } from '../../src/simulator/ledger.ts';
import { simulate } from './support.ts';

const TOKENS = { input: 40_001, cacheRead: 1234, cacheWrite: 77, output: 999 };

describe("the simulator's ledger", () => {
  it('charges by decimal arithmetic, by the step of size and hour', () => {
    const pricing = { prompt: '0.000001', completion: '0.0000022', overrides: [{ min_prompt_tokens: 40_000, prompt: '0.000002' }] };
    expect(reckonCharge(pricing, { input: 40_000, cacheRead: 0, cacheWrite: 0, output: 1 }, 0)).toEqual({
      input: 40_000_000_000n,
      output: 2_200_000n,
    });
    expect(reckonCharge(pricing, { input: 40_000, cacheRead: 1, cacheWrite: 0, output: 0 }, 0).input).toBe(80_002_000_000n);
    const night = { prompt: '0.000001', completion: '0', overrides: [{ utc_start: 2230, utc_end: 30, prompt: '0.000003' }] };
    for (const [time, price] of [
      ['22:29', 1n],
      ['22:30', 3n],
      ['00:29', 3n],
      ['00:30', 1n],
    ] as const) {
      const at = Date.parse(`2026-11-27T${time}:00Z`);
      expect(reckonCharge(night, { input: 1, cacheRead: 0, cacheWrite: 0, output: 0 }, at).input, time).toBe(price * 1_000_000n);
    }
  });

  it('agrees with what orcc reckons, for every model at every hour', () => {
    for (const model of BUILTIN_MODELS.filter(({ input }) => input !== null)) {
      const pricing = servedPricing(model);
      const price = readPrice(modelRowSchema.parse({ id: model.id, pricing }).pricing);
      for (let hour = 0; hour < 24; hour += 1) {
        const at = Date.parse('2026-11-27T00:31:00Z') + hour * 3_600_000;
        const { input, output } = reckonCharge(pricing, TOKENS, at);
        expect(price === undefined ? undefined : BigInt(charge(price, TOKENS, { at })), `${model.id} ${String(hour)}`).toBe(input + output);
      }
    }
  });

  it('is what an answer states and GET /generation tells', async () => {
    const simulator = await simulate();
    const headers = { authorization: `Bearer ${simulator.key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'nvidia/nemotron-3.5-lightning', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] });
    const answer = (await (await fetch(`${simulator.baseUrl}/v1/messages`, { method: 'POST', headers, body })).json()) as {
      id: string;
      usage: { cost: number; input_tokens: number; output_tokens: number };
    };
    const told = (await (await fetch(`${simulator.baseUrl}/v1/generation?id=${answer.id}`, { headers })).json()) as {
      data: { total_cost: number };
    };
    // Its own provider asks a tenth more than the catalog shows.
    const { input_tokens: input, output_tokens: output } = answer.usage;
    expect(told.data.total_cost).toBe(usdOf(BigInt(input) * 88_000n + BigInt(output) * 220_000n));
    expect(answer.usage.cost).toBe(told.data.total_cost);
  });
});
