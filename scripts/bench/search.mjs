// From a key press to the last byte of the repaint, in the list of models that `orcc init` and `orcc switch` show.
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { root } from '../build/options.mjs';
import { bundleSource } from '../import-source.mjs';
import { cleanEnv, makeFolder, median } from './kit.mjs';

const MODELS = 2000;
const KEYS = [
  ...'qwen coder',
  ...Array(6).fill('\x7f'),
  '\x1b[B',
  '\x1b[B',
  '\x1b[A',
  ...Array(4).fill('\x7f'),
  ...'glm 4',
  ...Array(5).fill('\x7f'),
];

export async function* measure() {
  const folder = makeFolder('search');
  const program = join(folder, 'search.mjs');
  await bundleSource({ search: join(root, 'scripts', 'bench', 'search-list.ts') }, { dir: folder });
  const env = { ...cleanEnv(folder), TERM: 'xterm-256color' };
  const terminal = spawn(process.execPath, [program, String(MODELS)], { env, cwd: folder, cols: 120, rows: 40 });
  let last = 0;
  let all = '';
  terminal.onData((text) => {
    last = performance.now();
    all += text;
  });
  const start = performance.now();
  while (!all.includes('Model for opus')) {
    if (performance.now() - start > 10_000) throw new Error(`the list did not come: ${all}`);
    await sleep(20);
  }
  await sleep(300);
  const times = [];
  for (const key of KEYS) {
    const pressed = performance.now();
    terminal.write(key);
    // Waits until nothing has come for as long as a repaint could take, so that its last piece has arrived.
    while (performance.now() - Math.max(last, pressed) < (last < pressed ? 500 : 60)) await sleep(5);
    // A key that changes nothing (an arrow at the end of the list) paints nothing.
    if (last >= pressed) times.push(last - pressed);
  }
  terminal.kill('SIGKILL');
  yield {
    what: `search among ${MODELS} models, key to repaint`,
    value: median(times),
    unit: ' ms',
    bar: 16,
    note: `slowest of ${times.length}: ${Math.max(...times).toFixed(0)} ms`,
  };
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
