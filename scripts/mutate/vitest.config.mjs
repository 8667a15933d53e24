import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
/** The sources with switches, by path. */
const texts = JSON.parse(readFileSync(path.join(process.env['MUTATE_FOLDER'] ?? '', 'texts.json'), 'utf8'));

export default defineConfig({
  root,
  plugins: [{ name: 'orcc-faults', enforce: 'pre', load: (id) => texts[path.resolve(id)] }],
  define: { ORCC_VERSION: JSON.stringify(version) },
  test: {
    ...{ pool: 'forks', isolate: false, fileParallelism: false, maxWorkers: 1, maxConcurrency: 1, execArgv: ['--max-old-space-size=1500'] },
    ...{ setupFiles: ['test/support/setup.ts'], include: ['test/**/*.test.ts'], exclude: ['test/**/*.mocked.test.ts'] },
    runner: path.join(import.meta.dirname, 'runner.mjs'),
    ...{ reporters: [{}], restoreMocks: true, testTimeout: 4000, hookTimeout: 10_000, dangerouslyIgnoreUnhandledErrors: true },
  },
});
