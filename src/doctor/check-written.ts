import type { Context } from '../core/context.ts';
import type { Finding } from '../core/finding.ts';
import type { FindingCode } from '../diagnose/table.ts';
import { CHECKS, runChecks } from './checks/index.ts';
import { observe } from './observe.ts';
import { readMachine } from './read-machine.ts';
import { sortFindings } from './view.ts';

/** Findings that `init` reports or asks about elsewhere, and those that have nothing to do with a setup that was just written. */
const ELSEWHERE: ReadonlySet<string> = new Set<FindingCode>([
  'AUTO_MODE_BLOCKED',
  'CLAUDE_MISSING',
  'CLAUDE_TOO_OLD',
  'CONTEXT_MISMATCH',
  'MODEL_EXPIRING',
  'MODEL_UNKNOWN',
  'MODEL_UNSUITED',
  'PRESET_STALE',
  'PROJECT_UNTRUSTED',
  'SESSION_LEFT',
  // A file that does not parse is never written, so it is not one that was just written.
  'SETTINGS_INVALID',
]);

/**
 * doctor's own checks, offline, on a setup that was just written: only errors and warnings, worst first. Starts the user's shell
 * and Claude Code (`--version`); changes nothing.
 */
export async function checkWritten(ctx: Context): Promise<readonly Finding[]> {
  const observed = await observe(ctx, readMachine(ctx), { written: true });
  const checks = CHECKS.filter(({ code }) => !ELSEWHERE.has(code));
  const found = runChecks(observed, checks).flatMap(({ findings }) => findings);
  return sortFindings(found.filter(({ severity }) => severity !== 'info'));
}
