import type { Finding } from '../core/finding.ts';
import type { Check, FixRequest, Result } from './check.ts';
import { CHECKS } from './checks/index.ts';
import type { Observed } from './observed.ts';

export interface Checked {
  readonly code: string;
  /** What it says when all is well; absent where it has nothing to look at here. */
  readonly fine?: string;
  readonly findings: readonly Finding[];
  readonly fixes: readonly FixRequest[];
}

/** Runs every check over the same facts, in their order. Pure. */
export function runChecks(observed: Observed, checks: readonly Check[] = CHECKS): readonly Checked[] {
  return checks.map((check) => {
    const results = check.run(observed);
    return {
      code: check.code,
      ...(check.applies?.(observed) === false ? {} : { fine: check.fine }),
      findings: results.map((result) => withHonestFix(result, observed)),
      fixes: results.flatMap(({ finding, mends = [] }) => mends.map((mend): FixRequest => ({ code: finding.code, ...mend }))),
    };
  });
}

/** A row of the table names `doctor --fix` where that can help in general; here it may have nothing to mend with. */
function withHonestFix({ finding, mends = [], byHand }: Result, { wanted }: Observed): Finding {
  if (mends.length > 0 || !finding.fix.includes('doctor --fix')) return finding;
  if (byHand !== undefined) return { ...finding, fix: byHand };
  return { ...finding, fix: wanted === undefined ? 'run `orcc init` again, or fix it by hand' : 'fix it by hand' };
}
