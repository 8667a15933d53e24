/* eslint-disable @typescript-eslint/no-unsafe-call -- answers are read loosely: the assertion is the check */
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { STREAM_FAULT_IDS } from '../../src/simulator/stream-faults.ts';
import { get, parseEvents, post, request, simulate } from './support.ts';

const MB = 1024 * 1024;

async function ask(simulator: Simulator, body: Record<string, unknown>, signal?: AbortSignal): Promise<Response> {
  return await fetch(`${simulator.baseUrl}/v1/messages?beta=true`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.key}` },
    body: JSON.stringify(request(body)),
    redirect: 'manual',
    ...(signal ? { signal } : {}),
  });
}

const spoiled = async (code: string, path?: string): Promise<Simulator> =>
  await simulate({ faults: [{ code, ...(path === undefined ? {} : { path }) }] });

/** What arrives within `ms`, then the connection is dropped. */
async function listen(simulator: Simulator, ms: number): Promise<string> {
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, ms);
  let text = '';
  try {
    const response = await ask(simulator, { stream: true }, stop.signal);
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString('latin1');
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  return text;
}

/** Bytes read, up to `most`. */
async function drain(response: Response, most: number): Promise<number> {
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size >= most) break;
  }
  return size;
}

describe('answers that come late or never', () => {
  it('slow: comments at once, content later', async () => {
    const text = await listen(await spoiled('slow'), 250);
    expect(text).toContain(': OPENROUTER PROCESSING');
    expect(text).not.toContain('message_start');
  });

  it('first-byte-never: not even headers', async () => {
    const simulator = await spoiled('first-byte-never');
    await expect(ask(simulator, {}, AbortSignal.timeout(200))).rejects.toThrow();
    expect(simulator.requests).toHaveLength(1);
  });

  it('comments-only: the connection lives, nothing else does', async () => {
    const text = await listen(await spoiled('comments-only'), 250);
    expect(text.replaceAll(': OPENROUTER PROCESSING\n\n', '')).toBe('');
    expect(text).not.toBe('');
  });

  it('stall: half of it, then silence', async () => {
    const text = await listen(await spoiled('stall'), 250);
    expect(text).toContain('message_start');
    expect(text).not.toContain('message_stop');
  });

  it('slow-drip: a byte a second', async () => {
    const text = await listen(await spoiled('slow-drip'), 1200);
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThan(4);
  });

  it('closes although someone still waits', async () => {
    const simulator = await spoiled('stall');
    const response = await ask(simulator, { stream: true });
    await simulator.close();
    await expect(response.text()).rejects.toThrow();
  });
});

describe('answers that break', () => {
  it('cut: the connection breaks in the middle', async () => {
    const response = await ask(await spoiled('cut'), { stream: true });
    await expect(response.text()).rejects.toThrow();
  });

  it('ended-early: ends well before message_stop', async () => {
    const text = await (await ask(await spoiled('ended-early'), { stream: true })).text();
    expect(text).toContain('message_start');
    expect(text).not.toContain('message_stop');
  });

  it('midstream-error: an error event after some text, and nothing after it', async () => {
    const events = parseEvents(await (await ask(await spoiled('midstream-error'), { stream: true })).text());
    expect(events.some(({ event }) => event === 'content_block_delta')).toBe(true);
    expect(events.at(-1)).toMatchObject({ event: 'error', data: { error: { type: 'overloaded_error' } } });
  });

  it.each(['malformed', 'truncated-json', 'garbage', 'html', 'no-body'])('%s: no JSON, with and without a stream', async (code) => {
    const simulator = await spoiled(code);
    expect((await post(simulator, request())).json).toBeUndefined();
    const text = await (await ask(simulator, { stream: true })).text();
    expect(() => parseEvents(text).map(({ data }) => data)).toSatisfy((read: () => unknown[]) => {
      try {
        return read().length === 0;
      } catch {
        return true;
      }
    });
  });

  it('wrong-length: fewer bytes than announced', async () => {
    const response = await ask(await spoiled('wrong-length'), {});
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1000);
    await expect(response.text()).rejects.toThrow();
  });

  it('invalid-utf8: bytes that no decoder takes', async () => {
    const bytes = await (await ask(await spoiled('invalid-utf8'), { stream: true })).arrayBuffer();
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
  });
});

describe('answers that are too much', () => {
  it('big-body: 100 MB', async () => {
    expect(await drain(await ask(await spoiled('big-body'), {}), 200 * MB)).toBeGreaterThanOrEqual(100 * MB);
  });

  it('header-bomb: more headers than a client takes', async () => {
    await expect(ask(await spoiled('header-bomb'), {})).rejects.toThrow();
  });

  it('endless-stream: text without an end, and the server stops when the client goes', async () => {
    const simulator = await spoiled('endless-stream');
    expect(await drain(await ask(simulator, { stream: true }), MB)).toBeGreaterThanOrEqual(MB);
    await simulator.close();
  });

  it('gzip-bomb: megabytes without end out of less than two', async () => {
    const simulator = await spoiled('gzip-bomb');
    const onWire = await new Promise<number>((resolve, reject) => {
      const sent = httpRequest(
        `${simulator.baseUrl}/v1/messages`,
        { method: 'POST', headers: { authorization: `Bearer ${simulator.key}` } },
        (response) => {
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
          });
          response.on('end', () => {
            resolve(size);
          });
        },
      );
      sent.on('error', reject);
      sent.end(JSON.stringify(request()));
    });
    expect(onWire).toBeLessThan(2 * MB);
    expect(await drain(await ask(simulator, {}), 64 * MB)).toBeGreaterThanOrEqual(64 * MB);
  });
});

describe('answers that would mislead', () => {
  it('terminal-escapes: in the texts of a stream and the names of models', async () => {
    const simulator = await simulate({ faults: [{ code: 'terminal-escapes' }, { code: 'terminal-escapes', path: '/v1/models' }] });
    const text = JSON.stringify(parseEvents(await (await ask(simulator, { stream: true })).text()));
    expect(text).toContain('\\u001b]0;pwned');
    const { json } = await get(simulator, '/v1/models');
    expect(json.data[0].name).toContain('\u001b[2J');
  });

  it('terminal-escapes-error: in an error message', async () => {
    const { status, json } = await post(await spoiled('terminal-escapes-error'), request());
    expect([status, json.error.message.includes('\u001b')]).toEqual([400, true]);
  });

  it('redirect: to another host, where the log shows whether the key followed', async () => {
    const simulator = await spoiled('redirect');
    const response = await ask(simulator, {});
    const location = new URL(response.headers.get('location') ?? '');
    expect([response.status, location.hostname]).toEqual([307, 'localhost']);
    const followed = await fetch(location.href.replace('localhost', '127.0.0.1'), {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.key}` },
      body: JSON.stringify(request()),
    });
    expect(followed.status).toBe(200);
    expect(simulator.requests.map(({ headers }) => headers['authorization'] !== undefined)).toEqual([true, true]);
  });
});

it('serves every spoiled answer on the catalog too, and lives on', async () => {
  const endless = new Set(['first-byte-never', 'comments-only', 'stall', 'slow', 'slow-drip', 'endless-stream', 'big-body', 'gzip-bomb']);
  const simulator = await simulate();
  for (const code of STREAM_FAULT_IDS.filter((id) => !endless.has(id))) {
    simulator.setFaults([{ code, path: '/v1/models' }]);
    await get(simulator, '/v1/models').catch(() => undefined);
  }
  simulator.setFaults([]);
  expect((await get(simulator, '/v1/models')).status).toBe(200);
});
