import { CommanderError, type Command } from 'commander';
import { defineProgram } from './cli.ts';
import type { Register } from './command-kit.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { Invocation } from './execute.ts';
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
  const on: Register = (command, load, argumentNames = []) =>
    command.action((...given: unknown[]) => {
      // A flag that a command above has too may have been taken by that one.
      const flags: Record<string, unknown> = command.optsWithGlobals();
      const named = Object.fromEntries(argumentNames.map((name, index) => [name, given[index]]));
      asked = {
        command: fullName(command),
        json: flags['json'] === true,
        yes: flags['yes'] === true,
        run: async (context) => (await load())(context, { ...flags, ...named, ...passed }),
      };
    });
  const program = defineProgram(ctx, on);
  try {
    await program.parseAsync([...own], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error, own, program);
  }
  return asked;
}

/** `profile save` for a command below another; the program's own name is left out. */
function fullName(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}

/** commander's complaint in the form of orcc's own messages: what, and the nearest valid words. */
function usageError(error: CommanderError, argv: readonly string[], program: Command): OrccError {
  const [first = 'Bad usage', ...more] = error.message.replace(/^error: /, '').split('\n');
  const word = argv.find((each) => !each.startsWith('-'));
  // What starts with underscores is between orcc and its completion scripts.
  const names = program.commands.map((each) => each.name()).filter((name) => !name.startsWith('__'));
  const parent = program.commands.find((each) => each.name() === word && each.commands.length > 0);
  const below = argv.slice(argv.indexOf(word ?? '') + 1).find((each) => !each.startsWith('-'));
  if (
    error.code === 'commander.excessArguments' &&
    parent !== undefined &&
    below !== undefined &&
    !parent.commands.some((each) => each.name() === below)
  ) {
    return unknownWord(
      `command \`orcc ${parent.name()}\``,
      below,
      parent.commands.map((each) => each.name()),
    );
  }
  if (error.code === 'commander.excessArguments' && word !== undefined && !names.includes(word)) return unknownWord('command', word, names);
  const quoted = first.replaceAll("'", '`');
  const message = quoted.charAt(0).toUpperCase() + quoted.slice(1).replace(/\.$/, '');
  const suggestion = more.find((line) => line.startsWith('(Did you mean'));
  const command = program.commands.find((each) => argv.includes(each.name()));
  const see = `See \`orcc ${command === undefined ? '' : `${command.name()} `}--help\``;
  const near = suggestion === undefined ? '' : `${suggestion.slice(1, -1).replace(/(--[\w-]+)/g, '`$1`')} `;
  return new OrccError('usage', message, { hint: `${near}${see}` });
}
