import type { Style } from '../../text/style.ts';

/** What the user does now. `reloads` are the exact commands for the shells that were written. */
export interface NextSteps {
  readonly reloads: readonly string[];
  readonly hasSettings: boolean;
  readonly hasShells: boolean;
  /** Folders of running Claude Code sessions. */
  readonly sessions: readonly string[];
  /** Told only once, at the first set-up (design D21). */
  readonly first: boolean;
  readonly freeModels: boolean;
}

/** The last lines of init and switch. */
export function renderNextSteps(next: NextSteps, style: Style): string {
  const lines = ['', style.bold('Now')];
  if (next.reloads.length > 0) {
    lines.push(`  In this terminal: ${next.reloads.map((command) => style.bold(command)).join('  or  ')}`);
    lines.push('  Or open a new terminal. Then start Claude Code: `claude`');
  } else if (next.hasShells) {
    lines.push('  Open a new terminal. Then start Claude Code: `claude`');
  } else if (next.hasSettings) {
    lines.push('  Start Claude Code: `claude`. It reads its settings at its start, in every terminal and IDE');
  }
  lines.push(
    next.sessions.length > 0
      ? `  These Claude Code sessions keep the old models until you restart them: ${next.sessions.join(', ')}`
      : '  Claude Code sessions that are already running keep the old models until you restart them',
  );
  lines.push(`  To take this back: ${style.bold('orcc undo')}; to take everything of orcc away: ${style.bold('orcc remove')}`);
  if (!next.first) return lines.join('\n');
  lines.push(style.dim('  Good to know: your prompts and code go to the providers behind the chosen models.'));
  lines.push(style.dim("  OpenRouter guarantees Claude Code only with Anthropic's own models; run `orcc test` when one misbehaves."));
  if (next.freeModels) lines.push(style.dim('  Free models allow about 50 calls a day, less than one session of Claude Code.'));
  return lines.join('\n');
}
