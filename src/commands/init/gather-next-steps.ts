import { listSessions } from '../../claude/sessions.ts';
import type { Context } from '../../core/context.ts';
import type { NextSteps } from './next-steps.ts';
import type { Machine } from '../../change/machine.ts';
import { shortPath } from '../../text/text.ts';
import { reloadCommands } from '../../change/reload.ts';
import { isShared, isShellTarget, SHELL_TARGETS, type TargetId } from '../../targets/types.ts';

/** What the user does after a change of these targets. Running sessions are looked for on a terminal alone. */
export async function gatherNextSteps(ctx: Context, ids: readonly TargetId[], machine: Machine): Promise<NextSteps> {
  const sessions = ctx.interactive ? await listSessions(ctx) : [];
  return {
    reloads: reloadCommands(ctx, ids, machine),
    hasShells: ids.some((id) => SHELL_TARGETS.includes(id)),
    hasSettings: ids.some((id) => !isShellTarget(id) && !isShared(id)),
    sessions: sessions.map((session) => shortPath(session.cwd ?? `process ${session.pid}`, ctx.home)),
  };
}
