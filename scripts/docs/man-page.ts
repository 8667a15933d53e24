import { describeCommand, shownCommands, type CommandRow, type FlagRow } from '../../src/core/command.ts';
import { EXIT } from '../../src/core/errors.ts';

/** Escapes text for roff: no line may begin like a request, and every dash stays a dash. */
function escape(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join('\n');
}

const bold = (text: string): string => `\\fB${escape(text)}\\fR`;

function describeFlag({ flags, note, choices }: FlagRow): string {
  const values = choices === undefined ? '' : ` (${choices.join(', ')})`;
  return `.TP\n${bold(flags)}\n${escape(note)}${escape(values)}`;
}

/** All commands with their path, as the help lists them, without the hidden ones. */
function listCommands(
  above: CommandRow,
  path: readonly string[] = [],
): readonly { readonly path: readonly string[]; readonly command: CommandRow }[] {
  return shownCommands(above).flatMap((command) => {
    const own = [...path, command.name];
    return [{ path: own, command }, ...listCommands(command, own)];
  });
}

function renderCommand(path: readonly string[], command: CommandRow): string {
  const words = [
    '[options]',
    ...(command.commands === undefined ? [] : ['[command]']),
    ...(command.arguments ?? []).map(({ shape }) => shape),
  ];
  const parts = [`.SS ${bold(['orcc', ...path].join(' '))} ${escape(command.usage ?? words.join(' '))}`, escape(describeCommand(command))];
  return [...parts, ...command.flags.map(describeFlag)].join('\n');
}

/** Renders orcc(1) in roff from the table of commands: `npm run docs` writes it to man/orcc.1. Pure. */
export function renderManPage(program: CommandRow): string {
  const exits = Object.values(EXIT).map(({ code, meaning }) => `.TP\n${bold(String(code))}\n${escape(meaning)}`);
  return `${[
    '.\\" Generated from the table of commands by `npm run docs`; do not edit it by hand.',
    '.TH ORCC 1',
    '.SH NAME',
    "orcc \\- run Claude Code on OpenRouter's models",
    '.SH SYNOPSIS',
    `${bold('orcc')} [\\fIcommand\\fR] [\\fIoptions\\fR]`,
    '.SH DESCRIPTION',
    escape(program.description ?? ''),
    '.SH COMMANDS',
    ...listCommands(program).map(({ path, command }) => renderCommand(path, command)),
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
