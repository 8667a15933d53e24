import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Ran, RunInBox } from '../support/box.ts';
import { listen, serveProxy } from '../support/http-servers.ts';
import { CTRL_C } from '../support/scripted-ask.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

/** A port of this machine where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  const { port, close } = await listen(server);
  await close();
  return port;
}

function init(baseUrl: string, options: RunInBox = {}): Promise<Ran> {
  return initIn(box, { ...simulator, baseUrl }, ['--target', 'bash', '--target', 'user'], options);
}

/** Exit 5 in one sentence that names the finding, without the key, and nothing written. */
async function expectNetworkError(run: () => Promise<Ran>, finding: string): Promise<string> {
  const before = box.traces();
  const ran = await run();
  expect(box.traces()).toEqual(before);
  expect(ran.stderr).toContain(`[${finding}]`);
  expect(ran.code).toBe(5);
  expect(ran.stdout).toBe('');
  expect(ran.stderr).not.toContain(simulator.key);
  expect(ran.stderr.split('\n').filter((line) => line.startsWith('error:'))).toHaveLength(1);
  return ran.stderr;
}

describe('a gateway that cannot be reached is exit 5, one sentence, nothing written', () => {
  it('no such name', async () => {
    // A label of 64 letters is refused before any server is asked for it.
    const name = `${'a'.repeat(64)}.invalid`;
    expect(await expectNetworkError(() => init(`https://${name}/api`), 'DNS')).toContain(name);
  });

  it('connection refused', async () => {
    await expectNetworkError(async () => init(`http://127.0.0.1:${await deadPort()}/api`), 'UNREACHABLE');
  });

  it('an answer with a status that no finding knows, which says what to do', async () => {
    const server = await listen(createHttpServer((_request, response) => response.writeHead(204).end()));
    const before = box.traces();
    const ran = await init(`http://127.0.0.1:${server.port}/api`);
    await server.close();
    expect(box.traces()).toEqual(before);
    expect(ran.code).toBe(5);
    expect(ran.stderr).toMatch(/^error: .*HTTP 204\nhint: .*`orcc status`/m);
  });

  it('no TLS where https was asked for', async () => {
    await expectNetworkError(() => init(simulator.baseUrl.replace('http:', 'https:')), 'TLS');
  });

  it.each([
    ['internal', 'SERVER_ERROR'],
    ['rate-upstream', 'RATE_LIMITED'],
  ])('%s where the key is asked about, for good', async (fault, code) => {
    simulator.setFaults([{ code: fault, path: '/v1/key' }]);
    const hint = /^hint: .+/m.exec(await expectNetworkError(() => init(simulator.baseUrl), code))?.[0];
    simulator.setFaults([{ code: fault, path: '/v1/models' }]);
    const stderr = await expectNetworkError(() => init(simulator.baseUrl), code);
    expect(stderr).toContain(`\n${hint ?? 'no hint'}; \`--no-check\``);
  });

  it('a proxy that is not there, named without its password', async () => {
    const port = await deadPort();
    const stderr = await expectNetworkError(
      () => init('https://gateway.invalid/api', { env: { HTTPS_PROXY: `http://me:hunter2@127.0.0.1:${port}` } }),
      'PROXY',
    );
    expect(stderr).toContain(`127.0.0.1:${port}`);
    expect(stderr).not.toContain('hunter2');
  });

  it('a proxy that refuses', async () => {
    const proxy = await serveProxy({ refuse: () => 403 });
    try {
      await expectNetworkError(
        () => init('https://gateway.invalid/api', { env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } }),
        'PROXY',
      );
      expect(proxy.connects.map((each) => each.target)).toEqual(['gateway.invalid:443']);
    } finally {
      await proxy.close();
    }
  });
});

describe.each(['/v1/key', '/v1/models'])('an answer of %s that is none is exit 5, one sentence, nothing written', (path) => {
  it.each([
    ['html', 'NOT_OPENROUTER'],
    ['garbage', 'NOT_OPENROUTER'],
    ['truncated-json', 'NOT_OPENROUTER'],
    ['no-body', 'NOT_OPENROUTER'],
    ['big-body', 'NOT_OPENROUTER'],
    ['gzip-bomb', 'NOT_OPENROUTER'],
    ['header-bomb', 'NOT_OPENROUTER'],
    ['redirect', 'NOT_OPENROUTER'],
    ['cut', 'CONNECTION_LOST'],
    ['wrong-length', 'CONNECTION_LOST'],
  ])('%s', async (fault, finding) => {
    simulator.setFaults([{ code: fault, path }]);
    await expectNetworkError(() => init(simulator.baseUrl), finding);
  });

  it.each([['first-byte-never'], ['stall'], ['slow-drip']])('%s ends by a time limit of orcc', async (fault) => {
    simulator.setFaults([{ code: fault, path }]);
    // The real limits are 10 to 60 seconds: the same code with a shorter patience.
    const hurry: RunInBox['http'] = (real) => ({
      ...real,
      request: (request) => real.request({ ...request, firstByteMs: 300, idleMs: 300 }),
    });
    await expectNetworkError(() => init(simulator.baseUrl, { http: hurry }), 'TIMEOUT');
  });
});

describe('a key is sent to nobody else', () => {
  it('not after a redirect', async () => {
    simulator.setFaults([{ code: 'redirect', path: '*' }]);
    const before = simulator.requests.length;
    await init(simulator.baseUrl);
    const asked = simulator.requests.slice(before);
    expect(asked).toHaveLength(1);
  });

  it('and another vendor’s token is neither offered nor used', async () => {
    const before = simulator.requests.length;
    box.write('.claude/settings.json', JSON.stringify({ env: { ANTHROPIC_AUTH_TOKEN: 'sk-ant-oat01-0123456789abcdef' } }));
    const ran = await box.orcc(['init', '--base-url', simulator.baseUrl, '--preset', 'guide', '--target', 'bash'], {
      env: {
        ANTHROPIC_AUTH_TOKEN: 'sk-ant-api03-0123456789abcdef',
        ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789abcdef',
        OPENROUTER_API_KEY: 'ghp_0123456789abcdef0123',
      },
      answers: [{ to: /key/i, give: CTRL_C }],
    });
    expect(ran.code).toBe(130);
    expect(ran.questions.flatMap((question) => question.choices.map((choice) => choice.name)).join()).not.toMatch(
      /sk-ant|ghp_|OPENROUTER_API_KEY|settings\.json/,
    );
    const sent = simulator.requests.slice(before).flatMap((request) => Object.values(request.headers).flat().join(' '));
    expect(sent.join(' ')).not.toMatch(/sk-ant|ghp_/);
  });
});
