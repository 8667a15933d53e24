import { CommanderError, type Command } from 'commander';
import { PROGRAM } from './commands.ts';
import type { Invocation } from './execute.ts';
import { defineProgram, type Register } from './program.ts';
import { shownCommands } from '../core/command.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { unknownWord } from '../core/unknown-word.ts';

/**
 * Returns what argv asks for, or undefined where commander has answered already (help). Throws exit 2 for anything
 * it does not know. What stands behind the `--` of `orcc run` belongs to Claude Code and is looked at by nobody here.
 */
export async function parseArgv(argv: readonly string[], ctx: Context): Promise<Invocation | undefined> {
  let asked: Invocation | undefined;
  const cut = argv[0] === 'run' || argv[0] === '__complete' ? argv.indexOf('--') : -1;
  const own = cut < 0 ? argv : argv.slice(0, cut);
  const passed = cut < 0 ? {} : { rest: argv.slice(cut + 1) };
  const on: Register = (command, { arguments: named = [], load }) =>
    command.action((...given: unknown[]) => {
      // A flag that a command above has too may have been taken by that one.
      const flags: Record<string, unknown> = command.optsWithGlobals();
      const words = Object.fromEntries(named.map(({ name }, index) => [name, given[index]]));
      asked = {
        command: fullName(command),
        json: flags['json'] === true,
        yes: flags['yes'] === true,
        run: async (context) => (await load())(context, { ...flags, ...words, ...passed }, PROGRAM),
      };
    });
  const first = own.find((word) => !word.startsWith('-'));
  const isCommand = PROGRAM.commands?.some(({ name }) => name === first);
  const program = defineProgram(PROGRAM, ctx, on, isCommand ? first : undefined);
  try {
    await program.parseAsync([...own], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error, own);
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
