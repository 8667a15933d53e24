// `npm run mutate [-- FILE_OR_FOLDER... --sample N --seed N]`: puts single faults into the sources, one at a time, and prints those
// that no related unit test notices. Those that CONTRIBUTING.md explains are counted apart. No test: it takes minutes to hours.
import { fork } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { listMutants } from './mutate/mutants.mjs';
import { relatedTests } from './mutate/related.mjs';

const root = path.resolve(import.meta.dirname, '..');
const DEFAULT = ['src/edit', 'src/apply', 'src/claude/limits.ts', 'src/change'];
/** Test files at once: most faults are noticed by the nearest ones. */
const [NEAREST, MOST] = [3, 10];
/** A test file that takes longer alone starts programs, which load no fault. */
const SLOW_MS = 8000;
/** A fault may make a loop endless. */
const DEADLINE_MS = 90_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const files = (positionals.length > 0 ? positionals : DEFAULT).flatMap(sourcesIn);
const all = files.flatMap((file) => listMutants(file, readFileSync(path.join(root, file), 'utf8')));
const mutants = values.sample === undefined ? all : sample(all, Number(values.sample), Number(values.seed));
const related = relatedTests(root);
const explained = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
const red = new Map();
const counts = { caught: 0, hung: 0, explained: 0, untested: 0, survived: 0 };
let worker;

console.log(`${mutants.length} of ${all.length} faults in ${files.length} files`);
for (const mutant of mutants) {
  const outcome = await tryOut(mutant);
  counts[outcome] += 1;
  if (outcome === 'survived' || outcome === 'untested') console.log(`${outcome} at line ${mutant.line}: ${mutant.key}`);
}
const last = worker;
worker = undefined;
last?.kill();
const words = { hung: 'without an end', explained: 'as explained in CONTRIBUTING.md', untested: 'in files that no unit test loads' };
console.log(
  Object.entries(counts)
    .flatMap(([name, count]) => (count > 0 ? [`${count} ${words[name] ?? name}`] : []))
    .join(', '),
);

async function tryOut(mutant) {
  const file = path.join(root, mutant.name);
  const tests = related(file).slice(0, MOST);
  if (tests.length === 0) return 'untested';
  if (explained.includes(mutant.key)) return 'explained';
  const text = readFileSync(file, 'utf8');
  const faulty = text.slice(0, mutant.start) + mutant.replacement + text.slice(mutant.end);
  for (const some of [tests.slice(0, NEAREST), tests.slice(NEAREST)]) {
    const healthy = await greenOf(file, some);
    if (healthy.length === 0) continue;
    const found = await run({ file, text: faulty, tests: healthy });
    if (found === undefined) return 'hung';
    if (found.broken || found.red.length > 0) return 'caught';
  }
  return 'survived';
}

/** Tests that are red without a fault, or slow, say nothing of one. */
async function greenOf(file, tests) {
  for (const test of tests) {
    if (red.has(test)) continue;
    const start = performance.now();
    const found = await run({ file, tests: [test] });
    const isRed = found === undefined || found.red.length > 0;
    red.set(test, isRed || performance.now() - start > SLOW_MS);
    if (red.get(test)) console.log(`left out, since it is ${isRed ? 'red without a fault' : 'slow'}: ${path.relative(root, test)}`);
  }
  return tests.filter((test) => !red.get(test));
}

/** undefined where it does not end; Vitest and all that it started are ended then. */
async function run(message) {
  worker ??= await start();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      process.kill(-worker.pid, 'SIGKILL');
      worker = undefined;
      resolve(undefined);
    }, DEADLINE_MS);
    worker.once('message', (found) => {
      clearTimeout(timer);
      resolve(found);
    });
    worker.send(message);
  });
}

function start() {
  const child = fork(path.join(root, 'scripts', 'mutate', 'worker.mjs'), {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.once('exit', (code) => {
    if (worker === child && code !== 0) {
      console.error(`the tests ended with ${code}`);
      process.exit(1);
    }
  });
  return new Promise((resolve) => child.once('message', () => resolve(child)));
}

function sourcesIn(name) {
  const where = path.join(root, name);
  const stat = statSync(where, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [path.relative(root, where)];
  return readdirSync(where, { recursive: true, encoding: 'utf8' })
    .filter((each) => each.endsWith('.ts'))
    .toSorted()
    .map((each) => path.join(path.relative(root, where), each));
}

/** `count` of them, the same ones for the same seed, in their order. */
function sample(list, count, seed) {
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  return list
    .map((each, index) => ({ each, index, rank: next() }))
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .toSorted((a, b) => a.index - b.index)
    .map(({ each }) => each);
}
