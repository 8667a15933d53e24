import { createServer, request, type Server } from 'node:http';
import { once } from 'node:events';
import { writeFileSync, chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startPty, type Pty } from '../support/pty.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();
let pty: Pty | undefined;
let slow: Server | undefined;
afterEach(async () => {
  pty?.kill();
  pty = undefined;
  slow?.closeAllConnections();
  slow?.close();
  slow = undefined;
});

const SPINNER = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/;
/** The spinner, or the line of a test. */
const WAITING = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]|\d s {2}haiku/;

/** Milliseconds for which the server of `startSlow` lets everybody wait. */
let delay = 0;

/** A set-up with the simulator behind a server that lets everybody wait from then on. */
async function setUpSlow(ms: number): Promise<void> {
  delay = 0;
  await setUp(await startSlow());
  delay = ms;
}

async function startSlow(): Promise<string> {
  const { port } = new URL(simulator.baseUrl);
  slow = createServer((asked, answer) => {
    setTimeout(() => {
      const forwarded = request({ port, path: asked.url, method: asked.method, headers: asked.headers }, (got) => {
        answer.writeHead(got.statusCode ?? 500, got.headers);
        got.pipe(answer);
      });
      // Whoever asked may be gone by now.
      forwarded.on('error', () => answer.destroy());
      asked.pipe(forwarded);
    }, delay);
  }).listen(0, '127.0.0.1');
  await once(slow, 'listening');
  const at = slow.address();
  return `http://127.0.0.1:${String(typeof at === 'object' ? at?.port : '')}/api`;
}

async function setUp(baseUrl = simulator.baseUrl): Promise<void> {
  expect((await initIn(box, { ...simulator, baseUrl }, ['--target', 'bash'])).code).toBe(0);
}

function start(args: readonly string[], env: Record<string, string> = {}, size: { cols?: number; rows?: number } = {}): Pty {
  pty = startPty(args, { env: { ...box.env, ...env }, cwd: box.cwd, ...size });
  return pty;
}

describe('what takes more than half a second', () => {
  it('is said on a terminal by every command that asks the network, and gone when it is done', async () => {
    await setUpSlow(900);
    const asking = [
      ...['models --refresh', 'models show z-ai/glm-4.7', 'key show', 'usage', 'doctor', 'route --check', 'test haiku --quick'],
      ...['switch value --dry-run', 'switch haiku=z-ai/glm-4.7 --dry-run', 'models pin z-ai/glm-4.7 --dry-run', 'route --zdr --dry-run'],
    ].map((line) => ({ line, terminal: startPty(line.split(' '), { env: box.env, cwd: box.cwd }) }));
    const ended = await Promise.all(asking.map(({ terminal }) => terminal.exit(40_000)));
    expect(asking.filter((_, index) => ended[index] !== 0).map(({ line }) => line)).toEqual([]);
    expect(asking.filter(({ terminal }) => !WAITING.test(terminal.transcript())).map(({ line }) => line)).toEqual([]);
    expect(asking.filter(({ terminal }) => SPINNER.test(terminal.screen())).map(({ line }) => line)).toEqual([]);
  }, 60_000);

  it('is said of another program, too', async () => {
    await setUp();
    writeFileSync(path.join(box.env['PATH'] ?? '', 'claude'), '#!/bin/sh\n/bin/sleep 1\necho "2.1.332 (Claude Code)"\n', { mode: 0o755 });
    const terminal = start(['status', '--verify']);
    await terminal.exit();
    expect(terminal.transcript()).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] Asking Claude Code/);
  });

  it.each([
    ['in --json', ['usage', '--json'], {}],
    ['in CI', ['usage'], { CI: 'true' }],
  ])('but not %s', async (_where, args, env) => {
    await setUpSlow(900);
    const terminal = start(args, env);
    expect(await terminal.exit()).toBe(0);
    expect(terminal.transcript()).not.toMatch(SPINNER);
  });
});

/** A pager that marks what it shows. */
function pagerIn(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'marking-pager');
  writeFileSync(file, '#!/bin/sh\nprintf "LESS:%s\\n" "$LESS"\nwhile IFS= read -r line; do printf "PAGED:%s\\n" "$line"; done\n');
  chmodSync(file, 0o755);
  return file;
}

const DOWN = '\x1b[B';

describe('output that is longer than the screen', () => {
  it('goes through $PAGER on a terminal, and not with --no-pager', async () => {
    const env = { PAGER: pagerIn(box.at('bin')), PATH: process.env['PATH'] ?? '' };
    const terminal = start(['explain'], env, { rows: 20 });
    expect(await terminal.exit()).toBe(0);
    expect(terminal.transcript()).toContain('PAGED:');
    expect(terminal.transcript()).toMatch(/LESS:FRXP.*\bq leaves/);
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

describe('what a question is about', () => {
  const paged = (): Record<string, string> => ({ PAGER: pagerIn(box.at('bin')) });

  it('goes through the pager where it is longer than the screen, and the question stands below it', async () => {
    await setUp();
    const terminal = start(['remove'], paged(), { rows: 20 });
    const screen = await terminal.waitFor('(y/N)');
    expect(screen).toMatch(/PAGED:[^]*\? Remove orcc/);
    expect(screen).toMatch(/^~\/\.bashrc \(deleted\).*\n[^]*\? Remove orcc/m);
    terminal.write('\x03');
    expect(await terminal.exit()).toBe(130);
    const long = start(['remove'], paged(), { rows: 200 });
    await long.waitFor('(y/N)');
    expect(long.transcript()).not.toContain('PAGED:');
  });

  it('of undo is paged as well', async () => {
    await setUp();
    const terminal = start(['undo'], paged(), { rows: 20 });
    expect(await terminal.waitFor('(Y/n)')).toMatch(/PAGED:[^]*^~.*\.bashrc \(deleted\)[^]*\? \w/m);
    terminal.write('\x03');
    expect(await terminal.exit()).toBe(130);
  });

  it('is paged from the recap too', async () => {
    const args = ['init', '--base-url', simulator.baseUrl, '--key-env', 'K', '--preset', 'guide'];
    const terminal = start(args, { ...paged(), K: simulator.key }, { rows: 24 });
    await terminal.waitFor('Write this?');
    terminal.write(`${DOWN}${DOWN}\r`);
    await terminal.waitFor(/PAGED:[^]*\? Write this\?/);
    expect(terminal.transcript()).not.toContain(simulator.key);
  });
});

describe('a list', () => {
  it.each([
    [80, 16],
    [60, 16],
  ])('of models keeps its heading and tells how many more there are, at %ix%i', async (cols, rows) => {
    const args = ['init', '--base-url', simulator.baseUrl, '--key-env', 'K'];
    const terminal = start(args, { K: simulator.key }, { cols, rows });
    await terminal.waitFor('Which models?');
    terminal.write(`${DOWN.repeat(4)}\r`);
    await terminal.waitFor(/model +window +\$\/M in \/ out/);
    await terminal.waitFor(/^ {2}\d+ more below$/m);
    terminal.write(DOWN.repeat(12));
    const screen = await terminal.waitFor(/^ {2}\d+ more above, \d+ more below$/m);
    const seen = screen.split('\n').slice(-rows);
    expect(seen.filter((line) => /^ {2}model +window/.test(line))).toHaveLength(1);
    expect(seen.filter((line) => line.length > cols)).toEqual([]);
    expect(seen.filter((line) => line.startsWith('❯'))).toHaveLength(1);
    // The price is what rows are compared by.
    expect(seen.filter((line) => /\$\d[\d.]* \/ \$\d|free/.test(line)).length).toBeGreaterThan(5);
  });

  it('of `switch` shows the way back to Anthropic at 80x24, and on 16 rows says how many more there are', async () => {
    await setUp();
    const terminal = start(['switch'], {}, { cols: 80, rows: 24 });
    const screen = await terminal.waitFor(/Switch to what\?[^]*navigate/);
    expect(screen).toContain('back to Anthropic');
    expect(screen).toMatch(/^❯ guide \(now\)/m);
    expect(screen).not.toMatch(/more (?:above|below)/);
    terminal.write('\x03');
    expect(await terminal.exit()).toBe(130);
    const small = start(['switch'], {}, { cols: 80, rows: 16 });
    await small.waitFor(/ {2}\d+ more below/);
    small.write(DOWN.repeat(20));
    await small.waitFor(/❯ back to Anthropic/);
    small.write('\x03');
    expect(await small.exit()).toBe(130);
  });

  it('is drawn anew in a terminal of another size', async () => {
    const args = ['init', '--base-url', simulator.baseUrl, '--key-env', 'K'];
    const terminal = start(args, { K: simulator.key }, { cols: 100, rows: 30 });
    // The last line of the list: what comes after it is drawn for the other size.
    await terminal.waitFor(/Which models\?[^]*navigate/);
    const before = terminal.transcript().length;
    terminal.resize(60, 16);
    await terminal.waitFor(/tokens at a fraction|million/);
    await expect.poll(() => terminal.transcript().slice(before)).toContain('navigate');
    const [drawn = ''] = terminal.transcript().slice(before).split('navigate');
    expect(
      drawn
        .replace(/\x1b\[[\d;?]*[A-Za-z]/g, '')
        .split(/\r?\n/)
        .filter((line) => line.length > 60),
    ).toEqual([]);
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
    expect(await terminal.exit()).toBe(7);
    expect(box.tree()).toEqual(before);
  });
});
