import type { Context } from '../../core/context.ts';
import { stripControls } from '../../text/text.ts';

/** The most bytes and lines of its output that are shown. */
const MOST = 16_000;
const MOST_LINES = 20;
/** Milliseconds; Claude Code itself gives up on a status line that takes longer. */
const TIMEOUT_MS = 4000;
const COLOURS = /\x1b\[[0-9;]*m/g;

/**
 * What the user's own status line command prints, given the same input: its lines, colours kept, other control characters dropped.
 * Empty if it fails, so that orcc's own line is still shown.
 */
export async function runAfter(
  ctx: Pick<Context, 'exec' | 'env' | 'cwd' | 'platform' | 'signal'>,
  command: string,
  input: string,
): Promise<string> {
  const [shell, flag] = ctx.platform === 'win32' ? ['cmd', '/c'] : ['sh', '-c'];
  try {
    const { stdout } = await ctx.exec.run(shell, [flag, command], {
      env: ctx.env,
      cwd: ctx.cwd,
      input,
      timeoutMs: TIMEOUT_MS,
      // Otherwise a process that it started could keep its output open.
      group: true,
      maxBytes: MOST,
      signal: ctx.signal,
    });
    return stdout.trimEnd().split('\n', MOST_LINES).map(keepColours).join('\n').trim();
  } catch {
    return '';
  }
}

function keepColours(line: string): string {
  const colours = line.match(COLOURS) ?? [];
  return line
    .split(COLOURS)
    .map((part, index) => stripControls(part) + (colours[index] ?? ''))
    .join('');
}
