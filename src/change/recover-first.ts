import { findInterrupted, recoverPending, type RecoveredRun } from '../apply/recover.ts';
import { sweepSessions } from './session-file.ts';
import { checkHome } from '../targets/check-home.ts';
import { orccFolder } from '../core/folder.ts';
import type { Context } from '../core/context.ts';
import type { Say } from '../core/say.ts';

/**
 * Repairs what a killed run left half-done, and says so. Runs before anything is read, so that no decision rests on
 * half-written files: every command that writes begins with it. Throws exit 6 if it can't get the lock, and if the home
 * belongs to someone else.
 */
export async function recoverFirst(ctx: Context, say: Say): Promise<void> {
  checkHome(ctx);
  sweepSessions(ctx);
  const recovered = await recoverPending(ctx, orccFolder(ctx));
  for (const run of recovered?.runs ?? []) say.warn(describeRecovered(run));
}

/** One sentence for commands that only read, if a killed run left something half-done; else undefined. */
export function describeInterrupted(
  ctx: Pick<Context, 'fs' | 'clock' | 'platform' | 'pid' | 'processes' | 'home' | 'env' | 'random' | 'uid'>,
): string | undefined {
  const command = findInterrupted(ctx, orccFolder(ctx));
  return command === undefined
    ? undefined
    : `An earlier \`orcc ${command}\` was interrupted; the next command that writes (\`orcc undo\` too) repairs its files first`;
}

/** One sentence on a run that was killed half-way. */
export function describeRecovered(run: RecoveredRun): string {
  const what = `An earlier \`orcc ${run.command}\` was interrupted`;
  if (run.outcome === 'finished') return `${what} after its last file: nothing is missing`;
  const left = run.left.length === 0 ? '' : `; ${run.left.join(', ')} was changed since and stays as it is`;
  if (run.outcome === 'rolled-back') return `${what}: its files were restored${left}`;
  return `${what}, and ${run.failed.join(', ')} can't be restored yet: fix the file, then run orcc again`;
}
