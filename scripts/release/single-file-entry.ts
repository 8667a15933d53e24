// What bin/orcc.js is to the package: the first thing that a single file runs. Its Node is inside, so it is never too old.
import { main } from '../../src/cli/main.ts';

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 70;
});
