import { run } from './run.ts';
import { Cancelled, EXIT } from '../core/errors.ts';
import type { StopKind } from './execute.ts';
import { createContext } from '../system/index.ts';

/**
 * Runs the whole program in its process, for bin/orcc.js: creates the real Context, handles signals, sets the exit code and ends the
 * process. Rejects only for a bug outside `run`.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const stop = new AbortController();
  let kind: 'cancelled' | 'terminated' = 'cancelled';
  const onSignal = (signal: NodeJS.Signals): void => {
    // Someone who presses Ctrl-C twice wants out now.
    if (stop.signal.aborted) process.exit(EXIT[kind].code);
    kind = signal === 'SIGINT' ? 'cancelled' : 'terminated';
    stop.abort(new Cancelled(kind));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  const stopKind: StopKind = () => kind;
  process.exitCode = await run(argv, createContext(stop.signal, stopKind), stopKind);
  // If nothing is pending the process ends anyway, but cleans up its memory first, which takes milliseconds.
  if (process.getActiveResourcesInfo().length === 0) process.exit();
  // A DNS lookup that hangs can't be cancelled and would keep the process alive; output is flushed first.
  setInterval(() => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
  }, 300).unref();
}
