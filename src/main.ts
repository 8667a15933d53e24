import { run } from './run.ts';
import { start } from './start.ts';

await start((ctx, stopKind) => run(process.argv.slice(2), ctx, stopKind));
