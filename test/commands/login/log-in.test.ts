import { createHash } from 'node:crypto';
import { request as rawRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { logIn } from '../../../src/commands/login/log-in.ts';
import { PAGES } from '../../../src/commands/login/wait-for-key.ts';
import { serve } from '../../support/http-servers.ts';
import { authorize, makeStage, readCallback, type LoginStage, type StageOptions } from '../../login/support.ts';
import { admitted } from '../../support/keyed.ts';
import { useSimulator } from '../../support/use.ts';

let now = 1_790_000_000_000;
const simulator = await useSimulator({ now: () => now });

const SCREEN: StageOptions = { env: { DISPLAY: ':0' }, programs: ['xdg-open'] };
const start = (stage: LoginStage, more: Partial<Parameters<typeof logIn>[1]> = {}): Promise<string> =>
  logIn(stage, { url: admitted(simulator.baseUrl), browser: true, timeoutMs: 5000, say: stage.say, ...more });

/** A stage whose browser is handed to the test. */
function withBrowser(options: StageOptions = {}): { readonly stage: LoginStage; readonly opened: Promise<string> } {
  let tell: (address: string) => void = () => undefined;
  const opened = new Promise<string>((resolve) => (tell = resolve));
  return { stage: makeStage({ ...SCREEN, ...options, onOpen: tell }), opened };
}

/** A request with headers that fetch would not send. */
function raw(url: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    rawRequest(url, { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('a login through the browser', () => {
  it('gives a key that works, and a page that says so', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage);
    const page = await authorize(await opened);
    const key = await login;
    expect(key).toMatch(/^sk-or-v1-[0-9a-f]{64}$/);
    const asked = await fetch(`${simulator.baseUrl}/v1/key`, { headers: { authorization: `Bearer ${key}` } });
    expect(asked.status).toBe(200);
    expect(page.status).toBe(200);
    expect(page.text).toContain(PAGES.done.text);
    expect(page.text).not.toContain(key);
  });

  it('shows the browser a challenge, and sends the verifier to OpenRouter alone', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage);
    const address = new URL(await opened);
    await authorize(address.href);
    await login;
    const exchange = simulator.requests.findLast((request) => request.path === '/api/v1/auth/keys');
    const verifier = (exchange?.body as { code_verifier: string }).code_verifier;
    expect(verifier).toMatch(/^[\w-]{43}$/);
    expect(address.searchParams.get('code_challenge')).toBe(createHash('sha256').update(verifier).digest('base64url'));
    expect(address.searchParams.get('code_challenge_method')).toBe('S256');
    expect(JSON.stringify(stage.started) + stage.written()).not.toContain(verifier);
    expect(exchange?.headers['authorization']).toBeUndefined();
  });

  it('leads back to another port and path each time', async () => {
    const callbacks: string[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const { stage, opened } = withBrowser();
      const login = start(stage);
      const { callback } = await authorize(await opened);
      callbacks.push(new URL(callback).pathname);
      expect(callback).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/orcc-[\w-]{24}\?/);
      await login;
    }
    expect(new Set(callbacks).size).toBe(2);
  });

  it('prints the address for whoever has no browser that orcc can open', async () => {
    const stage = makeStage();
    const login = start(stage);
    await until(() => stage.written().includes('http'));
    const address = /http\S+/.exec(stage.written())?.[0] ?? '';
    await authorize(address);
    await login;
    expect(stage.started).toEqual([]);
  });

  it('takes the first of two tabs, and tells the second one', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage);
    const address = await opened;
    const [first, second] = [await readCallback(address), await readCallback(address)];
    const pages = await Promise.all([fetch(first), fetch(second)]);
    const texts = await Promise.all(pages.map((page) => page.text()));
    await login;
    expect(pages.map((page) => page.status)).toEqual([200, 200]);
    expect([PAGES.done, PAGES.already].map(({ text }) => texts.filter((each) => each.includes(text)).length)).toEqual([1, 1]);
  });

  it('tells a tab that comes late, and exchanges no second code', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage);
    const address = await opened;
    const late = await readCallback(address);
    await authorize(address);
    await login;
    const asked = simulator.requests.filter((request) => request.path === '/api/v1/auth/keys').length;
    expect(await (await fetch(late)).text()).toContain(PAGES.already.text);
    expect(simulator.requests.filter((request) => request.path === '/api/v1/auth/keys')).toHaveLength(asked);
  });

  it('survives a reload of the last page', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage);
    const callback = await readCallback(await opened);
    const pages = await Promise.all([fetch(callback), fetch(callback)]);
    await expect(login).resolves.toMatch(/^sk-or-/);
    expect(pages.map((page) => page.status)).toEqual([200, 200]);
  });

  it('answers strangers with a page that says nothing, and goes on waiting', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage);
    const address = await opened;
    const callback = new URL(new URL(address).searchParams.get('callback_url') ?? '');
    const code = new URL(await readCallback(address)).searchParams.get('code') ?? '';
    const port = callback.port;
    expect((await fetch(`http://127.0.0.1:${port}/?code=stolen`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/favicon.ico`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}${callback.pathname}/../x?code=${code}`)).status).toBe(404);
    expect(await raw(`${callback.href}?code=${code}`, { host: `evil.example:${port}` })).toBe(404);
    expect(await raw(`${callback.href}?code=${code}`, { host: `localhost:${port}` })).toBe(404);
    expect(await raw(`${callback.href}?code=${code}`, {}, 'POST')).toBe(405);
    expect((await fetch(callback)).status).toBe(400);
    expect((await fetch(`${callback.href}?code=a&code=b`)).status).toBe(400);
    expect((await fetch(`${callback.href}?code=${'x'.repeat(2000)}`)).status).toBe(400);
    const before = simulator.requests.filter((request) => request.path === '/api/v1/auth/keys').length;
    expect((await fetch(`${callback.href}?code=${code}`)).status).toBe(200);
    await expect(login).resolves.toMatch(/^sk-or-/);
    expect(simulator.requests.filter((request) => request.path === '/api/v1/auth/keys').length - before).toBe(1);
  });

  it('lets no other site frame the page, and keeps it out of caches', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage);
    const page = await fetch(await readCallback(await opened));
    await login;
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('goes on after a wrong code, and gives up after the third', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage);
    const address = await opened;
    const callback = new URL(address).searchParams.get('callback_url') ?? '';
    const wrong = await fetch(`${callback}?code=auth_code_wrong`);
    expect(wrong.status).toBe(403);
    expect(await wrong.text()).toContain(PAGES.refused.text);
    expect(stage.written()).toContain('error: ');
    expect((await authorize(address)).status).toBe(200);
    await expect(login).resolves.toMatch(/^sk-or-/);

    const again = withBrowser();
    const failing = start(again.stage);
    const other = new URL(await again.opened).searchParams.get('callback_url') ?? '';
    const refused = expect(failing).rejects.toMatchObject({ exit: 'key', code: 'LOGIN_REFUSED' });
    for (let turn = 0; turn < 3; turn += 1) expect((await fetch(`${other}?code=auth_code_wrong`)).status).toBe(403);
    await refused;
  });

  it('says that a code is too old', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage, { timeoutMs: 300 });
    const end = expect(login).rejects.toMatchObject({ exit: 'network', code: 'LOGIN_TIMEOUT' });
    const callback = await readCallback(await opened);
    now += 600_001;
    expect((await fetch(callback)).status).toBe(403);
    expect(stage.written()).toContain('expired');
    await end;
  });

  it('ends at the time limit', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage, { timeoutMs: 50 });
    const end = expect(login).rejects.toMatchObject({ exit: 'network', code: 'LOGIN_TIMEOUT' });
    const callback = new URL(await opened).searchParams.get('callback_url') ?? '';
    await end;
    await expect(fetch(callback)).rejects.toThrow();
  });

  it('ends with Ctrl-C', async () => {
    const stop = new AbortController();
    const { stage, opened } = withBrowser({ signal: stop.signal });
    const login = start(stage);
    const end = expect(login).rejects.toMatchObject({ exit: 'cancelled' });
    const callback = new URL(await opened).searchParams.get('callback_url') ?? '';
    stop.abort();
    await end;
    await expect(fetch(callback)).rejects.toThrow();
  });

  it('ends where the user says no', async () => {
    const { stage, opened } = withBrowser();
    const login = start(stage);
    const end = expect(login).rejects.toMatchObject({ exit: 'key', code: 'LOGIN_REFUSED' });
    const callback = new URL(await opened).searchParams.get('callback_url') ?? '';
    const page = await fetch(`${callback}?error=access_denied%1b[2J`);
    expect(await page.text()).toContain(PAGES.denied.text);
    await end;
    expect(stage.written()).not.toContain('\x1b');
  });

  it('stops at an answer without a key, and at a server that broke', async () => {
    for (const [status, body, exit] of [
      [200, '{"user_id":"x"}', 'network'],
      [500, '{"error":{"code":500,"message":"oops"}}', 'network'],
      [200, '{"key":"sk-or-v1-\\u0000"}', 'network'],
    ] as const) {
      let calls = 0;
      const server = await serve((_request, response) => {
        calls += 1;
        // The first call is the question whether there is a login at all.
        response.writeHead(calls === 1 ? 400 : status, { 'content-type': 'application/json' });
        response.end(calls === 1 ? '{"error":{"code":400,"message":"code is required"}}' : body);
      });
      const { stage, opened } = withBrowser();
      const end = expect(start(stage, { url: admitted(`http://127.0.0.1:${server.port}/api`) })).rejects.toMatchObject({ exit });
      const callback = new URL(await opened).searchParams.get('callback_url') ?? '';
      expect((await fetch(`${callback}?code=abc`)).status).toBe(502);
      await end;
      await server.close();
    }
  });
});

describe('where to log in', () => {
  it.each([
    ['a gateway without the page', 404, 'application/json', '{"error":"nope"}'],
    ['a web site', 200, 'text/html', '<!doctype html><html></html>'],
    ['a gateway that wants a key for everything', 401, 'application/json', '{"error":{"message":"key"}}'],
  ])('%s is told apart before a browser opens', async (_name, status, type, body) => {
    const server = await serve((_request, response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
    const stage = makeStage(SCREEN);
    await expect(start(stage, { url: admitted(`http://127.0.0.1:${server.port}/api`) })).rejects.toMatchObject({
      exit: 'usage',
      code: 'NO_LOGIN',
    });
    expect(stage.started).toEqual([]);
    await server.close();
  });

  it('a gateway that is not there is exit 5, before a browser opens', async () => {
    const stage = makeStage(SCREEN);
    await expect(start(stage, { url: admitted('http://127.0.0.1:9/api') })).rejects.toMatchObject({ exit: 'network' });
    expect(stage.started).toEqual([]);
  });

  it('is nowhere in CI', async () => {
    await expect(start(makeStage({ ...SCREEN, env: { CI: 'true', DISPLAY: ':0' } }))).rejects.toMatchObject({ exit: 'usage' });
  });
});

describe('a login by a pasted code', () => {
  /** Opens the printed address and gives the code that the page shows. */
  const readCode = async (text: string): Promise<string> => {
    const address = /http\S+/.exec(text)?.[0] ?? '';
    expect(new URL(address).searchParams.has('callback_url')).toBe(false);
    return /<pre id="code">([^<]+)</.exec(await (await fetch(address)).text())?.[1] ?? '';
  };
  const paste = (stage: LoginStage, codes: readonly (() => Promise<string>)[]): LoginStage => {
    const left = [...codes];
    return { ...stage, interactive: true, ask: { ...stage.ask, input: async () => (left.shift() ?? (() => Promise.resolve('none')))() } };
  };

  it('opens no port and no browser', async () => {
    const stage = makeStage(SCREEN);
    const key = await start(paste({ ...stage, listen: () => Promise.reject(new Error('no port')) }, [() => readCode(stage.written())]), {
      browser: false,
    });
    expect(key).toMatch(/^sk-or-v1-/);
    expect(stage.started).toEqual([]);
  });

  it('is what a server without a screen gets by itself', async () => {
    const stage = makeStage();
    await expect(start(paste(stage, [() => readCode(stage.written())]))).resolves.toMatch(/^sk-or-/);
  });

  it('asks again after a wrong code, three times in all', async () => {
    const stage = makeStage();
    const wrong = (): Promise<string> => Promise.resolve('auth_code_wrong');
    await expect(start(paste(stage, [wrong, () => readCode(stage.written())]), { browser: false })).resolves.toMatch(/^sk-or-/);
    await expect(start(paste(makeStage(), [wrong, wrong, wrong, wrong]), { browser: false })).rejects.toMatchObject({
      exit: 'key',
      code: 'LOGIN_REFUSED',
    });
  });

  it('needs a terminal', async () => {
    await expect(start(makeStage(SCREEN), { browser: false })).rejects.toMatchObject({ exit: 'usage' });
  });
});

async function until(look: () => boolean): Promise<void> {
  const limit = Date.now() + 25_000;
  while (!look()) {
    if (Date.now() > limit) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
