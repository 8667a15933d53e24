import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import type { SkipNote } from './prove.ts';

/**
 * Ends a run with what passed only at the second try, and with what it could not prove: every skipped test or suite with
 * the reason, as `needs` or `context.skip(reason)` gave it. With COUNTS_FILE set, adds the counts of the run to that file, one JSON document a line,
 * for `.ci/run`.
 */
export default class NotProvenReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: 'passed' | 'failed' | 'skipped'): number => tests.filter((test) => test.result().state === state).length;
    // A file that could not even be loaded has no tests to fail.
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const counts = { passed: count('passed'), failed: count('failed') + broken, skipped: count('skipped') };
    const report = [...modules.flatMap(describeModule), ...describeDataless(tests.filter(lacksData))];
    if (report.length > 0) {
      process.stdout.write(`Not proven here (${counts.skipped} of ${tests.length} tests were skipped):\n${report.join('\n')}\n\n`);
    }
    const flaky = tests.filter((test) => test.diagnostic()?.flaky === true);
    if (flaky.length > 0) process.stdout.write(`Passed at the second try:\n${flaky.flatMap(describeFlaky).join('\n')}\n\n`);
    const file = process.env['COUNTS_FILE'];
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(counts)}\n`);
  }
}

/** A line with the file and the title, and what the first try failed for, which is told nowhere else. */
function describeFlaky(test: TestCase): string[] {
  const name = `  ${test.module.relativeModuleId} > ${test.fullName}`;
  return [
    name,
    ...(test.result().errors ?? []).map(({ message, stack = '' }) => `    ${message}\n    ${stack.split('\n')[1]?.trim() ?? ''}`),
  ];
}

/** How the title says of what reads the test data beside the repository (`besideTitle`) how many tests it stands for. */
const BESIDE = /\((\d+) more, skipped where /;

/** Whether the test needs that data. */
function lacksData(test: TestCase): boolean {
  return isSkipped(test) && BESIDE.test(test.fullName);
}

/** One line for all that would need that data. */
function describeDataless(tests: readonly TestCase[]): string[] {
  const files = [...new Set(tests.map(({ module }) => module.relativeModuleId))];
  const more = tests.reduce((sum, { fullName }) => sum + Number(BESIDE.exec(fullName)?.[1]), 0);
  return tests.length === 0
    ? []
    : [
        `  ${tests.length} tests, which stand for ${more} more, need OpenRouter test data beside the repository (test/support/shared.ts), in ${files.join(', ')}`,
      ];
}

function describeModule(module: TestModule): string[] {
  const reasons = reasonsOf(module.moduleId);
  const skipped = [...module.children].flatMap(describeSkipped);
  if (skipped.length === 0 && reasons.length === 0) return [];
  const title = [module.relativeModuleId, ...(reasons.length === 0 ? [] : [reasons.join('; ')])].join(': ');
  return [`  ${title}`, ...skipped.map((line) => `    - ${line}`)];
}

/** One line for a skipped test, and one for a whole suite of them. */
function describeSkipped(task: TestCase | TestSuite): string[] {
  if (task.type === 'test') return isSkipped(task) && !lacksData(task) ? [[task.fullName, ...notesOf([task])].join(': ')] : [];
  const inside = [...task.children.allTests()].filter((test) => !lacksData(test));
  if (inside.length < 2 || !inside.every(isSkipped)) return [...task.children].flatMap(describeSkipped);
  return [[`${task.fullName} (${inside.length} tests)`, ...notesOf(inside)].join(': ')];
}

function isSkipped(test: TestCase): boolean {
  return test.result().state === 'skipped';
}

/** What `context.skip(reason)` said, at most one text. */
function notesOf(tests: readonly TestCase[]): string[] {
  const notes = tests.flatMap((test) => {
    const result = test.result();
    return result.state === 'skipped' && result.note !== undefined ? [result.note] : [];
  });
  return notes.length === 0 ? [] : [[...new Set(notes)].join('; ')];
}

/** What the tests of one file said that they need and this machine lacks. */
function reasonsOf(moduleId: string): string[] {
  const file = process.env['PROVE_NOTES_FILE'];
  if (file === undefined || !existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const notes = lines.map((line) => JSON.parse(line) as SkipNote);
  return [...new Set(notes.filter((note) => path.resolve(note.module) === path.resolve(moduleId)).map((note) => note.reason))];
}
