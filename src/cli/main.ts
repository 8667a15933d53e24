import { run } from './run.ts';
import { start } from './start.ts';

/** The whole program, for bin/orcc.js. Sets the exit code; rejects only for a bug in what stands around `run`. */
export function main(argv: readonly string[]): Promise<void> {
  return start((ctx, stopKind) => run(argv, ctx, stopKind));
}
