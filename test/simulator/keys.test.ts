/* eslint-disable @typescript-eslint/no-unsafe-argument -- answers are read loosely: the assertion is the check */
import { describe, expect, it } from 'vitest';
import { KEY_NAMES, makeKeys } from '../../src/simulator/accounts.ts';
import { get, post, request, simulate, TOOL } from './support.ts';

describe('keys', () => {
  it('have the shape of real ones, differ, and are the same in every run', () => {
    const keys = Object.values(makeKeys());
    expect(keys.filter((key) => !/^sk-or-v1-[0-9a-f]{64}$/.test(key))).toEqual([]);
    expect(new Set(keys).size).toBe(KEY_NAMES.length);
    expect(makeKeys()).toEqual(makeKeys());
  });

  it.each([
    ['good', 200, undefined],
    ['bad', 401, 'authentication_error'],
    ['expired', 401, 'authentication_error'],
    ['management', 403, 'permission_error'],
    ['no-credit', 402, 'billing_error'],
    ['low-credit', 402, 'billing_error'],
    ['capped', 403, 'permission_error'],
    ['free', 402, 'billing_error'],
  ] as const)('%s answers a paid model with %i', async (name, status, type) => {
    const simulator = await simulate();
    const answer = await post(simulator, request(), { key: simulator.keys[name] });
    expect(answer.status).toBe(status);
    expect(answer.json.error?.type).toBe(type);
  });

  it.each([{}, { authorization: '' }, { authorization: 'Bearer ' }, { authorization: 'Basic eDp5' }])(
    'is missed where %j is sent',
    async (headers) => {
      const simulator = await simulate();
      const response = await fetch(`${simulator.baseUrl}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(request()) });
      expect(response.status).toBe(401);
      expect(((await response.json()) as { error: { message: string } }).error.message).toContain('No cookie auth');
    },
  );

  it('is taken from x-api-key where there is no bearer', async () => {
    const simulator = await simulate();
    const response = await fetch(`${simulator.baseUrl}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': simulator.key },
      body: JSON.stringify(request()),
    });
    expect(response.status).toBe(200);
  });
});

describe('money', () => {
  it('lets a low balance pay for a cheap model and fewer tokens, and says how many', async () => {
    const simulator = await simulate();
    const key = simulator.keys['low-credit'];
    const dear = await post(simulator, request(), { key });
    const afford = Number(/can only afford (\d+)/.exec(dear.json.error.message)?.[1]);
    expect(afford).toBeGreaterThan(1000);
    expect((await post(simulator, request({ max_tokens: afford }), { key })).status).toBe(200);
    expect((await post(simulator, request({ max_tokens: afford + 1 }), { key })).status).toBe(402);
    expect((await post(simulator, request({ model: 'z-ai/glm-4.7-flash' }), { key })).status).toBe(200);
  });

  it('is charged to the key', async () => {
    const simulator = await simulate();
    const before = (await get(simulator, '/v1/key', { key: simulator.key })).json.data;
    const { cost } = (await post(simulator, request())).json.usage;
    const after = (await get(simulator, '/v1/key', { key: simulator.key })).json.data;
    expect(after.usage - before.usage).toBeCloseTo(cost, 9);
    expect(before.limit_remaining - after.limit_remaining).toBeCloseTo(cost, 9);
  });

  it('is not needed for free models until the daily quota is used up', async () => {
    const simulator = await simulate({ now: () => Date.UTC(2026, 10, 22, 15) });
    const key = simulator.keys.free;
    const model = 'google/gemma-4-31b-it:free';
    const { remaining } = (await get(simulator, '/v1/key', { key })).json.data.free_model_daily_requests;
    for (let call = 0; call < remaining; call += 1) expect((await post(simulator, request({ model }), { key })).status).toBe(200);
    const refused = await post(simulator, request({ model }), { key });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('x-ratelimit-reset'))).toBe(Date.UTC(2026, 10, 23));
  });
});

describe('what OpenRouter says about a key', () => {
  it.each(['/v1/key', '/v1/auth/key'])('%s describes it, masked', async (path) => {
    const simulator = await simulate();
    const { status, json, text } = await get(simulator, path, { key: simulator.keys.free });
    expect(status).toBe(200);
    expect(json.data).toMatchObject({ is_free_tier: true, free_model_daily_requests: { limit: 50 } });
    expect(text).not.toContain(simulator.keys.free);
  });

  it('tells a management key, and gives only that one the credits', async () => {
    const simulator = await simulate();
    expect((await get(simulator, '/v1/key', { key: simulator.keys.management })).json.data.is_management_key).toBe(true);
    expect((await get(simulator, '/v1/credits', { key: simulator.keys.management })).json.data.total_credits).toBeGreaterThan(0);
    expect((await get(simulator, '/v1/credits', { key: simulator.key })).status).toBe(403);
  });

  it('tells when an expired key expired, and refuses it everywhere else', async () => {
    const simulator = await simulate();
    const key = simulator.keys.expired;
    expect(Date.parse((await get(simulator, '/v1/key', { key })).json.data.expires_at)).toBeLessThan(Date.now());
    expect((await get(simulator, '/v1/models/user', { key })).status).toBe(401);
  });

  it.each(['/v1/key', '/v1/credits', '/v1/models/user', '/v1/generation?id=x'])('%s refuses a key that nobody knows', async (path) => {
    const simulator = await simulate();
    const { status, json } = await get(simulator, path, { key: simulator.keys.bad });
    expect([status, json.error.message]).toEqual([401, 'User not found.']);
  });
});

it('GET /generation finds past calls and no others', async () => {
  const simulator = await simulate();
  const { json } = await post(simulator, request({ tools: [TOOL] }));
  const past = await get(simulator, `/v1/generation?id=${json.id}`, { key: simulator.key });
  expect(past.json.data).toMatchObject({ id: json.id, model: 'z-ai/glm-4.7-20251222', streamed: false });
  expect(past.json.data.total_cost).toBeCloseTo(json.usage.cost, 12);
  expect((await get(simulator, '/v1/generation?id=gen-0-none', { key: simulator.key })).status).toBe(404);
});

describe('models that refuse', () => {
  it.each([
    ['an id that nobody knows', { model: 'acme/fake-1.0' }, 400, 'acme/fake-1.0 is not a valid model ID'],
    ['a bare Anthropic id', { model: 'claude-opus-5-5' }, 400, 'not a valid model ID'],
    ['the client suffix [1m]', { model: 'z-ai/glm-4.7[1m]' }, 400, 'not a valid model ID'],
    ['a free variant that ended', { model: 'z-ai/glm-5.2:free' }, 404, 'use this slug instead: z-ai/glm-5.2'],
    ['a batch variant', { model: 'z-ai/glm-5.2:batch' }, 404, 'No endpoints found'],
    [
      'tools where there are none',
      { model: 'perplexity/sonar-pro', max_tokens: 4000, tools: [TOOL] },
      404,
      'support tool use. Try disabling "get_weather"',
    ],
    ['more output than any provider gives', { model: 'anthropic/claude-3-haiku' }, 400, 'Provider returned error'],
    [
      'more than the window holds',
      { model: 'qwen/qwen-2.5-72b-instruct', max_tokens: 16384, messages: [{ role: 'user', content: 'x'.repeat(80_000) }] },
      400,
      'maximum context length is 32768',
    ],
    ['an unknown harness on a gated model', { model: 'thinkingmachines/inkling:free' }, 403, 'only available on agentic harnesses'],
  ])('%s', async (_title, change, status, text) => {
    const answer = await post(await simulate(), request(change));
    expect(answer.status).toBe(status);
    expect(answer.json.error.message).toContain(text);
  });

  it('let Claude Code through the harness gate', async () => {
    const { status } = await post(await simulate(), request({ model: 'thinkingmachines/inkling:free' }), {
      headers: { 'user-agent': 'claude-cli/2.1.330 (external, cli)' },
    });
    expect(status).toBe(200);
  });

  it('tell the provider cap in the metadata', async () => {
    const { json } = await post(await simulate(), request({ model: 'anthropic/claude-3-haiku' }));
    expect(json.metadata.raw).toContain('between 0 and 4096');
  });
});

it('count_tokens does not exist', async () => {
  expect((await post(await simulate(), request(), { path: '/v1/messages/count_tokens?beta=true' })).status).toBe(404);
});
