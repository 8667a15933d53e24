import { afterAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { recoverPending } from '../../src/apply/recover.ts';
import { OrccError } from '../../src/core/errors.ts';
import { faultFs, Killed, type Fault } from '../support/fault-fs.ts';
import { CASES, type FaultCase } from '../support/fault-cases.ts';
import { expectNoOpenKey, expectWhole } from '../support/fault-check.ts';
import { contextFor, quickFiles } from '../support/temp-home.ts';

const ERRNOS = ['EIO', 'ENOSPC', 'EACCES', 'EBUSY', 'EPERM'];
const DEAD_PID = 1_000_001;
/** The points of a case in short tests: `npm run mutate` puts no fault before a long one. */
const PARTS = Array.from({ length: 10 }, (_, part) => part);
let points = 0;

/** Runs the case's change with one fault in it, lets the next command recover, and looks at everything. */
async function tryOut(testCase: FaultCase, fault: Fault | undefined): Promise<{ calls: readonly string[]; outcome: string }> {
  const home = testCase.setUp();
  try {
    const before = home.tree();
    const faulty = faultFs(quickFiles(), fault);
    let outcome = 'done';
    try {
      await applyPlan(
        contextFor(home.home, { fs: faulty.fs, pid: DEAD_PID, processes: { host: 'here', isRunning: () => true } }),
        testCase.plan(home),
        {
          folder: home.folder,
          command: 'switch',
        },
      );
    } catch (error) {
      if (error instanceof Killed) outcome = 'killed';
      else if (error instanceof OrccError && error.exit === 'refused') outcome = 'refused';
      else if (fault !== undefined && 'kill' in fault) outcome = 'killed';
      else throw error;
    }
    // Before anything is put right, too: no key may lie open for a moment.
    expectNoOpenKey(home);
    await recoverPending(home.ctx, home.folder);
    expectNoOpenKey(home);
    expectWhole(testCase, home, before, outcome === 'killed');
    return { calls: faulty.calls, outcome };
  } finally {
    home.remove();
  }
}

describe.each(CASES.map((testCase, index) => ({ ...testCase, index })))('a change of $name', (testCase) => {
  it('is done where nothing fails', async () => {
    expect((await tryOut(testCase, undefined)).outcome).toBe('done');
  });

  /** Puts one fault after the other into the calls that it is given for, at all or in one part of ten. */
  async function tryAll(faultAt: (at: number, call: string) => Fault | undefined, part?: number): Promise<void> {
    const { calls } = await tryOut(testCase, undefined);
    for (const [at, call] of calls.entries()) {
      const fault = part === undefined || at % PARTS.length === part ? faultAt(at, call) : undefined;
      if (fault === undefined) continue;
      await tryOut(testCase, fault).catch((error: unknown) => {
        throw new Error(`${JSON.stringify(fault)}, ${call}`, { cause: error });
      });
      points += 1;
    }
  }

  it.each(ERRNOS)('is wholly done or wholly refused whichever call fails with %s', async (errno) => {
    // Each call with each error in the first change; in the others, and in turns, with one of them. `npm run prove` tries all.
    const isAll = testCase.index === 0 || process.env['ORCC_PROVE_ALL'] !== undefined;
    await tryAll((at) => (isAll || ERRNOS[at % ERRNOS.length] === errno ? { at, errno } : undefined));
  });

  it.each(PARTS)('is put right by the next command where the process dies before any call, part %i', async (part) => {
    await tryAll((at) => ({ at, kill: 'before' }), part);
  });

  it.each(['after', 'half'] as const)('is put right by the next command where the process dies %s any call', async (kill) => {
    await tryAll((at, call) => (kill === 'after' || call.startsWith('write') ? { at, kill } : undefined));
  });
});

afterAll(() => {
  process.stderr.write(`faults: ${points} points tried\n`);
  expect(points).toBeGreaterThan(500);
});
