import * as z from 'zod/mini';
import { defineProgram } from './program.ts';
import type { CommandRow } from '../core/command.ts';
import type { Context } from '../core/context.ts';
import { EXIT, OrccError } from '../core/errors.ts';
import { parseIntent } from '../core/intent.ts';
import type { Outcome } from '../core/outcome.ts';

const schema = z.object({ topic: z.optional(z.string()) });

/** Help for a command, on the exit codes, or the whole list. Throws exit 2 for another topic. */
export async function runHelp(ctx: Context, input: unknown, program: CommandRow): Promise<Outcome> {
  const { topic } = parseIntent(schema, input, ['topic']);
  const shown = topic === 'exit-codes' ? exitCodes() : helpOf(ctx, program, topic);
  return { exit: 'ok', data: null, findings: [], text: () => shown };
}

function exitCodes(): string {
  const rows = Object.values(EXIT).map(({ code, meaning }) => `${String(code).padStart(5)}  ${meaning}`);
  return `Exit codes:\n${rows.join('\n')}`;
}

function helpOf(ctx: Context, program: CommandRow, topic: string | undefined): string {
  const written: string[] = [];
  const stdout = { ...ctx.stdout, write: (text: string) => void written.push(text) };
  const root = defineProgram(program, { version: ctx.version, stdout }, () => undefined, topic);
  const command = topic === undefined ? root : root.commands.find((each) => each.name() === topic);
  if (command === undefined) throw new OrccError('usage', `There is no help on \`${topic ?? ''}\``, { hint: 'See `orcc --help`' });
  command.outputHelp();
  return written.join('');
}
