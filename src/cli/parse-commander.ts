import { CommanderError, type Command } from 'commander';
import { firstWord, loadProgram } from './commands.ts';
import type { Invocation } from './execute.ts';
import { defineProgram, type Register } from './program.ts';
import { checkWords, usageError } from './usage-error.ts';
import type { CommandRow } from '../core/command.ts';
import type { Context } from '../core/context.ts';

/**
 * Parses a command line with commander and returns what `invoke` makes of it; undefined if commander has answered already
 * (help). Throws exit 2 for anything it does not know.
 */
export async function parseWithCommander(
  argv: readonly string[],
  ctx: Context,
  invoke: (command: string, row: CommandRow, input: Readonly<Record<string, unknown>>) => Invocation,
): Promise<Invocation | undefined> {
  const surface = await loadProgram(firstWord(argv));
  await checkWords(argv, surface);
  let asked: Invocation | undefined;
  const on: Register = (command, row) =>
    command.action((...given: unknown[]) => {
      const words = Object.fromEntries((row.arguments ?? []).map(({ name }, index) => [name, given[index]]));
      // A flag that a parent command has too may have been parsed as the parent's.
      asked = invoke(fullName(command), row, { ...command.optsWithGlobals(), ...words });
    });
  const program = defineProgram(surface, ctx, on);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw await usageError(error, argv);
  }
  return asked;
}

/** `profile save` for a subcommand; the program's own name is left out. */
function fullName(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}
