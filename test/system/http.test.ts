import { createServer as createTcpServer } from 'node:net';
import { createGzip, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';

import type { HttpResponse } from '../../src/core/context.ts';
import { Cancelled } from '../../src/core/errors.ts';
import { NetworkError } from '../../src/core/network-error.ts';
import { readText } from '../../src/openrouter/read.ts';
import { createHttp, type SystemHttp } from '../../src/system/http.ts';
import { listen, serve, serveProxy, serveRaw, type TestServer } from '../support/http-servers.ts';

const KEY = `sk-or-v1-${'ab12'.repeat(16)}`;
const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanup.splice(0)) await end();
});

function http(env: Record<string, string> = {}): SystemHttp {
  const made = createHttp(env);
  cleanup.push(() => made.close());
  return made;
}

async function server(...args: Parameters<typeof serve>): Promise<TestServer> {
  const made = await serve(...args);
  cleanup.unshift(() => made.close());
  return made;
}

async function rawServer(...args: Parameters<typeof serveRaw>): Promise<TestServer> {
  const made = await serveRaw(...args);
  cleanup.unshift(() => made.close());
  return made;
}

const url = (port: number, path = '/'): string => `http://127.0.0.1:${port}${path}`;
const get = (
  port: number,
  options: { path?: string; firstByteMs?: number; idleMs?: number; connectMs?: number; signal?: AbortSignal } = {},
) => {
  const { path, ...rest } = options;
  return { method: 'GET' as const, url: url(port, path), headers: { authorization: `Bearer ${KEY}` }, ...rest };
};
const readAll = (response: HttpResponse, maxBytes = 1_000_000, maxMs = 5000): Promise<string> =>
  readText(response, { host: 'test', maxBytes, maxMs });

async function failure(promise: Promise<unknown>): Promise<NetworkError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof NetworkError) {
      expect(error.message).not.toContain(KEY);
      expect(error.message).not.toMatch(/[\x00-\x1f]/);
      expect(error.exit).toBe('network');
      return error;
    }
    throw error;
  }
  throw new Error('it did not fail');
}

describe('the network port', () => {
  it('gives status, lower-case headers and the body as it arrives', async () => {
    const { port, requests } = await server((_request, response) => {
      response.writeHead(201, { 'X-Generation-Id': 'gen-1', 'Set-Cookie': ['a=1', 'b=2'] });
      response.write('one ');
      setTimeout(() => response.end('two'), 30);
    });
    const response = await http().request(get(port));
    expect(response.status).toBe(201);
    expect(response.headers).toMatchObject({ 'x-generation-id': 'gen-1', 'set-cookie': 'a=1, b=2' });
    expect(await readAll(response)).toBe('one two');
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('sends the body of a POST', async () => {
    const { port } = await server((request, response) => {
      request.pipe(response);
    });
    const response = await http().request({
      method: 'POST',
      url: url(port),
      headers: { 'content-type': 'application/json' },
      body: '{"ü":1}',
    });
    expect(await readAll(response)).toBe('{"ü":1}');
  });

  it('uses a connection again', async () => {
    const ports = new Set<number | undefined>();
    const { port } = await server((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    const client = http();
    for (let i = 0; i < 3; i++) await readAll(await client.request(get(port)));
    expect(ports.size).toBe(1);
  });

  it('gives a 304 and error statuses as they are', async () => {
    const { port } = await server((request, response) => {
      response.writeHead(Number(request.url?.slice(1))).end();
    });
    for (const status of [304, 402, 404, 529]) {
      const response = await http().request(get(port, { path: `/${status}` }));
      expect(response.status).toBe(status);
      await response.cancel();
    }
  });

  it.each(['gzip', 'deflate', 'br'])('unpacks %s', async (encoding) => {
    const zlib = await import('node:zlib');
    const pack = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync }[encoding];
    const { port } = await server((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(pack?.(Buffer.from('text '.repeat(1000))));
    });
    expect(await readAll(await http().request(get(port)))).toBe('text '.repeat(1000));
  });
});

describe('failures to connect', () => {
  it('says refused for a closed port', async () => {
    const closed = await serve(() => undefined);
    await closed.close();
    const error = await failure(http().request(get(closed.port)));
    expect(error).toMatchObject({ kind: 'refused', code: 'UNREACHABLE' });
    expect(error.message).toContain(`127.0.0.1:${closed.port}`);
  });

  it('says DNS for a name that does not exist', async () => {
    const error = await failure(http().request({ method: 'GET', url: 'https://no-such-host.invalid/', headers: {} }));
    expect(error).toMatchObject({ kind: 'dns', code: 'DNS' });
  });

  it('says TLS where the port speaks none', async () => {
    const { port } = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const error = await failure(http().request({ method: 'GET', url: `https://127.0.0.1:${port}/`, headers: {} }));
    expect(error).toMatchObject({ kind: 'tls', code: 'TLS' });
  });

  it('ends a TLS handshake that never answers at the connect limit', async () => {
    const { port } = await rawServer(() => undefined);
    const started = performance.now();
    const error = await failure(http().request({ method: 'GET', url: `https://127.0.0.1:${port}/`, headers: {}, connectMs: 150 }));
    expect(error).toMatchObject({ kind: 'timeout-connect', code: 'TIMEOUT' });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('leaves the other calls alone when one never connects', async () => {
    const silent = await rawServer(() => undefined);
    const { port } = await server((_request, response) => {
      response.write('a');
      setTimeout(() => response.end('b'), 300);
    });
    const client = http();
    const slow = client.request(get(port)).then((response) => readAll(response));
    await failure(client.request({ method: 'GET', url: `https://127.0.0.1:${silent.port}/`, headers: {}, connectMs: 100 }));
    expect(await slow).toBe('ab');
  });
});

describe('time limits', () => {
  it('ends a wait for the first byte', async () => {
    const { port } = await server(() => undefined);
    const error = await failure(http().request(get(port, { firstByteMs: 120 })));
    expect(error).toMatchObject({ kind: 'timeout-first-byte', code: 'TIMEOUT', transient: true });
  });

  it('ends an answer that stalls', async () => {
    const { port } = await server((_request, response) => {
      response.write('begin');
    });
    const error = await failure(
      http()
        .request(get(port, { idleMs: 120 }))
        .then((response) => readAll(response)),
    );
    expect(error).toMatchObject({ kind: 'timeout-idle', code: 'TIMEOUT' });
  });

  it('lets a steady answer run longer than the idle limit', async () => {
    const { port } = await server((_request, response) => {
      let left = 8;
      const timer = setInterval(() => {
        response.write('.');
        if (--left === 0) {
          clearInterval(timer);
          response.end();
        }
      }, 50);
    });
    expect(
      await http()
        .request(get(port, { idleMs: 200 }))
        .then((response) => readAll(response)),
    ).toBe('........');
  });

  it('does not blame the server for a reader that takes its time', async () => {
    const { port } = await server((_request, response) => {
      response.write('one');
      response.end('two');
    });
    const response = await http().request(get(port, { idleMs: 80 }));
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await readAll(response)).toBe('onetwo');
  });

  it('ends a drip of single bytes by the limit for the whole', async () => {
    const { port } = await server((_request, response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const error = await failure(
      http()
        .request(get(port))
        .then((response) => readAll(response, 1_000_000, 200)),
    );
    expect(error).toMatchObject({ kind: 'timeout-total', code: 'TIMEOUT' });
  });
});

describe('cancelling', () => {
  it('ends a waiting call at once', async () => {
    const { port } = await server(() => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(http().request(get(port, { signal: controller.signal }))).rejects.toBeInstanceOf(Cancelled);
  });

  it('ends the reading of an answer with the reason of the signal', async () => {
    const { port } = await server((_request, response) => {
      response.write('begin');
    });
    const controller = new AbortController();
    const response = await http().request(get(port, { signal: controller.signal }));
    setTimeout(() => controller.abort(new Cancelled('terminated')), 50);
    await expect(readAll(response)).rejects.toMatchObject({ exit: 'terminated' });
  });

  it('does not start a call whose signal is already aborted', async () => {
    const { port, requests } = await server((_request, response) => response.end());
    await expect(http().request(get(port, { signal: AbortSignal.abort() }))).rejects.toBeInstanceOf(Cancelled);
    expect(requests).toHaveLength(0);
  });

  it('closes the connection of an answer that is not read to its end', async () => {
    let closed = false;
    const { port } = await server((_request, response) => {
      response.on('close', () => (closed = true));
      response.write('begin');
    });
    const response = await http().request(get(port));
    for await (const chunk of response.body) {
      expect(Buffer.from(chunk).toString()).toBe('begin');
      break;
    }
    await expect.poll(() => closed).toBe(true);
  });
});

describe('hostile answers', () => {
  it('never follows a redirect, so that the key stays where it was sent', async () => {
    const thief = await server((_request, response) => response.end('thanks'));
    const { port } = await server((_request, response) => {
      response.writeHead(307, { location: `http://localhost:${thief.port}/v1/key?x=${KEY}` }).end();
    });
    const error = await failure(http().request(get(port)));
    expect(error).toMatchObject({ kind: 'redirect', code: 'NOT_OPENROUTER', details: { location: `http://localhost:${thief.port}` } });
    expect(thief.requests).toHaveLength(0);
  });

  it.each([301, 302, 303, 308])('takes a %i to the same host as an error too', async (status) => {
    const { port, requests } = await server((_request, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await failure(http().request(get(port)))).toMatchObject({ kind: 'redirect' });
    expect(requests).toHaveLength(1);
  });

  it('stops at the size limit of a 100 MB body', async () => {
    let sent = 0;
    const block = Buffer.alloc(1 << 16, 'x');
    const { port } = await server((_request, response) => {
      const pump = (): void => {
        while (sent < 100_000_000 && !response.destroyed) {
          sent += block.length;
          if (!response.write(block)) {
            response.once('drain', pump);
            return;
          }
        }
      };
      pump();
    });
    expect(
      await failure(
        http()
          .request(get(port))
          .then((response) => readAll(response, 1_000_000)),
      ),
    ).toMatchObject({ kind: 'too-big' });
    expect(sent).toBeLessThan(20_000_000);
  });

  it('stops at the size limit of a gzip bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    const { port } = await server((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const before = process.memoryUsage().arrayBuffers;
    expect(
      await failure(
        http()
          .request(get(port))
          .then((response) => readAll(response, 1_000_000)),
      ),
    ).toMatchObject({ kind: 'too-big' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000);
  });

  it('stops at the size limit of an endless packed stream', async () => {
    const { port } = await server((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const pack = createGzip();
      pack.pipe(response);
      const timer = setInterval(() => !pack.writableNeedDrain && pack.write(Buffer.alloc(1 << 20)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(
      await failure(
        http()
          .request(get(port))
          .then((response) => readAll(response, 2_000_000, 20_000)),
      ),
    ).toMatchObject({ kind: 'too-big' });
  });

  it('refuses a pile of compression layers and unknown ones', async () => {
    const { port } = await server((request, response) => {
      response.writeHead(200, { 'content-encoding': request.url === '/pile' ? 'gzip, gzip, gzip' : 'zstd-ü'.slice(0, 4) }).end('x');
    });
    expect(await failure(http().request(get(port, { path: '/pile' })))).toMatchObject({ kind: 'encoding' });
    expect(await failure(http().request(get(port, { path: '/other' })))).toMatchObject({ kind: 'encoding' });
  });

  it('says so where the packed bytes are garbage', async () => {
    const { port } = await server((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is not gzip at all');
    });
    expect(
      await failure(
        http()
          .request(get(port))
          .then((response) => readAll(response)),
      ),
    ).toMatchObject({ kind: 'encoding' });
  });

  it('refuses a bomb of headers', async () => {
    const { port } = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write(`x-filler: ${'y'.repeat(8000)}\r\n`), 1);
      socket.on('close', () => clearInterval(timer));
      socket.on('error', () => clearInterval(timer));
    });
    expect(await failure(http().request(get(port)))).toMatchObject({ kind: 'header-too-big', code: 'NOT_OPENROUTER' });
  });

  it('says so where the answer is not HTTP', async () => {
    const { port } = await rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await failure(http().request(get(port)))).toMatchObject({ kind: 'not-http' });
  });

  it('says the connection broke where fewer bytes come than were promised', async () => {
    const { port } = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data"'));
    expect(
      await failure(
        http()
          .request(get(port))
          .then((response) => readAll(response)),
      ),
    ).toMatchObject({ kind: 'reset', code: 'CONNECTION_LOST' });
  });

  it('reads only what was promised where more bytes come', async () => {
    const { port } = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}garbage after it'));
    expect(await readAll(await http().request(get(port)))).toBe('{}');
  });

  it('says the connection broke where it is cut without a word', async () => {
    const { port } = await rawServer((socket) => socket.destroy());
    expect(await failure(http().request(get(port)))).toMatchObject({ kind: 'reset' });
  });

  it('survives bytes that are no UTF-8', async () => {
    const { port } = await server((_request, response) => {
      response.end(Buffer.from([0x7b, 0xff, 0xfe, 0xc3, 0x28, 0x7d]));
    });
    expect(await readAll(await http().request(get(port)))).toContain('\ufffd');
  });
});

describe('proxies', () => {
  const proxied = async (options: Parameters<typeof serveProxy>[0] = {}) => {
    const made = await serveProxy(options);
    cleanup.unshift(() => made.close());
    return made;
  };
  /** No name of the outside: the test's proxy leads every name to this machine. */
  const outside = (port: number): string => `http://outside.invalid:${port}/`;

  it('goes through HTTPS_PROXY with the user and password of its URL', async () => {
    const { port } = await server((_request, response) => response.end('through'));
    const proxy = await proxied();
    const client = http({ HTTP_PROXY: `http://us%40er:p%25ss@127.0.0.1:${proxy.port}` });
    expect(await readAll(await client.request({ method: 'GET', url: outside(port), headers: {} }))).toBe('through');
    expect(proxy.connects).toEqual([
      { target: `outside.invalid:${port}`, authorization: `Basic ${Buffer.from('us@er:p%ss').toString('base64')}` },
    ]);
  });

  it('never sends a loopback address through a proxy', async () => {
    const { port } = await server((_request, response) => response.end('direct'));
    const client = http({ HTTP_PROXY: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' });
    expect(await readAll(await client.request(get(port)))).toBe('direct');
    expect(client.proxyFor(url(port))).toBeUndefined();
  });

  it('names the proxy that wants a password, and not the password', async () => {
    const proxy = await proxied({ refuse: () => 407 });
    const client = http({ HTTPS_PROXY: `http://anna:s3cret@127.0.0.1:${proxy.port}` });
    const error = await failure(client.request({ method: 'GET', url: 'https://openrouter.invalid/', headers: {} }));
    expect(error).toMatchObject({ kind: 'proxy', code: 'PROXY', details: { status: 407, proxy: `http://127.0.0.1:${proxy.port}` } });
    expect(`${error.message} ${JSON.stringify(error.data)}`).not.toMatch(/anna|s3cret/);
  });

  it.each([403, 502, 503])('names the proxy that answers CONNECT with %i', async (status) => {
    const proxy = await proxied({ refuse: () => status });
    const client = http({ HTTPS_PROXY: `127.0.0.1:${proxy.port}` });
    const error = await failure(client.request({ method: 'GET', url: 'https://openrouter.invalid/', headers: {} }));
    expect(error).toMatchObject({ kind: 'proxy', details: { status } });
    expect(error.message).toContain(`http://127.0.0.1:${proxy.port}`);
  });

  it('names a proxy that is not there', async () => {
    const closed = await serve(() => undefined);
    await closed.close();
    const client = http({ HTTPS_PROXY: `http://127.0.0.1:${closed.port}` });
    const error = await failure(client.request({ method: 'GET', url: 'https://openrouter.invalid/', headers: {} }));
    expect(error).toMatchObject({ kind: 'proxy', code: 'PROXY' });
    expect(error.message).toContain(`http://127.0.0.1:${closed.port}`);
  });

  it('names a proxy that closes in place of an answer, without asking it over and over', async () => {
    const proxy = await proxied({ closes: true });
    const address = `http://127.0.0.1:${proxy.port}`;
    const client = http({ HTTPS_PROXY: address, HTTP_PROXY: address });
    for (const url of ['https://openrouter.invalid/', 'http://openrouter.invalid/']) {
      const error = await failure(client.request({ method: 'GET', url, headers: {} }));
      expect(error).toMatchObject({ kind: 'proxy', code: 'PROXY' });
    }
    expect(proxy.connects.length).toBe(2);
  });

  it.each(['at once', 'after the request'])('ends with a server that closes each connection %s', async (when) => {
    let connections = 0;
    const made = await listen(
      createTcpServer((socket) => {
        connections += 1;
        if (when === 'at once') socket.end();
        else socket.once('data', () => socket.end());
      }),
    );
    cleanup.unshift(() => made.close());
    expect(await failure(http().request(get(made.port)))).toMatchObject({ kind: 'reset', code: 'CONNECTION_LOST' });
    expect(connections).toBeLessThan(4);
  });

  it('ends a proxy that says nothing at the connect limit', async () => {
    const proxy = await proxied({ silent: true });
    const client = http({ HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    const error = await failure(client.request({ method: 'GET', url: 'https://openrouter.invalid/', headers: {}, connectMs: 150 }));
    expect(error).toMatchObject({ kind: 'timeout-connect', details: { proxy: `http://127.0.0.1:${proxy.port}` } });
  });

  it.each(['http://[bad', 'socks5://anna:s3cret@127.0.0.1:1', 'ftp://127.0.0.1'])('says so where the variable holds %s', async (value) => {
    const client = http({ HTTPS_PROXY: value });
    expect(await failure(client.request({ method: 'GET', url: 'https://openrouter.invalid/', headers: {} }))).toMatchObject({
      kind: 'proxy',
    });
  });
});
