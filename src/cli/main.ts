import { run } from './run.ts';
import { Cancelled, EXIT } from '../core/errors.ts';
import type { StopKind } from './execute.ts';
import { createContext } from '../system/index.ts';

/**
 * The whole program, for bin/orcc.js, and the process around it: the real Context, signals, and the exit code. The only place that ends
 * the process. Rejects only for a bug in what stands around `run`.
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
  // Where nothing waits any more the process ends anyway, but tidies up its memory first, which takes milliseconds.
  if (process.getActiveResourcesInfo().length === 0) process.exit();
  // A name look-up that hangs can't be cancelled and would hold the process; what is written is flushed first.
  setInterval(() => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
  }, 300).unref();
}
