import { OUR_VARIABLES } from '../claude/variables.ts';
import type { Context } from '../context.ts';
import { shellOf } from '../shells/list.ts';
import type { ShellId } from '../shells/types.ts';

/** Lines that take orcc's variables out of the running terminal; none where it has none of them. */
export function unsetLines(ctx: Pick<Context, 'env' | 'platform'>): readonly string[] {
  const present = OUR_VARIABLES.filter((name) => ctx.env[name] !== undefined);
  if (present.length === 0 || ctx.env['ANTHROPIC_BASE_URL'] === undefined) return [];
  return shellOf(syntaxHere(ctx)).unset(present);
}

/** The syntax of the terminal that orcc was started from. */
export function syntaxHere(ctx: Pick<Context, 'env' | 'platform'>): ShellId {
  const shell = ctx.env['SHELL'] ?? '';
  if (shell.endsWith('/fish')) return 'fish';
  return ctx.platform === 'win32' && shell === '' ? 'powershell' : 'sh';
}
