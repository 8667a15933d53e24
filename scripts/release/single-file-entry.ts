// The entry of a single file, as bin/orcc.js is that of the package. It contains its own Node, so that is never too old.
import { main } from '../../src/cli/main.ts';

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 70;
});
