// `npm run mutate [-- FILE_OR_FOLDER... --sample N --seed N]`: puts single faults into the sources, one at a time, and prints those
// that no related unit test notices. Those that CONTRIBUTING.md explains are counted separately. Not a test: it takes minutes to hours.
import { fork, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { listMutants } from './mutate/mutants.mjs';
import { relatedTests } from './mutate/related.mjs';
import { withSwitches } from './mutate/switches.mjs';

const root = path.resolve(import.meta.dirname, '..');
const DEFAULT = ['src/edit', 'src/apply', 'src/claude/limits.ts', 'src/change'];
/** How many test files are run first, and at most: the nearest ones notice most faults. */
const [NEAREST, MOST] = [3, 20];
/** A test file that takes longer by itself starts programs, which do not load the fault. */
const SLOW_MS = 8000;
/** A fault may make a loop endless. */
const DEADLINE_MS = 90_000;
/** Milliseconds. Quick tests first: a fault is tried in each that reaches it until one fails. Tests slower than the last are left out. */
const ROUNDS = [12, 40, 120, 400];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const files = (positionals.length > 0 ? positionals : DEFAULT).flatMap(sourcesIn);
const all = files.flatMap((file) => listMutants(file, readFileSync(path.join(root, file), 'utf8')));
const mutants = (values.sample === undefined ? all : sample(all, Number(values.sample), Number(values.seed))).map((each, id) => ({
  ...each,
  id,
}));
const related = relatedTests(root);
const explained = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
const red = new Map();
const counts = { caught: 0, hung: 0, explained: 0, untested: 0, survived: 0 };
let worker;

console.log(`${mutants.length} of ${all.length} faults in ${files.length} files`);
for (const { index, 1: file } of explained.matchAll(/(src\/[\w/.-]+\.ts): `/g)) {
  if (!files.includes(file) || all.some(({ key }) => explained.startsWith(key, index))) continue;
  console.log(`explained in CONTRIBUTING.md, but impossible by now: ${explained.slice(index, index + 120).replaceAll('\n', ' ')}`);
}
const open = mutants.filter(({ key }) => !explained.includes(key));
counts.explained = mutants.length - open.length;
const { caught, alone } = trySwitched(open);
counts.caught = caught.size;
for (const mutant of open) {
  if (caught.has(mutant.id)) continue;
  const outcome = alone.has(mutant.id) ? await tryOut(mutant) : 'survived';
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

/**
 * Tries all faults that can be put behind a switch in one process, each test once for every fault that it reaches. `alone` are those
 * that have to be loaded by themselves: those without a switch, and those reached while a module is loaded.
 */
function trySwitched(mutants) {
  const folder = mkdtempSync(path.join(tmpdir(), 'orcc-mutate-'));
  const alone = new Set();
  const texts = files.map((file) => {
    const where = path.join(root, file);
    const own = mutants.filter(({ name }) => name === file);
    const { text, isSwitched } = withSwitches(file, readFileSync(where, 'utf8'), own);
    for (const mutant of own) if (!isSwitched(mutant)) alone.add(mutant.id);
    return [where, text];
  });
  writeFileSync(path.join(folder, 'texts.json'), JSON.stringify(Object.fromEntries(texts)));
  const tests = new Set(files.flatMap((file) => related(path.join(root, file))));
  const seen = runSwitched(folder, {}, [...tests]);
  const covered = seen.filter(({ name }) => name !== undefined);
  for (const { atLoad = [] } of seen) for (const id of atLoad) alone.add(id);
  const caught = new Set();
  const done = new Set();
  ROUNDS.forEach((most, round) => {
    // Repeated if a fault has ended the process, as long as each run makes progress.
    for (let before = -1; before < caught.size + done.size;) {
      before = caught.size + done.size;
      const left = covered.filter(({ name }) => !done.has(name));
      const plan = planRound(left, caught, ROUNDS[round - 1] ?? 0, most);
      const files = left.flatMap(({ name, file }) => (plan[name] === undefined ? [] : [file]));
      const found = files.length === 0 ? [] : runSwitched(folder, { tests: plan }, [...new Set(files)]);
      const trying = found.at(-1)?.trying;
      if (trying !== undefined) caught.add(trying);
      for (const each of found) {
        if (each.caught !== undefined) caught.add(each.caught);
        if (each.done !== undefined) done.add(each.done);
      }
    }
  });
  rmSync(folder, { recursive: true, force: true });
  return { caught, alone };
}

/** The faults to try in each test of the round, by its name; in the last round each fault only in its three quickest tests. */
function planRound(covered, caught, least, most) {
  const times = new Map();
  const plan = {};
  for (const { name, took, reached } of covered.toSorted((a, b) => a.took - b.took)) {
    if (took < least || took >= most) continue;
    const ids = reached.filter((id) => !caught.has(id) && (most !== ROUNDS.at(-1) || (times.get(id) ?? 0) < 3));
    for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
    if (ids.length > 0) plan[name] = ids;
  }
  return plan;
}

/** Runs these test files and returns what scripts/mutate/runner.mjs notes. */
function runSwitched(folder, plan, tests) {
  const notes = path.join(folder, 'notes.jsonl');
  rmSync(notes, { force: true });
  writeFileSync(path.join(folder, 'plan.json'), JSON.stringify(plan));
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'scripts/mutate/vitest.config.mjs'];
  const env = { ...process.env, MUTATE_FOLDER: folder };
  spawnSync(process.execPath, [...args, ...tests.map((test) => path.relative(root, test))], { cwd: root, env, stdio: 'ignore' });
  const found = existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [];
  return found.map((line) => JSON.parse(line));
}

async function tryOut(mutant) {
  const file = path.join(root, mutant.name);
  const tests = related(file).slice(0, MOST);
  if (tests.length === 0) return 'untested';
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

/** The usable tests: those that are red without a fault, or slow, say nothing about one. */
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

/** Runs tests in the worker; undefined if they do not end, in which case Vitest and all that it started are killed. */
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

/** Picks `count` of them, the same ones for the same seed, in their order. */
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
