import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import type { SkipNote } from './prove.ts';

/**
 * Ends a run with what it could not prove: every skipped test with the reason, as `needs` or `context.skip(reason)` gave
 * it. With COUNTS_FILE set, adds the counts of the run to that file, one JSON document a line, for `.ci/run`.
 */
export default class NotProvenReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const lines: string[] = [];
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1;
      const skipped: string[] = [];
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state !== 'pending') counts[result.state] += 1;
        if (result.state === 'skipped') skipped.push(result.note === undefined ? test.fullName : `${test.fullName}: ${result.note}`);
      }
      const reasons = reasonsOf(module.moduleId);
      if (skipped.length === 0 && reasons.length === 0) continue;
      lines.push(
        `  ${module.relativeModuleId}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`,
        ...skipped.map((title) => `    - ${title}`),
      );
    }
    const { passed, failed, skipped } = counts;
    if (lines.length > 0)
      process.stdout.write(`Not proven here (${skipped} of ${passed + failed + skipped} tests were skipped):\n${lines.join('\n')}\n\n`);
    const file = process.env['COUNTS_FILE'];
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(counts)}\n`);
  }
}

/** What the tests of one file said that they need and this machine lacks. */
function reasonsOf(moduleId: string): string[] {
  const file = process.env['PROVE_NOTES_FILE'];
  if (file === undefined || !existsSync(file)) return [];
  const notes = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SkipNote);
  return [...new Set(notes.filter((note) => path.resolve(note.module) === path.resolve(moduleId)).map((note) => note.reason))];
}
