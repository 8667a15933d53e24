import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { bundleProgram } from '../support/bundle-program.ts';
import { listen, serve, serveProxy, serveRaw } from '../support/http-servers.ts';

/**
 * The network port in a process of its own: certificates are read at the start
 * of a process, memory is that of a whole process, and it must end by itself.
 */
const folder = mkdtempSync(path.join(tmpdir(), 'orcc-http-'));
const script = path.join(folder, 'child.mjs');
const opened: (() => Promise<void>)[] = [];
const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const root = fileURLToPath(new URL('../..', import.meta.url)).replaceAll('\\', '/');
const CHILD = `
import { readFileSync, writeSync } from 'node:fs';
import { createHttp } from '${root}src/system/http.ts';
import { readText } from '${root}src/openrouter/read.ts';
const [url, connectMs, maxBytes] = process.argv.slice(2);
const started = performance.now();
let result;
try {
  const response = await createHttp(process.env).request({ method: 'GET', url, headers: {}, connectMs: Number(connectMs) });
  result = { text: await readText(response, { host: 'x', maxBytes: Number(maxBytes), maxMs: 15_000 }) };
} catch (error) {
  result = { kind: error.kind, message: error.message };
}
const ms = performance.now() - started;
process.on('exit', () => {
  // On Linux maxRSS holds the peak of whoever started this, too.
  const own = process.platform === 'linux' ? /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1] : process.resourceUsage().maxRSS;
  writeSync(1, JSON.stringify({ ...result, peak: Number(own) / 1024, ms }));
});
`;

interface ChildResult {
  readonly text?: string;
  readonly kind?: string;
  readonly message?: string;
  /** MiB */
  readonly peak: number;
  readonly ms: number;
  /** Milliseconds from the start of the process to its end. */
  readonly whole: number;
}

function ask(url: string, env: Record<string, string> = {}, connectMs = 15_000): Promise<ChildResult> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [script, url, String(connectMs), '1000000'],
      { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 25_000 },
      (error, stdout, stderr) => {
        if (error !== null) reject(new Error(`${error.message}\n${stderr}`));
        else resolve({ ...(JSON.parse(stdout) as ChildResult), whole: performance.now() - started });
      },
    );
  });
}

function makeCertificates(): { key: Buffer; cert: Buffer; authority: string } {
  const at = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=orcc test authority',
  );
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  writeFileSync(at('ext'), 'subjectAltName=DNS:localhost,DNS:router.invalid');
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    'server.pem',
    '-days',
    '2',
    '-extfile',
    'ext',
  );
  return { key: readFileSync(at('server.key')), cert: readFileSync(at('server.pem')), authority: at('ca.pem') };
}

beforeAll(async () => {
  mkdirSync(path.join(folder, 'out'), { recursive: true });
  const source = path.join(folder, 'child.ts');
  writeFileSync(source, CHILD);
  await bundleProgram(source, script);
});
afterAll(async () => {
  for (const close of opened) await close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a process that has called', () => {
  it('ends by itself after an answer', async () => {
    const server = await listen(createHttpServer({ keepAliveTimeout: 60_000 }, (_request, response) => response.end('ok')));
    opened.push(server.close);
    const result = await ask(`http://127.0.0.1:${server.port}/`);
    expect(result.text).toBe('ok');
    expect(result.whole - result.ms).toBeLessThan(15_000);
  });

  it('ends by itself soon after a connection that never came up', async () => {
    const silent = await serveRaw(() => undefined);
    opened.push(() => silent.close());
    const result = await ask(`https://127.0.0.1:${silent.port}/`, {}, 200);
    expect(result.kind).toBe('timeout-connect');
    expect(result.whole - result.ms).toBeLessThan(6000);
  });

  it('ends by itself soon after a proxy that never answered', async () => {
    const silent = await serveProxy({ silent: true });
    opened.push(() => silent.close());
    const result = await ask('https://router.invalid/', { HTTPS_PROXY: `http://127.0.0.1:${silent.port}` }, 200);
    expect(result.kind).toBe('timeout-connect');
    expect(result.whole - result.ms).toBeLessThan(6000);
  });

  // 59 MiB on Node 20; 94 if V8 compiles the parser a second time.
  it('takes little memory to read a long answer in many pieces', async () => {
    const text = 'x'.repeat(500_000);
    const server = await serve((_request, response) => {
      for (let i = 0; i < text.length; i += 50) response.write(text.slice(i, i + 50));
      response.end();
    });
    opened.push(() => server.close());
    const result = await ask(`http://127.0.0.1:${server.port}/`);
    console.info(`pieces: ${Math.round(result.peak)} MiB, ${Math.round(result.ms)} ms`);
    expect(result.text).toHaveLength(text.length);
    expect(result.peak).toBeLessThan(process.versions.node.startsWith('20.') ? 80 : 110);
  });

  // 54 MiB; with what it is sent in memory it would be over 150.
  it('keeps in memory only so much of what it is sent', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    const block = Buffer.alloc(1 << 16, 'x');
    const server = await serve((request, response) => {
      if (request.url === '/bomb') {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
        return;
      }
      const pump = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once('drain', pump);
      };
      pump();
    });
    opened.push(() => server.close());
    for (const what of ['bomb', 'endless']) {
      const result = await ask(`http://127.0.0.1:${server.port}/${what}`);
      console.info(`${what}: ${Math.round(result.peak)} MiB, ${Math.round(result.ms)} ms`);
      expect(result.kind).toBe('too-big');
      expect(result.peak).toBeLessThan(110);
    }
  });
});

describe.skipIf(!hasOpenssl)('TLS (skipped where there is no openssl to make certificates)', () => {
  let authority: string;
  let port: number;
  beforeAll(async () => {
    const made = makeCertificates();
    authority = made.authority;
    const server = await listen(createServer({ key: made.key, cert: made.cert }, (_request, response) => response.end('secure')));
    opened.push(server.close);
    port = server.port;
  });

  it('refuses an authority that nobody named, and says what to set', async () => {
    const result = await ask(`https://localhost:${port}/`);
    expect(result).toMatchObject({ kind: 'tls' });
    expect(result.message).toContain(`localhost:${port}`);
  });

  it('trusts the authority of NODE_EXTRA_CA_CERTS', async () => {
    expect(await ask(`https://localhost:${port}/`, { NODE_EXTRA_CA_CERTS: authority })).toMatchObject({ text: 'secure' });
  });

  it('refuses a certificate for another name', async () => {
    expect(await ask(`https://127.0.0.1:${port}/`, { NODE_EXTRA_CA_CERTS: authority })).toMatchObject({ kind: 'tls' });
  });

  it('goes through a proxy with a password to a server of a private authority', async () => {
    const proxy = await serveProxy({
      refuse: (_target, authorization) => (authorization === `Basic ${btoa('anna:s3cret')}` ? undefined : 407),
    });
    opened.push(() => proxy.close());
    const env = { NODE_EXTRA_CA_CERTS: authority, HTTPS_PROXY: `http://anna:s3cret@127.0.0.1:${proxy.port}` };
    expect(await ask(`https://router.invalid:${port}/`, env)).toMatchObject({ text: 'secure' });
    expect(proxy.connects).toMatchObject([{ target: `router.invalid:${port}` }]);
    const refused = await ask(`https://router.invalid:${port}/`, { ...env, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
    expect(refused).toMatchObject({ kind: 'proxy' });
    const excepted = await ask(`https://router.invalid:${port}/`, { ...env, NO_PROXY: 'example.com,.invalid' });
    expect(excepted).toMatchObject({ kind: 'dns' });
  });
});
