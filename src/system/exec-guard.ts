import type { ExecOptions } from '../core/context.ts';

/** Milliseconds between SIGTERM and SIGKILL. */
const PATIENCE_MS = 500;
/** Milliseconds for which output is still read after the program itself has ended. */
const LINGER_MS = 300;

interface Child {
  readonly pid?: number;
  readonly stdout: { destroy(): unknown };
  readonly stderr: { destroy(): unknown };
  kill(signal: NodeJS.Signals): unknown;
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * Ends a child at its time limit or when orcc is stopped. If it leads a process group (`group`, not for Windows), whatever it
 * started ends with it: an interactive shell ignores SIGTERM, and what its start-up files started would keep its output open. What
 * is still running after a group's normal end (an agent of the user's) is left alone and not waited for.
 */
export function guardChild(child: Child, group: boolean, options: Pick<ExecOptions, 'timeoutMs' | 'signal'>): { release(): boolean } {
  let [hasEnded, isLate] = [false, false];
  const timers: NodeJS.Timeout[] = [];
  // If the machine stood still, a timer runs before the child's end and its last output, both there already, have been noticed.
  const after = (ms: number, act: () => void): void => {
    timers.push(setTimeout(() => setImmediate(act), ms));
  };
  const kill = (signal: NodeJS.Signals): void => {
    if (!group) {
      child.kill(signal);
      return;
    }
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
  after(options.timeoutMs, () => {
    if (hasEnded) return;
    isLate = true;
    end();
  });
  if (group) process.once('exit', killNow);
  options.signal?.addEventListener('abort', end, { once: true });
  if (options.signal?.aborted === true) end();
  child.once('exit', () => {
    hasEnded = true;
    const isKilled = isLate || options.signal?.aborted === true;
    if (isKilled && group) killNow();
    if (!isKilled && !group) return;
    after(LINGER_MS, () => {
      child.stdout.destroy();
      child.stderr.destroy();
    });
  });
  return {
    /** Call once the child has ended: removes the guard, and returns whether the child took too long. */
    release: () => {
      hasEnded = true;
      for (const timer of timers) clearTimeout(timer);
      process.off('exit', killNow);
      options.signal?.removeEventListener('abort', end);
      return isLate;
    },
  };
}
