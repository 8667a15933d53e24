import { spawn } from 'node:child_process';
import type { ExecOptions, ExecResult } from '../context.ts';

/** Milliseconds between asking a group to end and ending it. */
const PATIENCE_MS = 500;
/** Milliseconds that output may come after the program itself has ended. */
const LINGER_MS = 300;

/**
 * Runs a program in a process group of its own, so that at its time limit, or when orcc is stopped, whatever it started ends
 * with it: an interactive shell takes no notice of SIGTERM, and what its start-up files started would hold its output open.
 * What it leaves running after a normal end (an agent of the user's) is left alone. Not for Windows.
 */
export function runGroup(file: string, args: readonly string[], options: ExecOptions): Promise<ExecResult> {
  const most = options.maxBytes ?? 1024 * 1024;
  return new Promise((resolve) => {
    let timedOut = false;
    let ended = false;
    const child = spawn(file, [...args], {
      env: Object.fromEntries(Object.entries(options.env).filter(([, value]) => value !== undefined)),
      detached: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const kill = (signal: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // Nobody of the group is left.
      }
    };
    const killNow = (): void => kill('SIGKILL');
    const end = (): void => {
      kill('SIGTERM');
      timers.push(setTimeout(killNow, PATIENCE_MS));
    };
    const timers = [
      setTimeout(() => {
        timedOut = true;
        end();
      }, options.timeoutMs),
    ];
    process.once('exit', killNow);
    options.signal?.addEventListener('abort', end, { once: true });
    if (options.signal?.aborted === true) end();
    const read = (name: 'stdout' | 'stderr'): (() => string) => {
      const pieces: Buffer[] = [];
      let size = 0;
      child[name]?.on('data', (piece: Buffer) => {
        if (size < most) pieces.push(piece.subarray(0, most - size));
        size += piece.length;
      });
      return () => Buffer.concat(pieces).toString('utf8');
    };
    const [out, err] = [read('stdout'), read('stderr')];
    const done = (code: number | null, notFound: boolean): void => {
      if (ended) return;
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      process.off('exit', killNow);
      options.signal?.removeEventListener('abort', end);
      if (timedOut || options.signal?.aborted === true) killNow();
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve({ code, stdout: out(), stderr: err(), timedOut, notFound });
    };
    child.once('error', (error) => done(null, 'code' in error && error.code === 'ENOENT'));
    child.once('exit', (code) => timers.push(setTimeout(() => done(code, false), LINGER_MS)));
    child.once('close', (code) => done(code, false));
    child.stdin?.on('error', () => undefined).end(options.input ?? '');
  });
}
