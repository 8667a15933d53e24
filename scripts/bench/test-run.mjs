// The whole of `orcc test` with four aliases at the simulator, compared with the slowest alias's own answer time.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSource } from '../import-source.mjs';
import { cleanEnv, makeFolder, median, peakProbe, runOrcc } from './kit.mjs';

/** Milliseconds that the simulator thinks about each of the two turns. */
const DELAY = 500;

export async function* measure() {
  const { startSimulator } = await importSource('simulator/server.ts');
  const simulator = await startSimulator({ delayMs: DELAY });
  try {
    const env = cleanEnv(makeFolder('home'));
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
    await runOrcc(init, { env, input: `${simulator.key}\n` });
    const runs = [];
    for (let i = 0; i < 5; i++) {
      const { ms, stdout } = await runOrcc(['test', '--json'], { env });
      const slowest = Math.max(...findAll(JSON.parse(stdout), 'totalMs'));
      runs.push({ ratio: (ms - 300) / slowest, ms, slowest });
    }
    const { ms, slowest } = runs.sort((a, b) => a.ratio - b.ratio)[runs.length >> 1];
    const note = `${ms.toFixed(0)} ms in all, less 300 ms, against ${slowest.toFixed(0)} ms of the slowest alias`;
    yield { what: 'orcc test, four aliases', value: median(runs.map(({ ratio }) => ratio)), unit: 'x', bar: 1.25, note };
    const file = join(makeFolder('peak'), 'kib');
    await runOrcc(['test', '--json'], { env: { ...env, NODE_OPTIONS: `--require=${peakProbe}`, PEAK_FILE: file } });
    yield { what: 'peak memory of orcc test', value: Number(readFileSync(file, 'utf8')) / 1024, unit: ' MiB', bar: 80 };
  } finally {
    await simulator.close();
  }
}

/** Every number in a member of that name, at any depth. */
function findAll(value, name) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === name && typeof inner === 'number' ? [inner] : findAll(inner, name)));
}
