import { afterEach, describe, expect, it } from 'vitest';

import { createCatalog } from '../../src/openrouter/catalog.ts';
import { fetchModelFacts } from '../../src/openrouter/model-facts.ts';
import { createHttp } from '../../src/system/http.ts';
import { sendJson, serve, type TestServer } from '../support/http-servers.ts';
import { makeModel } from '../support/models.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const row = makeModel({ id: 'a/known', context: 131_072, maxOutput: 8192 });
const catalog = createCatalog([row], {
  source: 'cache',
  asOf: 0,
  stale: false,
});
const endpoint = (context: number, cap: number | null, changes: Record<string, unknown> = {}): unknown => ({
  provider_name: 'P',
  context_length: context,
  max_completion_tokens: cap,
  status: 0,
  supported_parameters: ['tools'],
  pricing: {},
  ...changes,
});

async function ask(endpoints: readonly unknown[], id = 'a/known') {
  server = await serve((request, response) => {
    expect(request.url).toBe('/api/v1/models/a/known/endpoints');
    sendJson(response, { data: { id: 'a/known', endpoints } });
  });
  const http = createHttp({});
  const facts = await fetchModelFacts(
    { http, version: '0', clock: { now: () => 0, sleep: () => Promise.resolve() } },
    { baseUrl: `http://127.0.0.1:${server.port}/api` },
    [id],
    catalog,
  );
  await http.close();
  return facts[0];
}

describe('the limits of a model', () => {
  it.each([0, -1, 'many', null, undefined])('take a window and a cap of %j for not told', async (odd) => {
    const row = { ...(endpoint(1, 1) as object), context_length: odd, max_completion_tokens: odd };
    expect(await ask([row])).toMatchObject({ window: 131_072, maxOutput: null, known: true });
  });

  it('are those of its model where a preset stands after it', async () => {
    expect(await ask([endpoint(262_144, 65_536)], 'a/known@preset/mine')).toMatchObject({
      id: 'a/known@preset/mine',
      window: 262_144,
      maxOutput: 65_536,
    });
  });

  it("are those of its providers together, not the top one's", async () => {
    expect(await ask([endpoint(131_072, 16_384), endpoint(262_144, 65_536)])).toEqual({
      id: 'a/known',
      window: 262_144,
      maxOutput: 65_536,
      known: true,
      source: 'endpoints',
      row,
      asOf: 0,
    });
  });

  it('leave out providers that refuse a request of the usual size', async () => {
    expect(await ask([endpoint(1_000_000, 8192), endpoint(200_000, 64_000)])).toMatchObject({ window: 200_000, maxOutput: 64_000 });
    expect(await ask([endpoint(1_000_000, 8192), endpoint(200_000, 4096)])).toMatchObject({ window: 1_000_000, maxOutput: 8192 });
  });

  it('leave out providers without tools and ones that are down, unless all are', async () => {
    expect(await ask([endpoint(1_000_000, 64_000, { supported_parameters: [] }), endpoint(100_000, 32_000)])).toMatchObject({
      window: 100_000,
    });
    expect(await ask([endpoint(1_000_000, 64_000, { status: -2 }), endpoint(100_000, 32_000)])).toMatchObject({ window: 100_000 });
    expect(await ask([endpoint(1_000_000, 64_000, { status: -2 })])).toMatchObject({ window: 1_000_000 });
  });

  it('have no output cap where no provider names one', async () => {
    expect(await ask([endpoint(200_000, null), endpoint(300_000, null)])).toMatchObject({ window: 300_000, maxOutput: null });
  });

  it('are asked of the base model of a dynamic variant', async () => {
    expect(await ask([endpoint(200_000, null)], 'a/known:exacto')).toMatchObject({ id: 'a/known:exacto', source: 'endpoints' });
  });

  it("come from the catalog where OpenRouter has no provider, no answer or isn't asked", async () => {
    const facts = { id: 'a/known', window: 131_072, maxOutput: 8192, known: true, source: 'catalog', row, asOf: 0 };
    expect(await ask([])).toEqual(facts);
    expect(await fetchModelFacts(undefined, { baseUrl: 'http://127.0.0.1:1/api' }, ['a/known', 'a/unknown', '@preset/x'], catalog)).toEqual(
      [
        facts,
        { id: 'a/unknown', window: null, maxOutput: null, known: false, source: 'none' },
        { id: '@preset/x', window: null, maxOutput: null, known: false, source: 'none' },
      ],
    );
    const http = createHttp({});
    expect(
      await fetchModelFacts(
        { http, version: '0', clock: { now: () => 0, sleep: () => Promise.resolve() } },
        { baseUrl: 'http://127.0.0.1:1/api' },
        ['a/known'],
        catalog,
      ),
    ).toEqual([{ ...facts, failure: expect.stringContaining('ECONNREFUSED') }]);
  });
});
