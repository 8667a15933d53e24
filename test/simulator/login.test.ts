import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { get, post, request, simulate } from './support.ts';

const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');
const callback = 'http://127.0.0.1:45678/cb-x?keep=1';

async function openPage(simulator: Simulator, query: Record<string, string>): Promise<Response> {
  const site = new URL('/auth', simulator.baseUrl);
  site.search = new URLSearchParams(query).toString();
  return await fetch(site, { redirect: 'manual' });
}

const pkce = { callback_url: callback, code_challenge: challenge, code_challenge_method: 'S256' };

/** The code behind the page's button. */
async function approve(simulator: Simulator, query: Record<string, string> = pkce): Promise<string> {
  const page = await (await openPage(simulator, query)).text();
  const href = /id="approve"[^>]*href="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#38;', '&') ?? '';
  return new URL(href).searchParams.get('code') ?? '';
}

const exchange = (simulator: Simulator, body: unknown) => post(simulator, body, { path: '/v1/auth/keys' });

describe('login in the browser', () => {
  it('shows a button that leads to the callback with a code, its own query kept', async () => {
    const page = await (await openPage(await simulate(), { ...pkce, key_label: 'orcc <b>' })).text();
    const href = /href="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#38;', '&') ?? '';
    expect(new URL(href).searchParams.get('keep')).toBe('1');
    expect(new URL(href).searchParams.get('code')).toMatch(/^auth_code_/);
    expect(page).not.toContain('<b>');
  });

  it('goes to the callback at once with autoApprove', async () => {
    const response = await openPage(await simulate({ autoApprove: true }), pkce);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toContain('http://127.0.0.1:45678/cb-x?keep=1&code=auth_code_');
  });

  it('gives a key that works for the code and its verifier, once', async () => {
    const simulator = await simulate();
    const body = { code: await approve(simulator), code_verifier: verifier, code_challenge_method: 'S256' };
    const { status, json } = await exchange(simulator, body);
    expect(status).toBe(200);
    expect(json.key).toMatch(/^sk-or-v1-[0-9a-f]{64}$/);
    expect((await post(simulator, request(), { key: json.key })).status).toBe(200);
    expect((await exchange(simulator, body)).status).toBe(403);
  });

  it('shows the code to paste where there is no callback', async () => {
    const simulator = await simulate();
    const page = await (await openPage(simulator, { code_challenge: challenge, code_challenge_method: 'S256' })).text();
    const code = /<pre id="code">([^<]+)</.exec(page)?.[1];
    expect((await exchange(simulator, { code, code_verifier: verifier, code_challenge_method: 'S256' })).status).toBe(200);
  });

  it('gives each login another key', async () => {
    const simulator = await simulate();
    const keys = [];
    for (let turn = 0; turn < 2; turn += 1)
      keys.push((await exchange(simulator, { code: await approve(simulator), code_verifier: verifier })).json.key);
    expect(new Set(keys).size).toBe(2);
  });

  it('refuses a wrong verifier and leaves the code usable', async () => {
    const simulator = await simulate();
    const code = await approve(simulator);
    expect((await exchange(simulator, { code, code_verifier: 'x'.repeat(43) })).status).toBe(403);
    expect((await exchange(simulator, { code })).status).toBe(403);
    expect((await exchange(simulator, { code, code_verifier: verifier })).status).toBe(200);
  });

  it('refuses a code after ten minutes', async () => {
    let now = 1_790_000_000_000;
    const simulator = await simulate({ now: () => now });
    const code = await approve(simulator);
    now += 600_001;
    const { status, json } = await exchange(simulator, { code, code_verifier: verifier });
    expect([status, json.error.message]).toEqual([403, 'Authorization code expired']);
  });

  it.each([
    [{ code: 'auth_code_none', code_verifier: verifier }, 403],
    [{ code_verifier: verifier }, 400],
    [{ code: 'x', code_challenge_method: 'S512' }, 400],
  ])('refuses the exchange of %j', async (body, status) => {
    expect((await exchange(await simulate(), body)).status).toBe(status);
  });

  it('refuses another method than POST for the exchange', async () => {
    expect((await get(await simulate(), '/v1/auth/keys')).status).toBe(405);
  });

  it.each([
    { callback_url: 'http://example.com/cb', code_challenge: challenge },
    { callback_url: 'ftp://127.0.0.1/x', code_challenge: challenge },
    { callback_url: 'no url', code_challenge: challenge },
    { callback_url: callback, code_challenge: challenge, code_challenge_method: 'MD5' },
    {},
  ])('has a page of refusal for %j', async (query) => {
    expect((await openPage(await simulate(), query)).status).toBe(400);
  });

  it('takes https callbacks and localhost at any port', async () => {
    const simulator = await simulate();
    for (const url of ['https://example.com/cb', 'http://localhost:1/cb']) {
      expect((await openPage(simulator, { ...pkce, callback_url: url })).status).toBe(200);
    }
  });
});
