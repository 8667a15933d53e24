import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkPresets } from '../../src/change/check-models.ts';
import { OrccError } from '../../src/core/errors.ts';
import { createCatalog } from '../../src/openrouter/catalog.ts';
import { fetchModelFacts } from '../../src/openrouter/model-facts.ts';
import { createHttp } from '../../src/system/http.ts';
import { simulate } from '../simulator/support.ts';
import { keyed } from '../support/keyed.ts';

async function setUp() {
  const simulator = await simulate();
  const http = createHttp({});
  onTestFinished(() => http.close());
  const ctx = { http, version: '0', clock: { now: () => 0, sleep: () => Promise.resolve() } };
  return { simulator, ctx, endpoint: keyed(simulator.baseUrl, simulator.key) };
}
const mapping = (opus: string) => ({ opus, sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7' });

describe('a preset of the account', () => {
  it('is looked at once, alone or behind a model, and no other model is', async () => {
    const { simulator, ctx, endpoint } = await setUp();
    const models = { ...mapping('@preset/cheap'), sonnet: 'z-ai/glm-4.7@preset/cheap' };
    expect(await checkPresets(ctx, endpoint, models, { force: false })).toEqual({
      remarks: [],
      bases: { '@preset/cheap': 'z-ai/glm-4.7-flash' },
    });
    expect(simulator.requests.map(({ url }) => url)).toEqual(['/api/v1/presets/cheap']);
  });

  it.each(['@preset/none', 'z-ai/glm-4.7@preset/none'])(
    'that is not there stops with exit 2, and by force with a remark: %s',
    async (id) => {
      const { ctx, endpoint } = await setUp();
      const ask = (force: boolean) => checkPresets(ctx, endpoint, mapping(id), { force });
      await expect(ask(false)).rejects.toMatchObject({ exit: 'usage', code: 'PRESET_MISSING', data: { alias: 'opus', slug: 'none' } });
      expect(await ask(true)).toMatchObject({ remarks: [{ alias: 'opus', model: id }], bases: {} });
    },
  );

  it('that is turned off stops with exit 2, and by force with a remark', async () => {
    const { ctx, endpoint } = await setUp();
    const ask = (force: boolean) => checkPresets(ctx, endpoint, mapping('@preset/retired'), { force });
    await expect(ask(false)).rejects.toMatchObject({ exit: 'usage', data: { alias: 'opus', slug: 'retired' } });
    expect(await ask(true)).toMatchObject({ remarks: [{ alias: 'opus', model: '@preset/retired' }] });
  });

  it('is not looked for any longer where the user stops', async () => {
    const { ctx, endpoint } = await setUp();
    const http = { ...ctx.http, request: () => Promise.reject(new OrccError('cancelled', 'stop')) };
    await expect(checkPresets({ ...ctx, http }, endpoint, mapping('@preset/cheap'), { force: true })).rejects.toMatchObject({
      exit: 'cancelled',
    });
  });

  it('that the key may not see, or nobody answers for, is taken with a remark', async () => {
    const { simulator, ctx } = await setUp();
    const [bad, elsewhere] = [keyed(simulator.baseUrl, simulator.keys.bad), keyed(`${simulator.baseUrl}/x`, simulator.key)];
    for (const endpoint of [bad, elsewhere, keyed('http://127.0.0.1:1/api', simulator.key)])
      expect(await checkPresets(ctx, endpoint, mapping('@preset/cheap'), { force: false })).toMatchObject({ remarks: [{}], bases: {} });
  });

  it('that the answer names without a 404 is not taken for missing', async () => {
    const { ctx, endpoint } = await setUp();
    const body = [Buffer.from('{"error": {"code": 403, "message": "This key may not see presets"}}')];
    const answer = { status: 403, headers: {}, body: Readable.from(body), cancel: () => Promise.resolve() };
    const http = { ...ctx.http, request: () => Promise.resolve(answer) };
    expect(await checkPresets({ ...ctx, http }, endpoint, mapping('@preset/cheap'), { force: false })).toMatchObject({
      remarks: [{ text: expect.stringContaining('could not be looked up: ') as string }],
    });
  });

  it('has the limits of the model that it names', async () => {
    const { ctx, endpoint } = await setUp();
    const catalog = createCatalog([], { source: 'live', asOf: 0, stale: false });
    const [cheap, open] = await fetchModelFacts(ctx, endpoint, ['@preset/cheap', '@preset/private'], catalog);
    expect(cheap).toMatchObject({ id: '@preset/cheap', window: 131_072, known: true, source: 'endpoints' });
    expect(open).toMatchObject({ id: '@preset/private', window: null, known: false });
  });
});
