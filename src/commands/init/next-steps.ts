import type { Style } from '../../text/style.ts';
import { wrap } from '../../text/wrap.ts';

/** What the user does now. `reloads` are the exact commands for the shells that were written. */
export interface NextSteps {
  readonly reloads: readonly string[];
  readonly hasSettings: boolean;
  readonly hasShells: boolean;
  /** Folders of running Claude Code sessions. */
  readonly sessions: readonly string[];
}

/** The last lines of init and switch: four at most, where the terminal is wide enough. */
export function renderNextSteps(next: NextSteps, style: Style): string {
  const sessions =
    next.sessions.length > 0
      ? `Restart Claude Code where it runs, with the old models: ${listFolders(next.sessions)}`
      : 'Sessions of Claude Code that run already keep the old models until restarted';
  const lines = [startOf(next, style), sessions, `Back: ${style.bold('orcc undo')}; everything of orcc away: ${style.bold('orcc remove')}`];
  return lines.map((line) => wrap(line, style.width, '  ')).join('\n');
}

/** Each folder once, the first two by name. */
function listFolders(sessions: readonly string[]): string {
  const folders = [...new Set(sessions)];
  const more = folders.length - 2;
  return `${folders.slice(0, 2).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function startOf({ reloads, hasShells, hasSettings }: NextSteps, style: Style): string {
  const start = `start Claude Code: ${style.bold('claude')}`;
  if (!hasShells) return `Now ${start}${hasSettings ? ', in any terminal or IDE' : ''}`;
  if (reloads.length === 0) return `Now open a new terminal and ${start}`;
  return `Now run ${reloads.map((command) => style.bold(command)).join(' or ')}, or open a new terminal; then ${start}`;
}
