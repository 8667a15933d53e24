import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };
const minute = 60_000;
// In each project, since Vitest would run one of the whole configuration once more for itself.
const globalSetup = 'test/support/global-setup.ts';

/** What both projects of quick tests share; they run side by side, since they have as many workers as each other. */
const quick = {
  globalSetup,
  // Vitest's own choice is one less than there are processors, though a test waits for a program or a timer half of its time.
  maxWorkers: availableParallelism() + 1,
  sequence: { groupOrder: 0 },
  testTimeout: minute,
  hookTimeout: minute,
  // Vitest's own second is too short on a busy machine; what is waited for comes at once on another.
  expect: { poll: { timeout: 20_000 } },
};

/**
 * unit: quick, needs nothing beyond Node; a process runs many files, so that it loads the program once (two fifths of the processor's time).
 * unit-mocked: those that put something in a module's place, which the next file in the process would see. prove: real shells, terminals
 * and the real Claude Code. fuzz: long random sequences. All run inside the sandbox of test/support/setup.ts.
 */
export default defineConfig({
  define: { ORCC_VERSION: JSON.stringify(version) },
  test: {
    // Threads share the process's environment, so that a sandboxed HOME needs processes.
    pool: 'forks',
    setupFiles: ['test/support/setup.ts'],
    reporters: ['default', './test/support/not-proven-reporter.ts', './test/support/attacks-reporter.ts'],
    restoreMocks: true,
    // A terminal or a real program that was starved on a busy machine is asked once more, and the run ends with saying so.
    retry: process.env['CI'] === undefined ? 0 : 1,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.mocked.test.ts'], isolate: false, ...quick },
      },
      { extends: true, test: { name: 'unit-mocked', include: ['test/**/*.mocked.test.ts'], ...quick } },
      {
        extends: true,
        // Two real programs at a time: more would wait for each other's processor on a small machine.
        test: {
          name: 'prove',
          include: ['test/{prove,attacks}/**/*.prove.ts'],
          globalSetup: [globalSetup, 'test/support/pwsh-setup.ts'],
          maxConcurrency: 2,
          maxWorkers: Math.max(2, availableParallelism() - 1),
          // Projects with as many workers as each other run together, others one after the other.
          sequence: { groupOrder: 1 },
          testTimeout: 5 * minute,
          hookTimeout: 5 * minute,
        },
      },
      {
        extends: true,
        test: { name: 'fuzz', include: ['test/fuzz/**/*.fuzz.ts'], globalSetup, testTimeout: 20 * minute, hookTimeout: minute },
      },
    ],
  },
});
