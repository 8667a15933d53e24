import type { Machine } from '../../change/machine.ts';
import { withoutIdle } from '../../change/prove-reached.ts';
import { reloadCommands } from '../../change/reload.ts';
import { listSessions } from '../../claude/sessions.ts';
import { findClaude, INSTALL_COMMAND } from '../../claude/version.ts';
import type { Context } from '../../core/context.ts';
import { isShared, isShellTarget, type TargetId } from '../../targets/types.ts';
import type { Style } from '../../text/style.ts';
import { shortPath } from '../../text/text.ts';
import { wrap, cellWidth } from '../../text/wrap.ts';

/** What the user can do next. `reloads` are the exact commands for the shells that were written. */
export interface NextSteps {
  readonly reloads: readonly string[];
  readonly hasSettings: boolean;
  readonly hasShells: boolean;
  /** Only start-up files were written, and no start runs orcc's block in them. */
  readonly isIdle?: boolean;
  /** True if Claude Code is installed. */
  readonly hasClaude: boolean;
  /** Folders of running Claude Code sessions. */
  readonly sessions: readonly string[];
}

/** The last lines of init and switch: at most four in a terminal of 80 columns. */
export function renderNextSteps(next: NextSteps, style: Style): string {
  const lines = [
    // On a line of its own, so that it can be copied as a whole.
    ...(next.hasClaude ? [] : [`Install Claude Code: ${style.bold(INSTALL_COMMAND)}`]),
    ...(next.isIdle === true ? [] : [startOf(next, style)]),
    restartOf(next.sessions, style),
    `Undo this: ${style.bold('orcc undo')}; remove orcc completely: ${style.bold('orcc remove')}`,
  ];
  return lines.map((line) => wrap(line, style.width, '  ')).join('\n');
}

/** One line, with the names of at most two folders if they fit, else with their number. */
function restartOf(sessions: readonly string[], { width }: Style): string {
  const folders = [...new Set(sessions)];
  if (folders.length === 0) return 'Running Claude Code sessions keep the old models until restarted';
  const restart = 'Restart Claude Code where it still uses the old models';
  const named = [2, 1].map((count) => {
    const more = folders.length - count;
    return `${restart}: ${folders.slice(0, count).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
  });
  const counted = `${restart} (${folders.length} ${folders.length === 1 ? 'folder' : 'folders'})`;
  return named.find((text) => cellWidth(text) <= width) ?? counted;
}

function startOf({ reloads, hasShells, hasSettings }: NextSteps, style: Style): string {
  const start = `start Claude Code: ${style.bold('claude')}`;
  if (!hasShells) return `Now ${start}${hasSettings ? ', in any terminal or IDE' : ''}`;
  if (reloads.length === 0) return `Now open a new terminal and ${start}`;
  return `Now run ${reloads.map((command) => style.bold(command)).join(' or ')}, or open a new terminal; then ${start}`;
}

/** The next steps after a change of these targets. Looks for running sessions only on a terminal. */
export async function gatherNextSteps(ctx: Context, ids: readonly TargetId[], machine: Machine): Promise<NextSteps> {
  const sessions = ctx.interactive ? await listSessions(ctx) : [];
  const used = withoutIdle(ctx, ids, machine);
  return {
    reloads: reloadCommands(ctx, used, machine),
    hasShells: used.some((id) => isShellTarget(id)),
    isIdle: used.length === 0,
    hasClaude: findClaude(ctx) !== undefined,
    hasSettings: ids.some((id) => !isShellTarget(id) && !isShared(id)),
    sessions: sessions.map((session) => shortPath(session.cwd ?? `process ${session.pid}`, ctx.home)),
  };
}
