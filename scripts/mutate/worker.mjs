// Runs the tests of one fault after another for scripts/mutate.mjs, in one Vitest. The fault is in what Vitest loads, never on the disk.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createVitest } from 'vitest/node';

const root = path.resolve(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
let fault;
const plugin = {
  name: 'orcc-fault',
  enforce: 'pre',
  load: (id) => (fault !== undefined && path.resolve(id) === fault.file ? fault.text : undefined),
};
const vitest = await createVitest(
  'test',
  {
    config: false,
    root,
    watch: false,
    pool: 'forks',
    execArgv: ['--max-old-space-size=1500'],
    setupFiles: ['test/support/setup.ts'],
    include: ['test/**/*.test.ts'],
    reporters: [{}],
    bail: 1,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    restoreMocks: true,
  },
  { plugins: [plugin], define: { ORCC_VERSION: JSON.stringify(version) } },
);
const specifications = new Map((await vitest.globTestSpecifications()).map((each) => [each.moduleId, each]));

process.on('message', async ({ file, text, tests }) => {
  // Vitest has loaded the file with the previous fault.
  if (fault !== undefined) vitest.invalidateFile(fault.file);
  fault = text === undefined ? undefined : { file, text };
  vitest.invalidateFile(file);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(tests.flatMap((each) => specifications.get(each) ?? []));
  // Vitest returns the modules of earlier runs as well, with their old results.
  const red = testModules.filter((each) => tests.includes(each.moduleId) && !each.ok()).map((each) => each.moduleId);
  process.send({ red, broken: unhandledErrors.length > 0 });
});
process.send('ready');
