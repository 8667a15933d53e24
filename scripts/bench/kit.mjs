// What every benchmark uses: one environment, paired runs, medians.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../build/options.mjs';
import { importSource } from '../import-source.mjs';

export const orccEntry = join(root, 'bin', 'orcc.js');
/** A script to load before a program: it writes the program's peak memory to the file that PEAK_FILE names. */
export const peakProbe = join(root, 'scripts', 'bench', 'memory-probe.cjs');
const folder = mkdtempSync(join(tmpdir(), 'orcc-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A new folder that is removed at the end. */
export function makeFolder(name) {
  const made = mkdtempSync(join(folder, `${name}-`));
  return made;
}

/**
 * The environment of everything measured: PATH and a home. Above all NODE_EXTRA_CA_CERTS must not be in it: it alone more
 * than doubles the start-up time of Node 20, and would make every ratio look better than it is.
 */
export function cleanEnv(home) {
  return { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', TZ: 'UTC', NO_COLOR: '1' };
}

/** Milliseconds that a program takes from start to end, with its output in a pipe. Throws if its exit code is not in `codes`. */
export function timeProgram(file, parameters, { env, input = '', codes = [0], cwd = env.HOME }) {
  const start = process.hrtime.bigint();
  const { status, error, stderr } = spawnSync(file, parameters, { env, input, cwd, maxBuffer: 64 * 1024 * 1024 });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (error) throw error;
  if (!codes.includes(status)) throw new Error(`${file} ${parameters.join(' ')} ended with ${status}\n${stderr}`);
  return ms;
}

/**
 * Runs two things alternately, so that whatever else the machine does affects both alike.
 * Returns the median of the pairs' ratios and differences, and each side's median.
 */
export async function comparePairs(measured, base, pairs) {
  const a = [];
  const b = [];
  for (let i = -2; i < pairs; i++) {
    // The order within a pair alternates, so that neither side is always the one with warm caches.
    const first = i % 2 === 0 ? await measured(i) : undefined;
    const second = await base(i);
    const value = first ?? (await measured(i));
    if (i < 0) continue;
    a.push(value);
    b.push(second);
  }
  return {
    ratio: median(a.map((value, i) => value / b[i])),
    difference: median(a.map((value, i) => value - b[i])),
    value: median(a),
    base: median(b),
  };
}

export function median(values) {
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** About as many as OpenRouter lists. */
const CATALOG_SIZE = 420;

/** As `openConfiguredHome`, but the server is gone, so any network call fails at once. */
export async function makeConfiguredHome(targets) {
  const { home, simulator } = await openConfiguredHome(targets);
  await simulator.close();
  return home;
}

/** A home in which `orcc init` has run, with these targets and a fresh catalog in its cache, and the server that it was set up with. */
export async function openConfiguredHome(targets) {
  const { startSimulator, BUILTIN_MODELS } = await importSource('simulator/server.ts', 'openrouter/builtin.ts');
  const models = Array.from({ length: CATALOG_SIZE }, (_, i) => {
    const model = BUILTIN_MODELS[i % BUILTIN_MODELS.length];
    return i < BUILTIN_MODELS.length ? model : { ...model, id: model.id.replace('/', `-${i}/`) };
  });
  const simulator = await startSimulator({ models });
  const home = makeFolder('home');
  const flags = targets.flatMap((target) => ['--target', target]);
  const parameters = ['init', '--yes', '--key-stdin', '--preset', 'guide', '--base-url', simulator.baseUrl, '--no-test', ...flags];
  await runOrcc(parameters, { env: cleanEnv(home), input: `${simulator.key}\n` });
  return { home, simulator };
}

/** Runs orcc while this process goes on serving. Returns its output and milliseconds; throws unless it exits with 0. */
export function runOrcc(parameters, { env, input = '' }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, [orccEntry, ...parameters], { env, cwd: env.HOME });
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

/** How many pairs to run: BENCH_PAIRS, else `usual`. */
export function pairsOf(usual) {
  return Number(process.env.BENCH_PAIRS ?? usual);
}
