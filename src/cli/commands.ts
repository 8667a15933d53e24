import { doctorCommand } from '../commands/doctor/flags.ts';
import { envCommand } from '../commands/env/flags.ts';
import { modelsCommand } from '../commands/models/flags.ts';
import { statusCommand } from '../commands/status/flags.ts';
import { statuslineCommand } from '../commands/statusline/flags.ts';
import { switchCommand } from '../commands/switch/flags.ts';
import type { CommandRow } from '../core/command.ts';

const HELP: CommandRow = {
  name: 'help',
  summary: 'help on a command, or on the exit codes',
  examples: ['orcc help switch', 'orcc help key set', 'orcc help exit-codes'],
  arguments: [{ name: 'words', shape: '[topic...]', note: 'a command, such as `key set`, or `exit-codes`' }],
  flags: [],
  isUnguarded: true,
  load: async () => (await import('./help.ts')).runHelp,
};

/** Loads a command's row. Most runs need that of one command alone; the rows of frequent commands are imported statically. */
type LoadRow = () => Promise<CommandRow>;

/** Every command, under its heading in the list of commands and in the order of that list. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, LoadRow>>>> = {
  'Every day:': {
    init: async () => (await import('../commands/init/flags.ts')).initCommand,
    test: async () => (await import('../commands/test/flags.ts')).testCommand,
    switch: () => Promise.resolve(switchCommand),
    status: () => Promise.resolve(statusCommand),
  },
  'When something is wrong:': {
    doctor: () => Promise.resolve(doctorCommand),
    undo: async () => (await import('../commands/undo/flags.ts')).undoCommand,
    remove: async () => (await import('../commands/remove/flags.ts')).removeCommand,
    explain: async () => (await import('../commands/explain/flags.ts')).explainCommand,
  },
  'The rest:': {
    models: () => Promise.resolve(modelsCommand),
    route: async () => (await import('../commands/route/flags.ts')).routeCommand,
    usage: async () => (await import('../commands/usage/flags.ts')).usageCommand,
    statusline: () => Promise.resolve(statuslineCommand),
    env: () => Promise.resolve(envCommand),
    login: async () => (await import('../commands/login/flags.ts')).loginCommand,
    key: async () => (await import('../commands/key/flags.ts')).keyCommand,
    profile: async () => (await import('../commands/profile/flags.ts')).profileCommand,
    run: async () => (await import('../commands/run/flags.ts')).runCommand,
    check: async () => (await import('../commands/check/flags.ts')).checkCommand,
    export: async () => (await import('../commands/export/flags.ts')).exportCommand,
    completion: async () => (await import('../commands/completion/flags.ts')).completionCommand,
    __complete: async () => (await import('../commands/completion/flags.ts')).completeCommand,
    demo: async () => (await import('../commands/demo/flags.ts')).demoCommand,
    simulate: async () => (await import('../commands/simulate/flags.ts')).simulateCommand,
    help: () => Promise.resolve(HELP),
  },
};

/** orcc itself, without its commands. */
export const ORCC: CommandRow = {
  name: 'orcc',
  summary: '',
  description: "Runs Claude Code on OpenRouter's models: set up once, test each alias, switch, undo.",
  flags: [],
  remark: 'Run `orcc COMMAND --help` for flags and examples, `orcc help exit-codes` for exit codes.',
  load: async () => (await import('../commands/bare/bare.ts')).runBare,
};

/**
 * Loads the command table from which parser, help, completion and manual page are made: orcc with the command `asked` alone, or with
 * all commands if none has that name.
 */
export async function loadProgram(asked?: string): Promise<CommandRow> {
  const all = Object.entries(COMMANDS).flatMap(([group, rows]) => Object.entries(rows).map(([name, load]) => ({ group, name, load })));
  const named = all.filter(({ name }) => name === asked);
  const wanted = named.length === 0 ? all : named;
  return { ...ORCC, commands: await Promise.all(wanted.map(async ({ group, load }) => ({ ...(await load()), group }))) };
}

/** The command that a command line names. */
interface FoundCommand {
  readonly row: CommandRow;
  /** The names of its parents and its own; empty for orcc itself. */
  readonly path: readonly string[];
  /** The remaining words. */
  readonly rest: readonly string[];
}

/** Finds the deepest command that `argv` names; flags may come before and between the names. */
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

/** The first word of a line that is not a flag, possibly the name of a command; undefined if there is none. */
export function firstWord(argv: readonly string[]): string | undefined {
  return argv.find((word) => !word.startsWith('-'));
}
