// The whole of `orcc test` with four aliases against the slowest alias's own answer time, at the simulator.
import { spawn } from 'node:child_process';
import { cleanEnv, importSource, makeFolder, median, orccEntry } from './kit.mjs';

/** Milliseconds that the simulator thinks about each of the two turns. */
const DELAY = 500;

export async function* measure() {
  const { startSimulator } = await importSource(`export { startSimulator } from './src/simulator/server.ts';`);
  const simulator = await startSimulator({ delayMs: DELAY });
  try {
    const home = makeFolder('home');
    const models = [
      '--opus',
      'z-ai/glm-5.3',
      '--sonnet',
      'qwen/qwen3-coder-next',
      '--haiku',
      'z-ai/glm-4.7-flash',
      '--fable',
      'z-ai/glm-4.7',
    ];
    const init = ['init', '--yes', '--key-stdin', '--base-url', simulator.baseUrl, ...models, '--target', 'user', '--no-test'];
    await run(init, home, `${simulator.key}\n`);
    const runs = [];
    for (let i = 0; i < 5; i++) {
      const { ms, stdout } = await run(['test', '--json'], home);
      const slowest = Math.max(...findAll(JSON.parse(stdout), 'totalMs'));
      runs.push({ ratio: (ms - 300) / slowest, ms, slowest });
    }
    const { ms, slowest } = runs.sort((a, b) => a.ratio - b.ratio)[runs.length >> 1];
    const note = `${ms.toFixed(0)} ms in all, less 300 ms, against ${slowest.toFixed(0)} ms of the slowest alias`;
    yield { what: 'orcc test, four aliases', value: median(runs.map(({ ratio }) => ratio)), unit: 'x', bar: 1.25, note };
  } finally {
    await simulator.close();
  }
}

/** Not spawnSync: the simulator answers in this very process. */
function run(parameters, home, input = '') {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, [orccEntry, ...parameters], { env: cleanEnv(home), cwd: home });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve({ ms: performance.now() - start, stdout });
      else reject(new Error(`orcc ${parameters[0]} ended with ${code}: ${stderr}`));
    });
    child.stdin.end(input);
  });
}

/** Every value of a member of that name, wherever it stands. */
function findAll(value, name) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === name && typeof inner === 'number' ? [inner] : findAll(inner, name)));
}
