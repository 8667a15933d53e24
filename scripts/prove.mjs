// `npm run prove [-- FILES]`: the long proofs, two files at a time on a small machine, then one by one those that time what they do.
import { spawnSync } from 'node:child_process';
import { root } from './build/options.mjs';

/** They kill a program at a moment that they have measured: a neighbour would shift what they hit. */
const ALONE = ['test/prove/kills.prove.ts', 'test/attacks/key-killed.prove.ts'];

const vitest = (...parameters) =>
  spawnSync('npx', ['vitest', 'run', '--project', 'prove', ...parameters], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  }).status;

const wanted = process.argv.slice(2);
const codes =
  wanted.length > 0
    ? [vitest(...wanted)]
    : [vitest(...ALONE.flatMap((file) => ['--exclude', file])), vitest('--no-file-parallelism', ...ALONE)];
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
