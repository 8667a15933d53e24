/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call -- answers are read loosely: the assertion is the check */
import { describe, expect, it } from 'vitest';
import { BUILTIN_MODELS } from '../../src/openrouter/builtin.ts';
import { get, simulate } from './support.ts';

const ids = (json: { data: { id: string }[] }): string[] => json.data.map((row) => row.id);

describe('GET /models', () => {
  it('needs no key and lists everything, prices as strings of USD per token', async () => {
    const simulator = await simulate();
    const { status, json } = await get(simulator, '/v1/models');
    expect(status).toBe(200);
    expect(json.total_count).toBe(BUILTIN_MODELS.length);
    expect(json.data).toHaveLength(BUILTIN_MODELS.length);
    const row = json.data.find((each: { id: string }) => each.id === 'z-ai/glm-4.7-flash');
    expect(row.pricing).toMatchObject({ prompt: '0.0000000605', completion: '0.0000004' });
    expect(json.data.find((each: { id: string }) => each.id === 'openrouter/auto').pricing.prompt).toBe('-1');
  });

  it('pages by offset and limit with a link to the next page until the last', async () => {
    const simulator = await simulate();
    const seen: string[] = [];
    let next: string | null = '/api/v1/models?limit=15';
    while (next !== null) {
      const { json } = await get(simulator, next.replace('/api', ''));
      seen.push(...ids(json));
      next = json.links.next;
    }
    expect(seen).toHaveLength(BUILTIN_MODELS.length);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it.each([
    ['supported_parameters=tools', (id: string) => id !== 'perplexity/sonar-pro'],
    ['q=coder', (id: string) => id.includes('coder')],
    ['model_authors=z-ai', (id: string) => id.startsWith('z-ai/')],
    ['context=1000000', (id: string) => id !== 'z-ai/glm-4.7'],
    ['max_price=0', (id: string) => id.endsWith(':free') || id.startsWith('openrouter/')],
  ])('filters by %s', async (query, fits) => {
    const found = ids((await get(await simulate(), `/v1/models?${query}`)).json);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(BUILTIN_MODELS.length);
    expect(found.filter((id) => !fits(id))).toEqual([]);
  });

  it('sorts by price', async () => {
    const { json } = await get(await simulate(), '/v1/models?sort=pricing-high-to-low&limit=1');
    expect(ids(json)).toEqual(['anthropic/claude-fable-5']);
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'offset=-1', 'max_price=cheap'])('refuses %s', async (query) => {
    expect((await get(await simulate(), `/v1/models?${query}`)).status).toBe(400);
  });

  it('answers 304 to its own ETag', async () => {
    const simulator = await simulate();
    const etag = (await get(simulator, '/v1/models')).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    const again = await get(simulator, '/v1/models', { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await get(simulator, '/v1/models?limit=1', { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('takes another catalog', async () => {
    const [first] = BUILTIN_MODELS;
    const simulator = await simulate({ models: first === undefined ? [] : [{ ...first, id: 'acme/one' }] });
    expect(ids((await get(simulator, '/v1/models')).json)).toEqual(['acme/one']);
  });
});

describe('one model', () => {
  it.each(['z-ai/glm-4.7', 'z-ai/glm-4.7:nitro', 'z-ai/glm-4.7%3Afloor'])('is found as %s', async (id) => {
    expect((await get(await simulate(), `/v1/model/${id}`)).json.data.id).toBe('z-ai/glm-4.7');
  });

  it('of an alias can tell what it stands for', async () => {
    const { json } = await get(await simulate(), '/v1/model/~anthropic/claude-opus-latest');
    expect(json.data.alias_target.slug).toBe('anthropic/claude-opus-5.5');
  });

  it('that nobody knows is a 404 in the plain shape', async () => {
    const { status, json } = await get(await simulate(), '/v1/model/acme/nope');
    expect(status).toBe(404);
    expect(json.error.code).toBe(404);
  });

  it('has a second provider with a smaller cap and no tools, and a third as good as the first', async () => {
    const { json } = await get(await simulate(), '/v1/models/z-ai/glm-4.7/endpoints');
    expect(json.data.endpoints.map((row: { max_completion_tokens: number }) => row.max_completion_tokens)).toEqual([131072, 16384, 131072]);
    expect(json.data.endpoints[1].supported_parameters).not.toContain('tools');
  });

  it('is linked to its endpoints', async () => {
    const simulator = await simulate();
    const { json } = await get(simulator, '/v1/model/minimax/minimax-m3');
    const { status } = await get(simulator, json.data.links.details.replace('/api', ''));
    expect(status).toBe(200);
  });
});

it.each([
  ['/v1/models/user', 401],
  ['/v1/nothing', 404],
  ['/nothing', 404],
  ['/v1/v1/messages', 404],
])('%s without a key is %i', async (path, status) => {
  expect((await get(await simulate(), path)).status).toBe(status);
});

it('answers unknown addresses as a site would, in HTML', async () => {
  const { headers, text } = await get(await simulate(), '/v1/v1/messages');
  expect(headers.get('content-type')).toContain('text/html');
  expect(text).toContain('<html');
});

it('answers HEAD everywhere with nothing', async () => {
  const simulator = await simulate();
  const response = await fetch(`${simulator.baseUrl}/`, { method: 'HEAD' });
  expect(response.status).toBe(200);
});
