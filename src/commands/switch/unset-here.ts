import { OUR_VARIABLES, BASE_URL } from '../../claude/variables.ts';
import { detectShell } from '../../targets/detect-shell.ts';
import { unsetLines } from '../../targets/unset-command.ts';

/** Lines that unset orcc's variables in the running terminal, blank ones too; none if no base URL is left in it. */
export function unsetHere(ctx: Parameters<typeof detectShell>[0]): readonly string[] {
  if ((ctx.env[BASE_URL] ?? '') === '') return [];
  return unsetLines(
    detectShell(ctx).target,
    OUR_VARIABLES.filter((name) => ctx.env[name] !== undefined),
  );
}

/** The lines in a sentence, to print when a command is done; empty if there are none. In backticks they are never folded. */
export function describeUnset(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`This terminal still has the variables; \`${lines.join('; ')}\` unsets them`];
}
