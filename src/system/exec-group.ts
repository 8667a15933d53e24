import type { ExecOptions } from '../core/context.ts';

/** Milliseconds between asking a group to end and ending it. */
const PATIENCE_MS = 500;
/** Milliseconds that output may come after the program itself has ended. */
const LINGER_MS = 300;

interface Child {
  readonly pid?: number;
  readonly stdout: { destroy(): unknown };
  readonly stderr: { destroy(): unknown };
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * Ends a child that leads a process group, at its time limit or when orcc is stopped, with whatever it started: an interactive
 * shell takes no notice of SIGTERM, and what its start-up files started would hold its output open. What it leaves running
 * after a normal end (an agent of the user's) is left alone, and not waited for. Not for Windows.
 */
export function guardGroup(child: Child, options: Pick<ExecOptions, 'timeoutMs' | 'signal'>): { release(): boolean } {
  let timedOut = false;
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
    /** Once the child has ended: takes the guard away, and says whether it took too long. */
    release: () => {
      for (const timer of timers) clearTimeout(timer);
      process.off('exit', killNow);
      options.signal?.removeEventListener('abort', end);
      return timedOut;
    },
  };
}
