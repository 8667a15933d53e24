import { OUR_VARIABLES, BASE_URL } from '../../claude/variables.ts';
import { shellOf } from '../../edit/shell/list.ts';
import type { ShellId } from '../../edit/shell/types.ts';
import { detectShell } from '../../targets/detect-shell.ts';
import { shellIdOf } from '../../targets/types.ts';

type ShellContext = Parameters<typeof detectShell>[0];

/** Lines that unset orcc's variables in the running terminal; none if it has none of them. */
export function unsetLines(ctx: ShellContext): readonly string[] {
  const present = OUR_VARIABLES.filter((name) => ctx.env[name] !== undefined);
  if (present.length === 0 || ctx.env[BASE_URL] === undefined) return [];
  return shellOf(syntaxHere(ctx)).unset(present);
}

/** The lines in a sentence, to print when a command is done; empty if there are none. In backticks they are never folded. */
export function describeUnset(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`This terminal still has the variables; \`${lines.join('; ')}\` unsets them`];
}

/** The syntax of the terminal that orcc was started from. */
function syntaxHere(ctx: ShellContext): ShellId {
  const { target } = detectShell(ctx);
  return target === undefined ? 'sh' : shellIdOf(target);
}
