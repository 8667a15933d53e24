// Runs each test once without a fault, to see which faults it reaches, or once for every fault that it reaches (scripts/mutate.mjs).
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { VitestTestRunner } from 'vitest/runners';

const { MUTATE_FOLDER: folder = '' } = process.env;
const plan = JSON.parse(readFileSync(path.join(folder, 'plan.json'), 'utf8'));
const note = (value) => appendFileSync(path.join(folder, 'notes.jsonl'), `${JSON.stringify(value)}\n`);

// One process runs all files, and loads this file for each of them.
const state = (globalThis.__faults ??= { active: undefined, reached: new Set(), caught: new Set(), asked: 0 });
globalThis.__fault ??= (id) => {
  state.asked += 1;
  if (state.active === undefined) {
    state.reached.add(id);
    return false;
  }
  // A fault may make a loop endless.
  if (state.asked === state.most * 3) {
    // The loop has gone on in spite of the error below.
    process.kill(process.pid, 'SIGKILL');
  }
  if (state.asked > state.most) throw new Error('without an end');
  return id === state.active;
};

export default class extends VitestTestRunner {
  async onBeforeRunTask(test) {
    await super.onBeforeRunTask(test);
    const name = nameOf(test);
    const ids = plan.tests === undefined ? [] : (plan.tests[name] ?? []).filter((id) => !state.caught.has(id));
    if (plan.tests !== undefined && ids.length === 0) test.mode = 'skip';
    if (test.mode !== 'run' && test.mode !== 'queued') return;
    // Not reached by a test, but while a module was loaded.
    if (plan.tests === undefined && state.reached.size > 0) note({ atLoad: [...state.reached] });
    // One try without a fault before and after them: a fault may spoil what the next test finds, and a test may fail when run twice.
    state.tries = [undefined, ...ids, undefined];
    Object.assign(state, { name, isSpoilt: false, start: performance.now(), cpu: process.cpuUsage() });
    state.reached.clear();
    Object.assign(test, { repeats: state.tries.length - 1, retry: 0 });
  }

  onBeforeTryTask(test, options) {
    super.onBeforeTryTask(test, options);
    const { repeats } = options;
    if (repeats > 0) this.settle(test, repeats - 1);
    if (repeats === 1) state.most = state.asked * 10 + 100_000;
    state.active = state.isSpoilt || state.caught.has(state.tries[repeats]) ? undefined : state.tries[repeats];
    state.asked = 0;
    // If this fault ends the process, it is the last one noted.
    if (state.active !== undefined) note({ trying: state.active });
  }

  onAfterRunTask(test) {
    this.settle(test, state.tries.length - 1);
    state.active = undefined;
    state.reached.clear();
    super.onAfterRunTask(test);
  }

  /** Notes the result of the previous try. */
  settle(test, index) {
    const failed = (test.result?.errors ?? []).length > 0;
    const id = state.tries[index];
    if (index === 0 && plan.tests === undefined) state.took = timeOf(state);
    if (failed && id === undefined) {
      state.isSpoilt = true;
      note({ spoilt: state.name });
      // An earlier fault has spoilt this process: the next one continues here.
      if (index === 0 && state.caught.size > 0) process.kill(process.pid, 'SIGKILL');
    } else if (failed && state.active === id) {
      state.caught.add(id);
      note({ caught: id });
    }
    const isLast = index === state.tries.length - 1;
    if (isLast && plan.tests !== undefined) note({ done: state.name });
    if (isLast && plan.tests === undefined && !state.isSpoilt)
      note({ name: state.name, file: test.file.filepath, took: state.took, reached: [...state.reached] });
    Object.assign(test.result, { errors: undefined, state: isLast ? 'pass' : 'run' });
  }
}

/** Milliseconds of processor time, which a busy machine does not change; for a test that waits, at least a fifth of the elapsed time. */
function timeOf({ start, cpu }) {
  const { user, system } = process.cpuUsage(cpu);
  return Math.max((user + system) / 1000, (performance.now() - start) / 5);
}

function nameOf(test) {
  const names = [];
  for (let each = test; each !== undefined && each !== each.file; each = each.suite) names.unshift(each.name);
  return [test.file.name, ...names].join(' > ');
}
