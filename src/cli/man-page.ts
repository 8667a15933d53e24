import type { Command, Option } from 'commander';
import { EXIT } from '../core/errors.ts';

/** Text as roff takes it: no line may begin like a request, and a dash is a dash. */
function escape(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join('\n');
}

const bold = (text: string): string => `\\fB${escape(text)}\\fR`;

function describeOption(option: Option): string {
  const choices = option.argChoices === undefined ? '' : ` (${option.argChoices.join(', ')})`;
  return `.TP\n${bold(option.flags)}\n${escape(option.description)}${escape(choices)}`;
}

/** Commands with their path, as the help lists them; the hidden ones are left out. */
function listCommands(
  command: Command,
  path: readonly string[] = [],
): readonly { readonly path: readonly string[]; readonly command: Command }[] {
  return command.commands
    .filter((each) => !each.name().startsWith('__'))
    .flatMap((each) => [{ path: [...path, each.name()], command: each }, ...listCommands(each, [...path, each.name()])]);
}

function describeCommand(path: readonly string[], command: Command): string {
  const parts = [
    `.SS ${bold(['orcc', ...path].join(' '))} ${escape(command.usage())}`,
    escape(command.description() === '' ? `${command.summary()}.` : command.description()),
  ];
  return [...parts, ...command.options.filter((option) => !option.hidden).map(describeOption)].join('\n');
}

/** orcc(1) in roff, from the tree of commands: `npm run docs` writes it to man/orcc.1. Pure. */
export function renderManPage(program: Command): string {
  const exits = Object.values(EXIT).map(({ code, meaning }) => `.TP\n${bold(String(code))}\n${escape(meaning)}`);
  return `${[
    '.\\" Made from the tree of commands by `npm run docs`; do not edit it by hand.',
    '.TH ORCC 1',
    '.SH NAME',
    "orcc \\- puts Claude Code on OpenRouter's models",
    '.SH SYNOPSIS',
    `${bold('orcc')} [\\fIcommand\\fR] [\\fIoptions\\fR]`,
    '.SH DESCRIPTION',
    escape(program.description()),
    '.SH COMMANDS',
    ...listCommands(program).map(({ path, command }) => describeCommand(path, command)),
    '.SH EXIT STATUS',
    ...exits,
    '.SH FILES',
    '.TP',
    bold('~/.config/orcc'),
    'key, configuration, history and cached catalog ($XDG_CONFIG_HOME/orcc; %LOCALAPPDATA%\\eorcc on Windows)',
    '.TP',
    bold('orcc.json'),
    escape('the mapping that a repository asks for; `orcc check` compares'),
    '.SH SEE ALSO',
    '.BR claude (1)',
  ].join('\n')}\n`;
}
