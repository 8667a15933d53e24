// From a key press to the last byte of the repaint, in the list of models that `orcc init` and `orcc switch` show.
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { bundleSource, cleanEnv, makeFolder, median } from './kit.mjs';

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

const source = `
  import { askModel } from './src/commands/init/mapping-step.ts';
  import { createSay } from './src/core/say.ts';
  import { createStyle } from './src/text/style.ts';
  import { loadCatalog, createCatalog } from './src/openrouter/catalog.ts';
  import { createContext } from './src/system/index.ts';
  const stop = new AbortController();
  const ctx = createContext(stop.signal, () => 'cancelled');
  const few = await loadCatalog(ctx, { folder: '/nowhere', endpoint: { baseUrl: 'https://openrouter.ai/api' }, offline: true });
  const models = Array.from({ length: ${MODELS} }, (_, i) => {
    const model = few.models[i % few.models.length];
    return i < few.models.length ? model : { ...model, id: model.id.replace('/', '-' + i + '/'), name: model.name + ' ' + i };
  });
  const say = createSay(ctx.stderr, await createStyle(ctx.stderr), false);
  await askModel(ctx, 'opus', undefined, createCatalog(models, { source: 'cache', asOf: 0, stale: false }), undefined, say);
`;

export async function* measure() {
  const folder = makeFolder('search');
  const program = join(folder, 'search.mjs');
  await bundleSource(source, program);
  const env = { ...cleanEnv(folder), TERM: 'xterm-256color' };
  const terminal = spawn(process.execPath, [program], { env, cwd: folder, cols: 120, rows: 40 });
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
    // Quiet for as long as a repaint could take, so that the last piece of this one is in.
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
