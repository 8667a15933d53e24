import type { Context } from './context.ts';
import { execute } from './execute.ts';
import { start } from './start.ts';

/** Flags of the quick commands; anything else, `--help` too, is for the whole program. */
const QUICK = {
  env: { load: async () => (await import('./commands/env.ts')).runEnv, switches: ['--json', '--with-key'], values: ['--shell'] },
  status: { load: async () => (await import('./commands/status.ts')).runStatus, switches: ['--json', '--all'], values: [] },
} as const;

/**
 * The short way for the two commands that prompts, profiles and scripts run over and over: without
 * commander, at half the start-up time. src/cli.ts stays the one page that says which flags there
 * are; a test holds the two against each other.
 *
 * @returns undefined where argv is not plain enough: nothing has been done then
 */
export function quick(argv: readonly string[]): Promise<void> | undefined {
  const name = argv[0];
  if (name !== 'env' && name !== 'status') return undefined;
  const { load, switches, values } = QUICK[name];
  const input: Record<string, unknown> = {};
  for (let index = 1; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const value = argv[index + 1];
    if (switches.some((each) => each === word)) input[camel(word)] = true;
    else if (values.some((each) => each === word) && value !== undefined && /^[a-z]+$/.test(value)) {
      input[camel(word)] = value;
      index += 1;
    } else return undefined;
  }
  const invocation = { command: name, json: input['json'] === true, yes: false, run: async (ctx: Context) => (await load())(ctx, input) };
  return start((ctx, stopKind) => execute(() => Promise.resolve(invocation), argv, ctx, stopKind));
}

function camel(word: string): string {
  return word.slice(2).replace(/-[a-z]/g, (pair) => pair.charAt(1).toUpperCase());
}
