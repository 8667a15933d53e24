import { Argument, Command, Option } from 'commander';
import { describeCommand, type ArgumentRow, type CommandRow, type FlagRow } from '../core/command.ts';
import type { Context } from '../core/context.ts';
import { wrap } from '../text/wrap.ts';

/** Called for every command that can be run. */
export type Register = (command: Command, row: CommandRow) => void;

/** Builds commander's program from the command table. */
export function defineProgram(program: CommandRow, ctx: Pick<Context, 'version' | 'stdout'>, on: Register): Command {
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
    })
    .configureHelp({
      minWidthToWrap: 20,
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(' '),
    });
  return fill(root, program, on);
}

/** `[change...]`, `<code>`: an argument in the list of commands, which shows no flags. */
function termOf(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

/** Configures a command from its row, and adds its subcommands. */
function fill(command: Command, row: CommandRow, on: Register): Command {
  command.summary(row.summary).description(describeCommand(row)).helpCommand(false);
  if (row.usage !== undefined) command.usage(row.usage);
  if (row.group !== undefined) command.helpGroup(row.group);
  for (const argument of row.arguments ?? []) command.addArgument(toArgument(argument));
  for (const flag of row.flags) command.addOption(toOption(flag));
  const width = (): number => command.configureOutput().getOutHelpWidth?.() ?? 80;
  if (row.remark !== undefined) command.addHelpText('after', () => `\n${wrap(row.remark ?? '', width())}`);
  if (row.examples !== undefined) command.addHelpText('after', () => `\nExamples:\n${foldExamples(row.examples ?? [], width())}`);
  on(command, row);
  for (const each of row.commands ?? []) {
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

/** Wraps command lines so that they can still be pasted: one that is too long continues after a backslash. */
function foldExamples(lines: readonly string[], width: number): string {
  return lines.map((line) => `  ${wrap(line, width - 4, '      ').replaceAll('\n', ' \\\n')}`).join('\n');
}
