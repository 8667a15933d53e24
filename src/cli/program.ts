import { Argument, Command, Option } from 'commander';
import type { ArgumentRow, CommandRow, FlagRow } from '../core/command.ts';
import type { Context } from '../core/context.ts';

/** Is told of every command that can be run. */
export type Register = (command: Command, row: CommandRow) => void;

/**
 * commander's program of a table of commands. Where `asked` names one of them, it is the only one that is made: that is all
 * it takes to read its command line or print its help.
 */
export function defineProgram(program: CommandRow, ctx: Pick<Context, 'version' | 'stdout'>, on: Register, asked?: string): Command {
  const root = new Command(program.name)
    .version(ctx.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => ctx.stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(100, ctx.stdout.columns),
      getOutHasColors: () => ctx.stdout.colorLevel > 0,
    });
  return fill(root, program, on, asked);
}

/** Gives a command what its row says, and the commands below it. */
function fill(command: Command, row: CommandRow, on: Register, asked?: string): Command {
  command
    .summary(row.summary)
    .description(row.description ?? '')
    .helpCommand(false);
  if (row.usage !== undefined) command.usage(row.usage);
  if (row.group !== undefined) command.helpGroup(row.group);
  for (const argument of row.arguments ?? []) command.addArgument(toArgument(argument));
  for (const flag of row.flags) command.addOption(toOption(flag));
  const after = [row.remark, row.examples && ['Examples:', ...row.examples.map((line) => `  ${line}`)].join('\n')];
  for (const text of after) if (text !== undefined) command.addHelpText('after', `\n${text}`);
  on(command, row);
  for (const each of row.commands ?? []) {
    if (asked !== undefined && asked !== each.name) continue;
    const isHidden = each.name.startsWith('__');
    const below = command.command(each.name, { hidden: isHidden });
    fill(isHidden ? below.helpOption(false) : below, each, on);
  }
  return command;
}

function toOption({ flags, note, choices, isRepeatable }: FlagRow): Option {
  const option = new Option(flags, note);
  if (choices !== undefined) option.choices(choices);
  if (isRepeatable) option.argParser((value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value]);
  return option;
}

function toArgument({ shape, note, choices }: ArgumentRow): Argument {
  const argument = new Argument(shape, note);
  return choices === undefined ? argument : argument.choices(choices);
}
