import { createServer, request, type Server } from 'node:http';
import { once } from 'node:events';
import { writeFileSync, chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBox, type Box } from '../support/box.ts';
import { startPty, type Pty } from '../support/pty.ts';
import { useSimulator } from '../support/use-simulator.ts';

const simulator = await useSimulator();
let box: Box;
let pty: Pty | undefined;
let slow: Server | undefined;
beforeEach(() => {
  box = createBox();
});
afterEach(async () => {
  pty?.kill();
  pty = undefined;
  slow?.closeAllConnections();
  slow?.close();
  slow = undefined;
  await box.dispose();
});

const SPINNER = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/;

/** The simulator behind a server that lets everybody wait. */
async function startSlow(ms: number): Promise<string> {
  const { port } = new URL(simulator.baseUrl);
  slow = createServer((asked, answer) => {
    setTimeout(() => {
      const forwarded = request({ port, path: asked.url, method: asked.method, headers: asked.headers }, (got) => {
        answer.writeHead(got.statusCode ?? 500, got.headers);
        got.pipe(answer);
      });
      asked.pipe(forwarded);
    }, ms);
  }).listen(0, '127.0.0.1');
  await once(slow, 'listening');
  const at = slow.address();
  return `http://127.0.0.1:${String(typeof at === 'object' ? at?.port : '')}/api`;
}

async function setUp(baseUrl = simulator.baseUrl): Promise<void> {
  const args = ['init', '--yes', '--key-env', 'MY_KEY', '--base-url', baseUrl, '--preset', 'guide', '--target', 'bash', '--no-test'];
  expect((await box.orcc(args, { env: { MY_KEY: simulator.key } })).code).toBe(0);
}

function start(args: readonly string[], env: Record<string, string> = {}, size: { cols?: number; rows?: number } = {}): Pty {
  pty = startPty(args, { env: { ...box.env, ...env }, cwd: box.cwd, ...size });
  return pty;
}

describe('what takes more than half a second', () => {
  it('is said on a terminal, and gone when it is done', async () => {
    await setUp(await startSlow(900));
    const terminal = start(['usage']);
    expect(await terminal.waitFor(SPINNER)).toMatch(SPINNER);
    expect(await terminal.exit()).toBe(0);
    expect(terminal.screen()).not.toMatch(SPINNER);
  });

  it.each([
    ['in --json', ['usage', '--json'], {}],
    ['in CI', ['usage'], { CI: 'true' }],
  ])('but not %s', async (_where, args, env) => {
    await setUp(await startSlow(900));
    const terminal = start(args, env);
    expect(await terminal.exit()).toBe(0);
    expect(terminal.transcript()).not.toMatch(SPINNER);
  });
});

describe('output that is longer than the screen', () => {
  /** A pager that marks what it shows. */
  function pagerIn(folder: string): string {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'marking-pager');
    writeFileSync(file, '#!/bin/sh\nsed "s/^/PAGED:/"\n');
    chmodSync(file, 0o755);
    return file;
  }

  it('goes through $PAGER on a terminal, and not with --no-pager', async () => {
    const env = { PAGER: pagerIn(box.at('bin')), PATH: process.env['PATH'] ?? '' };
    const terminal = start(['explain'], env, { rows: 20 });
    expect(await terminal.exit()).toBe(0);
    expect(terminal.transcript()).toContain('PAGED:');
    const plain = start(['explain', '--no-pager'], env, { rows: 20 });
    expect(await plain.exit()).toBe(0);
    expect(plain.transcript()).not.toContain('PAGED:');
    expect(plain.transcript()).toContain('NO_TOOLS');
  });

  it('is printed where there is no pager', async () => {
    const terminal = start(['explain'], { PAGER: 'no-such-pager' }, { rows: 20 });
    expect(await terminal.exit()).toBe(0);
    expect(terminal.transcript()).toContain('NO_TOOLS');
  });
});

describe('Ctrl-C', () => {
  it('before anything was written says so', async () => {
    await setUp();
    const terminal = start(['switch', 'haiku=deepseek/deepseek-v4-flash']);
    await terminal.waitFor('Switch?');
    terminal.write('\x03');
    expect(await terminal.exit()).toBe(130);
    expect(terminal.screen()).toContain('nothing was written');
  });
});

describe('a question about what does not come back', () => {
  it.each([
    ['remove', ['remove']],
    ['key forget', ['key', 'forget']],
    ['profile delete', ['profile', 'delete', 'mine']],
  ])('of %s is answered with no by Enter alone', async (_name, args) => {
    await setUp();
    await box.orcc(['profile', 'save', 'mine']);
    const before = box.tree();
    const terminal = start(args);
    await terminal.waitFor('(y/N)');
    terminal.write('\r');
    expect(await terminal.exit()).toBe(130);
    expect(box.tree()).toEqual(before);
  });
});
