import { Cancelled, EXIT } from './errors.ts';
import { run } from './run.ts';
import { createContext } from './system/index.ts';

/**
 * The program: builds the real Context, listens for signals, and sets the exit
 * code. The only place that ends the process, and only at a second Ctrl-C.
 */
async function main(): Promise<void> {
  const stop = new AbortController();
  let kind: 'cancelled' | 'terminated' = 'cancelled';
  const onSignal = (signal: NodeJS.Signals): void => {
    // Someone who presses Ctrl-C twice wants out now.
    if (stop.signal.aborted) process.exit(EXIT[kind].code);
    kind = signal === 'SIGINT' ? 'cancelled' : 'terminated';
    stop.abort(new Cancelled(kind));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  for (const stream of [process.stdout, process.stderr]) {
    // `orcc models | head` closes the pipe early: that is no error.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(process.exitCode ?? 0);
    });
  }
  process.exitCode = await run(process.argv.slice(2), createContext(stop.signal, () => kind), () => kind);
  // A name look-up that hangs can't be cancelled and would hold the process; by now everything is written.
  setTimeout(() => process.exit(), 300).unref();
}

await main();
