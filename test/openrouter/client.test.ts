import { afterEach, describe, expect, it } from 'vitest';

import { OrccError } from '../../src/core/errors.ts';
import { type ClientContext, fetchCredits, fetchGeneration, fetchKey, fetchModel } from '../../src/openrouter/client.ts';
import { matchThrown } from '../../src/diagnose/match.ts';
import type { Endpoint } from '../../src/openrouter/endpoint.ts';
import { fetchCatalog } from '../../src/openrouter/fetch-catalog.ts';
import { ApiError } from '../../src/openrouter/error-body.ts';
import { createHttp } from '../../src/system/http.ts';
import { sendJson, serve, type TestServer } from '../support/http-servers.ts';
import { keyed } from '../support/keyed.ts';
import type { KeyedEndpoint } from '../../src/openrouter/endpoint.ts';

const KEY = `sk-or-v1-${'ab12'.repeat(16)}`;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** The sleeps of a retry take no time. */
const slept: number[] = [];
const clock = { now: () => Date.now(), sleep: (ms: number) => Promise.resolve(void slept.push(ms)) };

async function ask<T>(answer: Parameters<typeof serve>[0], call: (ctx: ClientContext, endpoint: KeyedEndpoint) => Promise<T>) {
  const server: TestServer = await serve(answer);
  const http = createHttp({});
  open.push(http, server);
  const done = call({ http, version: '1.2.3', clock }, keyed(`http://127.0.0.1:${server.port}/api`, KEY));
  return { server, done };
}

async function failure(done: Promise<unknown>): Promise<OrccError> {
  const error: unknown = await done.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OrccError)) throw new Error(`no OrccError: ${String(error)}`);
  expect(`${error.message} ${error.hint ?? ''}`).not.toContain(KEY);
  expect(error.message).not.toMatch(/[\x00-\x1f]/);
  return error;
}

const page = '<!DOCTYPE html><html><title>Sign in</title></html>';

describe('the client', () => {
  it('names itself, sends the key as a bearer token and asks the path below the base URL', async () => {
    const { server, done } = await ask((_request, response) => sendJson(response, { data: { label: 'x' } }), fetchKey);
    await done;
    expect(server.requests).toMatchObject([
      { url: '/api/v1/key', headers: { 'user-agent': 'orcc/1.2.3', authorization: `Bearer ${KEY}` } },
    ]);
    expect(server.requests[0]?.headers).not.toHaveProperty('x-api-key');
  });

  it('reads a key as of autumn 2026', async () => {
    const data = {
      label: 'sk-or-v1-abc...def',
      limit: 20,
      limit_remaining: 8.1,
      limit_reset: 'monthly',
      usage: 11.9,
      is_free_tier: false,
      is_management_key: false,
      expires_at: null,
      rate_limit: { requests: -1, interval: '10s' },
      allowed_data_regions: ['global'],
      free_model_daily_requests: { limit: 1000, remaining: 990, used: 10 },
      workspace_id: null,
    };
    const { done } = await ask((_request, response) => sendJson(response, { data }), fetchKey);
    expect(await done).toMatchObject({
      label: 'sk-or-v1-abc...def',
      limit: 20,
      limit_remaining: 8.1,
      limit_reset: 'monthly',
      is_management_key: false,
      expires_at: null,
      free_model_daily_requests: { limit: 1000, remaining: 990, used: 10 },
    });
  });

  it('reads a key as of August 2026, without the later fields', async () => {
    const { done } = await ask(
      (_request, response) => sendJson(response, { data: { label: 'x', limit: null, usage: 1, is_free_tier: true } }),
      fetchKey,
    );
    expect(await done).toMatchObject({ limit: null, limit_remaining: null, is_free_tier: true, free_model_daily_requests: null });
  });

  it('says that the key was refused for a 401, exit 4', async () => {
    const { done } = await ask((_request, response) => {
      response.writeHead(401).end(JSON.stringify({ error: { code: 401, message: 'User not found.' } }));
    }, fetchKey);
    expect(await failure(done)).toMatchObject({ exit: 'key', code: 'KEY_BAD' });
  });

  it('keeps status, headers and body of any other error', async () => {
    const { done } = await ask((_request, response) => {
      response
        .writeHead(403, { 'retry-after': '7' })
        .end(JSON.stringify({ error: { code: 403, message: 'Only management keys can perform this operation' } }));
    }, fetchCredits);
    const error = await failure(done);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 403, headers: { 'retry-after': '7' }, parsed: { code: 403 } });
  });

  it.each([
    [429, { 'retry-after': '3' }, 3000],
    [503, {}, 1000],
    [529, {}, 1000],
  ])('asks once more after HTTP %i, when the server says so', async (status, headers, wait) => {
    let times = 0;
    slept.length = 0;
    const { done } = await ask((_request, response) => {
      times += 1;
      if (times > 1) sendJson(response, { data: { label: 'x' } });
      else response.writeHead(status, headers).end(JSON.stringify({ error: { code: status, message: 'busy' } }));
    }, fetchKey);
    await done;
    expect({ times, slept }).toEqual({ times: 2, slept: [wait] });
  });

  it.each([
    [429, {}, 'RATE_LIMITED', 2],
    [429, { 'retry-after': '60' }, 'RATE_LIMITED', 1],
    [500, {}, 'SERVER_ERROR', 2],
    [502, {}, 'SERVER_ERROR', 2],
    [529, {}, 'SERVER_ERROR', 2],
    [504, {}, 'TIMEOUT', 2],
    [402, {}, 'NO_CREDITS', 1],
  ])('HTTP %i with %j for good is %s', async (status, headers, code, asked) => {
    const { done, server } = await ask(
      (_request, response) => response.writeHead(status, headers).end(JSON.stringify({ error: { code: status, message: 'x' } })),
      fetchKey,
    );
    const error = await failure(done);
    expect(matchThrown(error)).toMatchObject({ code });
    expect(matchThrown(error)?.fix).not.toBe('');
    expect(server.requests).toHaveLength(asked);
  });

  it.each([
    [403, 'EDGE_BLOCKED'],
    [413, 'TOO_LARGE'],
    [429, 'RATE_LIMITED'],
    [503, 'SERVER_ERROR'],
    [524, 'TIMEOUT'],
    [530, 'SERVER_ERROR'],
    [404, 'NOT_OPENROUTER'],
  ])('a page of Cloudflare with HTTP %i is %s for the key, the credits and the catalog', async (status, code) => {
    const headers = { 'content-type': 'text/html', server: 'cloudflare', 'cf-ray': '1-FRA' };
    const calls: readonly ((ctx: ClientContext, at: Endpoint) => Promise<unknown>)[] = [
      fetchKey,
      fetchCredits,
      (ctx, at) => fetchCatalog(ctx, at, undefined, 0),
    ];
    for (const call of calls) {
      const { done } = await ask((_request, response) => response.writeHead(status, headers).end(page), call);
      expect(matchThrown(await failure(done))?.code).toBe(code);
    }
  });

  it('reads credits, a generation and a model', async () => {
    const credits = await ask((_request, response) => sendJson(response, { data: { total_credits: 10, total_usage: 2.5 } }), fetchCredits);
    expect(await credits.done).toEqual({ bought: 10, used: 2.5 });
    const generation = await ask(
      (_request, response) => sendJson(response, { data: { id: 'gen-1', total_cost: 0.01, model: 'a/b' } }),
      (ctx, at) => fetchGeneration(ctx, at, 'gen-1&x=2'),
    );
    expect(await generation.done).toMatchObject({ total_cost: 0.01 });
    expect(generation.server.requests[0]?.url).toBe('/api/v1/generation?id=gen-1%26x%3D2');
    const model = await ask(
      (_request, response) => sendJson(response, { data: { id: 'a/b' } }),
      (ctx, at) => fetchModel(ctx, at, '~a/b:free'),
    );
    expect(await model.done).toMatchObject({ id: 'a/b' });
    expect(model.server.requests[0]?.url).toBe('/api/v1/model/~a/b:free');
  });

  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['a web page', page, { 'content-type': 'text/html' }, 200, 'html'],
    ['a web page with a 404', page, {}, 404, 'html'],
    ['a page of a 401 sign-in wall', page, { 'content-type': 'text/html' }, 401, 'html'],
    ['nothing at all', '', {}, 200, 'not-json'],
    ['cut-off JSON', '{"data":{"label":"x"', {}, 200, 'not-json'],
    ['garbage', Buffer.from([1, 2, 3, 255, 27, 91, 65]), {}, 200, 'not-json'],
    ['JSON of someone else', '{"hello":"world"}', {}, 200, 'unexpected-shape'],
    ['a list', '[]', {}, 200, 'unexpected-shape'],
    ['null', 'null', {}, 200, 'unexpected-shape'],
    ['2 MB where 1 kB is usual', `{"data":{"label":"${'x'.repeat(2_000_000)}"}}`, {}, 200, 'too-big'],
    ['deep nesting', '['.repeat(400_000), {}, 200, 'not-json'],
  ])('takes %s for what it is, exit 5', async (_name, body, headers, status, kind) => {
    const { done } = await ask((_request, response) => {
      response.writeHead(status, headers).end(body);
    }, fetchKey);
    expect(await failure(done)).toMatchObject({ exit: 'network', code: 'NOT_OPENROUTER', kind });
  });

  it('sends the key to no other host', async () => {
    const thief = await serve((_request, response) => sendJson(response, { data: {} }));
    open.push(thief);
    const { done } = await ask((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${thief.port}/api/v1/key` }).end();
    }, fetchKey);
    expect(await failure(done)).toMatchObject({ kind: 'redirect' });
    expect(thief.requests).toEqual([]);
  });
});
