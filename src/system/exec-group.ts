import type { ExecOptions } from '../core/context.ts';

/** Milliseconds between SIGTERM and SIGKILL to a group. */
const PATIENCE_MS = 500;
/** Milliseconds for which output is still read after the program itself has ended. */
const LINGER_MS = 300;

interface Child {
  readonly pid?: number;
  readonly stdout: { destroy(): unknown };
  readonly stderr: { destroy(): unknown };
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * Ends a child that leads a process group, and whatever it started, at its time limit or when orcc is stopped: an interactive
 * shell ignores SIGTERM, and what its start-up files started would keep its output open. What is still running
 * after a normal end (an agent of the user's) is left alone and not waited for. Not for Windows.
 */
export function guardGroup(child: Child, options: Pick<ExecOptions, 'timeoutMs' | 'signal'>): { release(): boolean } {
  let timedOut = false;
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // No process of the group is left.
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
  child.once('exit', () => {
    if (timedOut || options.signal?.aborted === true) killNow();
    timers.push(
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, LINGER_MS),
    );
  });
  return {
    /** Call once the child has ended: removes the guard, and returns whether the child took too long. */
    release: () => {
      for (const timer of timers) clearTimeout(timer);
      process.off('exit', killNow);
      options.signal?.removeEventListener('abort', end);
      return timedOut;
    },
  };
}
