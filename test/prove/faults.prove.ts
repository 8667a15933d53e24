import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLock } from '../../src/apply/lock.ts';
import { recoverPending } from '../../src/apply/recover.ts';
import { createProcesses } from '../../src/system/processes.ts';
import { bundleProgram } from '../support/bundle-program.ts';
import { CASES } from '../support/fault-cases.ts';
import { expectNoOpenKey, expectWhole } from '../support/fault-check.ts';
import { partOf } from '../support/part.ts';
import { needs } from '../support/prove.ts';
import { contextFor, makeTempHome, type TempHome } from '../support/temp-home.ts';

const folder = fs.mkdtempSync(path.join(tmpdir(), 'orcc-faults-'));
const child = path.join(folder, 'child.mjs');
let points = 0;

beforeAll(async () => {
  await bundleProgram('test/support/apply-child.ts', child);
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
  process.stderr.write(`real kills: ${points} points tried\n`);
});

/** Waits as a second process does: really. */
const nextRun = (home: TempHome) =>
  contextFor(home.home, {
    clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)) },
    processes: createProcesses(process.platform),
  });

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function run(file: string, args: readonly string[]): Promise<Ended> {
  return new Promise((done, fail) => {
    const started = spawn(file, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    started.on('error', fail);
    started.on('exit', (code, signal) => {
      done({ code, signal });
    });
  });
}

/** One run of a case that something is done to; then the next command recovers. Says which state it ended in. */
async function tryOut(index: number, args: readonly string[], prefix: readonly string[] = []): Promise<Ended & { state: 'old' | 'new' }> {
  const testCase = CASES[index];
  if (testCase === undefined) throw new Error('no such case');
  const home = testCase.setUp();
  try {
    const before = home.tree();
    const [file = '', ...rest] = [...prefix, process.execPath, child, 'change', home.home, String(index), ...args];
    const ended = await run(file, rest);
    expectNoOpenKey(home);
    await recoverPending(nextRun(home), home.folder);
    expectNoOpenKey(home);
    points += 1;
    return { ...ended, state: expectWhole(testCase, home, before, ended.code !== 0 && ended.code !== 1) };
  } finally {
    home.remove();
  }
}

function callsOf(index: number): string[] {
  const home = CASES[index]?.setUp();
  if (home === undefined) throw new Error('no such case');
  const out = execFileSync(process.execPath, [child, 'count', home.home, String(index)], { encoding: 'utf8' });
  home.remove();
  return JSON.parse(out) as string[];
}

describe.each(CASES.map(({ name }, index) => ({ name, index })))('a process that changes $name', ({ index }) => {
  it.each(['before', 'after', 'half'])(
    'is killed with SIGKILL %s each of its calls, and the next command puts everything right',
    async (when) => {
      const calls = callsOf(index);
      const all = calls.flatMap((call, at) => (when !== 'half' || call.startsWith('write') ? [at] : []));
      // After one call the disk is as before the next: those two tell the same, the last of all apart.
      const places = when === 'after' ? [...new Set([...partOf(all, 4), ...all.slice(-1)])] : all;
      const states = new Set<string>();
      const next = async (): Promise<void> => {
        for (let at = places.shift(); at !== undefined; at = places.shift()) {
          const { signal, state } = await tryOut(index, [String(at), when]);
          expect(signal).toBe('SIGKILL');
          states.add(state);
        }
      };
      await Promise.all([next(), next()]);
      if (when !== 'half') expect([...states].toSorted()).toEqual(['new', 'old']);
    },
  );
});

describe.skipIf(needs({ program: 'strace' }))('under strace', () => {
  const CALLS = ['rename', 'fsync', 'mkdir', 'unlink', 'rmdir', 'fchmod', 'chmod', 'ftruncate'];

  it('the port hides no system call: strace counts as many of each as the port does', () => {
    for (const index of CASES.keys()) {
      const home = CASES[index]?.setUp();
      if (home === undefined) continue;
      const log = path.join(folder, 'strace.log');
      const out = execFileSync(
        'strace',
        ['-f', '-o', log, '-e', `trace=${CALLS.join(',')}`, process.execPath, child, 'count', home.home, String(index)],
        { encoding: 'utf8' },
      );
      home.remove();
      const calls = JSON.parse(out) as string[];
      const seen = fs.readFileSync(log, 'utf8');
      for (const name of CALLS) {
        const traced = seen.split('\n').filter((line) => new RegExp(`\\b${name}\\(`).test(line)).length;
        expect(`${name} ${traced}`).toBe(`${name} ${calls.filter((call) => call.startsWith(`${name} `)).length}`);
      }
    }
  });

  it.each(['signal=SIGKILL', 'error=EIO', 'error=ENOSPC'])('each of those calls gets %s from the system itself', async (what) => {
    const places: Array<readonly [number, string, number]> = [];
    for (const index of CASES.keys()) {
      const calls = callsOf(index);
      for (const name of CALLS) {
        const count = calls.filter((call) => call.startsWith(`${name} `)).length;
        for (let when = 1; when <= count; when += 1) places.push([index, name, when]);
      }
    }
    const states = new Set<string>();
    const next = async (): Promise<void> => {
      for (let place = places.shift(); place !== undefined; place = places.shift()) {
        const [index, name, when] = place;
        const { state } = await tryOut(
          index,
          [],
          ['strace', '-f', '-o', '/dev/null', '-e', `trace=${name}`, '-e', `inject=${name}:${what}:when=${when}`],
        );
        states.add(state);
      }
    };
    await Promise.all([next(), next()]);
    expect([...states].toSorted()).toEqual(['new', 'old']);
  });
});

describe('many at once', () => {
  it('50 processes and a foreign editor change the same files: nothing of theirs is lost, and no lock stays', async () => {
    const home = makeTempHome();
    home.write('.claude/settings.json', '{\n  "env": {}\n}\n');
    home.write('.bashrc', '# mine\n');
    let foreign = 0;
    const editor = setInterval(() => {
      foreign += 1;
      fs.appendFileSync(home.path('.bashrc'), `# theirs ${foreign}\n`);
    }, 100);
    const names = Array.from({ length: 50 }, (_, index) => `P${index}`);
    const ended = await Promise.all(names.map((name) => run(process.execPath, [child, 'add', home.home, name])));
    clearInterval(editor);
    expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
    const settings = JSON.parse(home.read('.claude/settings.json') ?? '') as { env: Record<string, string> };
    expect(Object.keys(settings.env).toSorted()).toEqual(names.toSorted());
    const rc = home.read('.bashrc') ?? '';
    expect(names.filter((name) => !rc.includes(`export ${name}=1\n`))).toEqual([]);
    const kept = Array.from({ length: foreign }, (_, index) => `# theirs ${index + 1}\n`).filter((line) => rc.includes(line)).length;
    process.stderr.write(`foreign editor: ${kept} of ${foreign} lines kept\n`);
    // It takes no lock: between the last look and the rename a line of its can still fall.
    expect(foreign - kept).toBeLessThanOrEqual(1);
    expect(Object.keys(home.tree()).filter((name) => /lock|tmp/.test(name))).toEqual([]);
    home.remove();
  });

  it('a lock holder that is killed does not hold the next one up', async () => {
    const home = makeTempHome();
    const holder = spawn(process.execPath, [child, 'hold', home.home], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((done) => holder.stdout.once('data', done));
    const gone = new Promise((done) => holder.once('exit', done));
    holder.kill('SIGKILL');
    await gone;
    const started = performance.now();
    await withLock(nextRun(home), home.folder, () => Promise.resolve());
    expect(performance.now() - started).toBeLessThan(3000);
    expect(Object.keys(home.tree()).filter((name) => name.includes('lock'))).toEqual([]);
    home.remove();
  });
});
