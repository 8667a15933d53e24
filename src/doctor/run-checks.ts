import type { Finding } from '../diagnose/finding.ts';
import type { Check, FixRequest } from './check.ts';
import { CHECKS } from './checks/index.ts';
import type { Observed } from './observed.ts';

export interface Checked {
  readonly code: string;
  /** What it says when all is well. */
  readonly fine: string;
  readonly findings: readonly Finding[];
  readonly fixes: readonly FixRequest[];
}

/** Runs every check over the same facts, in their order. Pure. */
export function runChecks(observed: Observed, checks: readonly Check[] = CHECKS): readonly Checked[] {
  return checks.map((check) => {
    const results = check.run(observed);
    return {
      code: check.code,
      fine: check.fine,
      findings: results.map(({ finding }) => finding),
      fixes: results.flatMap(({ finding, mends }) => mends.map((mend): FixRequest => ({ code: finding.code, ...mend }))),
    };
  });
}
