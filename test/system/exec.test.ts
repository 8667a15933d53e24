import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createExec } from '../../src/system/exec.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'orcc-exec-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { PATH: process.env['PATH'], GIVEN: 'yes' };
const exec = createExec({ ...env, SECRET: 'not for children' }, process.platform);
const run = (script: string, options: Partial<Parameters<typeof exec.run>[2]> = {}): ReturnType<typeof exec.run> =>
  exec.run(process.execPath, ['-e', script], { env, timeoutMs: 10_000, ...options });

describe('other programs', () => {
  it('give their output and their exit code, and never an exception', async () => {
    const result = await run(`console.log('out'); console.error('err'); process.exit(3)`);
    expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n', timedOut: false, notFound: false });
  });

  it('get exactly the environment that they are given', async () => {
    const { stdout } = await run('console.log(JSON.stringify([process.env.GIVEN, process.env.SECRET]))');
    expect(JSON.parse(stdout)).toEqual(['yes', null]);
  });

  it('read what they are given, and otherwise find their input empty', async () => {
    const echo = `process.stdin.on('data', (text) => process.stdout.write(text)).on('end', () => process.stdout.write('.'))`;
    expect((await run(echo, { input: 'words' })).stdout).toBe('words.');
    expect((await run(echo)).stdout).toBe('.');
  });

  it('start in the folder that is asked for', async () => {
    const { stdout } = await run('console.log(require("fs").realpathSync("."))', { cwd: folder });
    expect(path.basename(stdout.trim())).toBe(path.basename(folder));
  });

  it('are ended at their time limit', async () => {
    const start = performance.now();
    const result = await run('setInterval(() => {}, 1000)', { timeoutMs: 300 });
    expect({ code: result.code, timedOut: result.timedOut }).toEqual({ code: null, timedOut: true });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it.each([false, true])('that have ended are not late where orcc notices it only after their time limit (group: %s)', async (group) => {
    const realTimeout = setTimeout;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const result = await run(`console.log('out')`, {
      group,
      timeoutMs: 100,
      // As where the machine stood still: the child has ended, and the limit has passed, before orcc looks at either.
      onStdout: () =>
        realTimeout(() => {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
          vi.advanceTimersByTime(100);
        }),
    }).finally(() => vi.useRealTimers());
    expect(result).toMatchObject({ code: 0, stdout: 'out\n', timedOut: false });
  });

  it('are ended when orcc is stopped', async () => {
    const stop = new AbortController();
    const running = run('setInterval(() => {}, 1000)', { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    expect((await running).code).toBeNull();
  });

  it.skipIf(process.platform === 'win32')(
    'that a signal ended are told of after a signal to orcc itself, which one Ctrl-C sends to both',
    async () => {
      const order: string[] = [];
      process.once('SIGUSR2', () => order.push('orcc'));
      const script = `console.log(process.pid); setInterval(() => {}, 1000)`;
      await run(script, {
        onStdout: (pid) => {
          process.kill(Number(pid), 'SIGINT');
          // Until the child is dead, so that the system has told of its end before orcc is sent the other.
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
          process.kill(process.pid, 'SIGUSR2');
        },
      });
      order.push('child');
      expect(order).toEqual(['orcc', 'child']);
    },
  );

  it('are told apart where there is no such program', async () => {
    const result = await exec.run('no-such-program-of-orcc', [], { env, timeoutMs: 5000 });
    expect({ code: result.code, notFound: result.notFound }).toEqual({ code: null, notFound: true });
    expect(exec.find('no-such-program-of-orcc')).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('may be killed by a signal (Unix)', async () => {
    expect((await run('process.kill(process.pid, "SIGKILL")')).code).toBeNull();
  });

  it('keep only so much of what they print', async () => {
    const { stdout } = await run(`process.stdout.write('x'.repeat(100_000))`, { maxBytes: 1000 });
    expect(stdout.length).toBeLessThanOrEqual(1000);
  });

  it('are heard while they run', async () => {
    const heard: string[] = [];
    await run(`console.log('one'); setTimeout(() => console.log('two'), 100)`, { onStdout: (text) => heard.push(text) });
    expect(heard.join('')).toBe('one\ntwo\n');
  });

  it('are found on PATH by name', () => {
    expect(exec.find(path.basename(process.execPath))).toContain(path.basename(process.execPath));
  });
});

describe.skipIf(process.platform === 'win32')('programs that start others (Unix)', () => {
  const inGroup = (script: string, options: Partial<Parameters<typeof exec.run>[2]> = {}): ReturnType<typeof exec.run> =>
    exec.run('sh', ['-c', script], { env, timeoutMs: 10_000, group: true, ...options });
  const running = (pid: string): boolean => {
    try {
      process.kill(Number(pid), 0);
      // A process that nobody has waited for yet has ended all the same.
      return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };
  /**
   * The kernel closes the files of a killed process before it takes the process away, so that the answer may come first: a look
   * at once finds it alive now and then. One that was not killed stays for 30 s.
   */
  const ends = (pid: string): Promise<void> => vi.waitFor(() => expect(running(pid)).toBe(false), { timeout: 20_000 });
  /** A child that takes no notice of SIGTERM and holds the output open, as `sleep` in a start-up file does. */
  const STUBBORN = `trap '' TERM; (trap '' TERM; sleep 30) & echo $!; wait; sleep 30`;

  it('give the same answers', async () => {
    expect(await inGroup('cat; echo err >&2; exit 3', { input: 'words' })).toEqual({
      code: 3,
      stdout: 'words',
      stderr: 'err\n',
      timedOut: false,
      notFound: false,
    });
    expect((await inGroup('echo "$SECRET$GIVEN"; cat')).stdout).toBe('yes\n');
    expect(await exec.run('no-such-program-of-orcc', [], { env, timeoutMs: 5000, group: true })).toMatchObject({
      code: null,
      notFound: true,
    });
    expect((await inGroup('head -c 100000 /dev/zero', { maxBytes: 1000 })).stdout.length).toBe(1000);
  });

  it('end with all that they started at the time limit', async () => {
    const start = performance.now();
    const result = await inGroup(STUBBORN, { timeoutMs: 300 });
    expect(result).toMatchObject({ code: null, timedOut: true });
    expect(performance.now() - start).toBeLessThan(5000);
    await ends(result.stdout.trim());
  });

  it('end with all that they started when orcc is stopped', async () => {
    const stop = new AbortController();
    const asked = inGroup(STUBBORN, { signal: stop.signal });
    setTimeout(() => stop.abort(), 300);
    const { stdout, timedOut } = await asked;
    expect(timedOut).toBe(false);
    await ends(stdout.trim());
  });

  it('are not waited for where they leave something running, which is left alone', async () => {
    const start = performance.now();
    const { code, stdout } = await inGroup('sleep 7 & echo $!');
    expect(code).toBe(0);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(running(stdout.trim())).toBe(true);
    process.kill(Number(stdout), 'SIGKILL');
  });
});
