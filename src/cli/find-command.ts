import { loadProgram } from './commands.ts';
import type { CommandRow } from '../core/command.ts';

/** The command that a line begins with. */
export interface FoundCommand {
  readonly row: CommandRow;
  /** Its name with those above it; empty for orcc itself. */
  readonly path: readonly string[];
  /** The words that are left. */
  readonly rest: readonly string[];
}

/** The row that `argv` names, as deep as it names one; flags may stand before and between. */
export async function findCommand(argv: readonly string[]): Promise<FoundCommand> {
  let found: FoundCommand = { row: await loadProgram(firstWord(argv)), path: [], rest: argv };
  for (;;) {
    const { row, path, rest }: FoundCommand = found;
    const at = rest.findIndex((word) => !word.startsWith('-'));
    const next = row.commands?.find(({ name }) => name === rest[at]);
    if (next === undefined) return found;
    found = { row: next, path: [...path, next.name], rest: [...rest.slice(0, at), ...rest.slice(at + 1)] };
  }
}

/** The first word of a line that is no flag: the name of a command, if it is one. */
export function firstWord(argv: readonly string[]): string | undefined {
  return argv.find((word) => !word.startsWith('-'));
}
