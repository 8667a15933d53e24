import { parseArgs, type ParseArgsConfig } from 'node:util';
import { longOf, takesValue, type ArgumentRow, type CommandRow, type FlagRow } from '../core/command.ts';

/**
 * Parses the usual command line of a command with Node's own parser. Loading commander and building its program takes a
 * quarter of Node's start-up time; it is left for what is rarer: help, errors, subcommands, flags that
 * turn something off or whose value is optional.
 *
 * @returns The input of the command; undefined if commander has to parse the line.
 */
export function readPlain(row: CommandRow, words: readonly string[]): Record<string, unknown> | undefined {
  const flags = row.flags.filter((flag) => !flag.flags.includes('[') && !longOf(flag).startsWith('--no-'));
  try {
    const { values, positionals } =
      readBare(flags, words) ?? parseArgs({ args: [...words], options: optionsOf(flags), allowPositionals: true });
    const given = flags.flatMap((flag) => {
      const value = values[nameOf(flag)];
      return value === undefined ? [] : [{ flag, value }];
    });
    // A flag comes before the name of a subcommand.
    if (row.commands?.some(({ name }) => name === positionals[0]) === true) return undefined;
    const operands = readOperands(row.arguments ?? [], positionals);
    const isChosen = given.every(({ flag, value }) => flag.choices?.includes(String(value)) ?? true);
    if (operands === undefined || !isChosen) return undefined;
    return { ...Object.fromEntries(given.map(({ flag, value }) => [camel(nameOf(flag)), value])), ...operands };
  } catch {
    // Something that the table does not know, or that is ambiguous.
    return undefined;
  }
}

/** The same for a line of operands and long flags without values, since loading Node's parser takes a twentieth of its start-up time. */
function readBare(flags: readonly FlagRow[], words: readonly string[]): ReturnType<typeof parseArgs> | undefined {
  const names = flags.flatMap((flag) => (takesValue(flag) || flag.isRepeatable === true ? [] : [longOf(flag)]));
  const given = words.filter((word) => word.startsWith('-'));
  if (!given.every((word) => names.includes(word))) return undefined;
  const values = Object.fromEntries(given.map((word) => [word.slice(2), true]));
  return { values, positionals: words.filter((word) => !word.startsWith('-')) };
}

function optionsOf(flags: readonly FlagRow[]): NonNullable<ParseArgsConfig['options']> {
  return Object.fromEntries(
    flags.map((flag) => {
      const short = /^-(\w)\b/.exec(flag.flags)?.[1];
      const type = takesValue(flag) ? 'string' : 'boolean';
      return [nameOf(flag), { type, multiple: flag.isRepeatable === true, ...(short === undefined ? {} : { short }) }];
    }),
  );
}

/** A command's operands by name; undefined if there are too many or too few, or one is not among its choices. */
function readOperands(rows: readonly ArgumentRow[], words: readonly string[]): Record<string, unknown> | undefined {
  const isList = rows.at(-1)?.shape.includes('...') === true;
  if (words.length > rows.length && !isList) return undefined;
  const entries = rows.map(({ name, shape }, index) => [name, shape.includes('...') ? words.slice(index) : words[index]] as const);
  const isFit = rows.every(({ shape, choices }, index) => {
    const word = words[index];
    return word === undefined ? !shape.startsWith('<') : (choices?.includes(word) ?? true);
  });
  return isFit ? Object.fromEntries(entries) : undefined;
}

function nameOf(flag: FlagRow): string {
  return longOf(flag).slice(2);
}

function camel(name: string): string {
  return name.replace(/-[a-z]/g, (pair) => pair.charAt(1).toUpperCase());
}
