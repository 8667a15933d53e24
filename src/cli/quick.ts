import type { Context } from '../core/context.ts';
import { execute } from './execute.ts';
import type { Outcome } from '../core/outcome.ts';
import { start } from './start.ts';

interface Quick {
  readonly load: () => Promise<(ctx: Context, input: unknown) => Promise<Outcome>>;
  readonly switches: readonly string[];
  readonly values: readonly string[];
  /** The name of the arguments, where the command takes any. */
  readonly words?: string;
}

/** Flags of the quick commands; anything else, `--help` too, is for the whole program. */
const QUICK: Readonly<Record<string, Quick>> = {
  env: { load: async () => (await import('../commands/env/env.ts')).runEnv, switches: ['--json', '--with-key'], values: ['--shell'] },
  models: {
    load: async () => (await import('../commands/models/models-command.ts')).runModelsCommand,
    switches: ['--tools', '--free', '--refresh', '--offline', '--csv', '--json'],
    values: ['--min-context', '--max-price', '--author', '--sort', '--tokens-in', '--tokens-out'],
    words: 'words',
  },
  status: {
    load: async () => (await import('../commands/status/status.ts')).runStatus,
    switches: ['--json', '--all', '--verify'],
    values: [],
  },
};

/**
 * The short way for the commands that prompts, profiles and scripts run over and over: without
 * commander, at half the start-up time. src/cli/cli.ts stays the one page that says which flags there
 * are; a test holds the two against each other.
 *
 * @returns undefined where argv is not plain enough: nothing has been done then
 */
export function quick(argv: readonly string[]): Promise<void> | undefined {
  const [name = '', ...rest] = argv;
  const command = Object.hasOwn(QUICK, name) ? QUICK[name] : undefined;
  const input = command && readInput(command, rest);
  if (command === undefined || input === undefined) return undefined;
  const invocation = {
    command: name,
    json: input['json'] === true,
    yes: false,
    run: async (ctx: Context) => (await command.load())(ctx, input),
  };
  return start((ctx, stopKind) => execute(() => Promise.resolve(invocation), argv, ctx, stopKind));
}

function readInput({ switches, values, words: argument }: Quick, argv: readonly string[]): Record<string, unknown> | undefined {
  const input: Record<string, unknown> = {};
  const words: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const value = argv[index + 1] ?? '';
    if (switches.includes(word)) input[camel(word)] = true;
    else if (values.includes(word) && /^\w[\w.:~/-]*$/.test(value)) {
      input[camel(word)] = value;
      index += 1;
    } else if (argument !== undefined && !word.startsWith('-')) words.push(word);
    else return undefined;
  }
  return argument === undefined ? input : { ...input, [argument]: words };
}

function camel(word: string): string {
  return word.slice(2).replace(/-[a-z]/g, (pair) => pair.charAt(1).toUpperCase());
}
