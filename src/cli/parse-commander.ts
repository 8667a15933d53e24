import { CommanderError, type Command } from 'commander';
import { PROGRAM } from './commands.ts';
import type { Invocation } from './execute.ts';
import { defineProgram, type Register } from './program.ts';
import { shownCommands, type CommandRow } from '../core/command.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { unknownWord } from '../core/unknown-word.ts';

/**
 * Reads a command line with commander and gives what `invoke` makes of it; undefined where commander has answered already
 * (help). Throws exit 2 for anything it does not know.
 */
export async function parseWithCommander(
  argv: readonly string[],
  ctx: Context,
  invoke: (command: string, row: CommandRow, input: Readonly<Record<string, unknown>>) => Invocation,
): Promise<Invocation | undefined> {
  let asked: Invocation | undefined;
  const on: Register = (command, row) =>
    command.action((...given: unknown[]) => {
      const words = Object.fromEntries((row.arguments ?? []).map(({ name }, index) => [name, given[index]]));
      // A flag that a command above has too may have been taken by that one.
      asked = invoke(fullName(command), row, { ...command.optsWithGlobals(), ...words });
    });
  const first = argv.find((word) => !word.startsWith('-'));
  const isCommand = PROGRAM.commands?.some(({ name }) => name === first);
  const program = defineProgram(PROGRAM, ctx, on, isCommand ? first : undefined);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error, argv);
  }
  return asked;
}

/** `profile save` for a command below another; the program's own name is left out. */
function fullName(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}

/** commander's complaint in the form of orcc's own messages: what, and the nearest valid words. */
function usageError(error: CommanderError, argv: readonly string[]): OrccError {
  if (error.code === 'commander.excessArguments') {
    const unknown = unknownCommand(argv);
    if (unknown !== undefined) return unknown;
  }
  const [first = 'Bad usage', ...more] = error.message.replace(/^error: /, '').split('\n');
  const quoted = first.replaceAll("'", '`');
  const message = quoted.charAt(0).toUpperCase() + quoted.slice(1).replace(/\.$/, '');
  const suggestion = more.find((line) => line.startsWith('(Did you mean'));
  const command = PROGRAM.commands?.find(({ name }) => argv.includes(name));
  const see = `See \`orcc ${command === undefined ? '' : `${command.name} `}--help\``;
  const near = suggestion === undefined ? '' : `${suggestion.slice(1, -1).replace(/(--[\w-]+)/g, '`$1`')} `;
  return new OrccError('usage', message, { hint: `${near}${see}` });
}

/** The first word, or the word behind a command that has others below it, where there is no such command. */
function unknownCommand(argv: readonly string[]): OrccError | undefined {
  const [word, below] = argv.filter((each) => !each.startsWith('-'));
  const names = shownCommands(PROGRAM).map(({ name }) => name);
  const command = PROGRAM.commands?.find(({ name }) => name === word);
  if (command === undefined) return word === undefined ? undefined : unknownWord('command', word, names);
  const lower = command.commands?.map(({ name }) => name) ?? [];
  return lower.length === 0 || below === undefined || lower.includes(below)
    ? undefined
    : unknownWord(`command \`orcc ${command.name}\``, below, lower);
}
