// node scripts/ci-answers.mjs NAME: runs the quick tests and the proofs of systems on this machine; leaves answers/NAME-unit.json
// and answers/NAME-systems.json for scripts/ci-table.mjs. Both run to their end; exit 1 if one failed.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build/options.mjs';

const name = process.argv[2] ?? '';
if (!/^[\w-]+$/.test(name)) throw new Error('Wanted: a name for this machine, of letters, digits and -');
mkdirSync(join(root, 'answers'), { recursive: true });

const run = (file, ...parameters) =>
  spawnSync(file, parameters, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status;
const vitest = (kind, ...parameters) =>
  run('npx', 'vitest', 'run', ...parameters, '--reporter', 'default', '--reporter', 'json', '--outputFile', `answers/${name}-${kind}.json`);

const codes = [
  run('npm', 'run', 'build'),
  vitest('systems', '--project', 'prove', '--no-file-parallelism', 'test/prove/systems'),
  // The attacks that need separate programs are beside the quick tests, outside test/prove.
  vitest(
    'unit',
    '--project',
    'unit',
    '--project',
    'unit-mocked',
    '--project',
    'prove',
    '--exclude',
    'test/prove/**',
    '--testTimeout',
    '60000',
  ),
];
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
