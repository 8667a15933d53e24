import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { blockSequences, reversals } from '../support/block-sequences.ts';
import { memberSequences, undoSequences } from '../support/edit-sequences.ts';

/** ORCC_PROVE_RUNS makes it shorter or longer. */
const RUNS = Number(process.env['ORCC_PROVE_RUNS'] ?? 10_000);

it(`${RUNS} random settings files and sequences of changes give the exact bytes back`, () => {
  const result = fc.check(memberSequences, { numRuns: RUNS });
  expect(result.failed, fc.defaultReportMessage(result)).toBe(false);
});

it(`${RUNS} random start-up files and sequences of changes of the block give the exact bytes back`, () => {
  const result = fc.check(blockSequences, { numRuns: RUNS });
  expect(result.failed, fc.defaultReportMessage(result)).toBe(false);
});

it(`${RUNS} random changes of a block are taken back beside what someone has added since`, () => {
  const result = fc.check(reversals, { numRuns: RUNS });
  expect(result.failed, fc.defaultReportMessage(result)).toBe(false);
});

it(`${RUNS} random sequences of changes and undos on disk end in states that were there`, async () => {
  const result = await fc.check(undoSequences, { numRuns: RUNS });
  expect(result.failed, fc.defaultReportMessage(result)).toBe(false);
});
