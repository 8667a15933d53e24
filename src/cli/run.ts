import type { CommandRow } from '../core/command.ts';
import type { Context } from '../core/context.ts';
import { maskContext } from '../core/masked.ts';
import { findCommand, loadProgram, ORCC } from './commands.ts';
import { rememberTyped } from './typed-secrets.ts';
import { execute, type Invocation, type StopKind } from './execute.ts';
import { readPlain } from './read-plain.ts';

/** Runs the whole program against a Context and returns the exit code. `--no-pager` may be anywhere before `--`. */
export async function run(argv: readonly string[], base: Context, stopKind: StopKind): Promise<number> {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const own = argv.filter((word, index) => word !== '--no-pager' || index > end);
  // Flags and short words can't be keys; any other word may be one, and many messages repeat words.
  const words = argv.filter((word) => word.length >= 8 && !/^-{0,2}[a-z-]{1,20}$/.test(word));
  if (words.length > 0) rememberTyped(base, words);
  const { page, ...rest } = maskContext(base);
  const ctx: Context = own.length < argv.length || page === undefined ? rest : { ...rest, page };
  return execute(() => parseArgv(own, ctx), own, ctx, stopKind);
}

/**
 * Returns what argv asks for, or undefined if it has been answered already (help). Throws exit 2 for anything the table of
 * commands does not know. Everything after the `--` of `orcc run` belongs to Claude Code and is not parsed here.
 */
async function parseArgv(argv: readonly string[], ctx: Context): Promise<Invocation | undefined> {
  const cut = argv[0] === 'run' || argv[0] === '__complete' ? argv.indexOf('--') : -1;
  const own = cut < 0 ? argv : argv.slice(0, cut);
  const passed = cut < 0 ? {} : { rest: argv.slice(cut + 1) };
  const invoke = (command: string, { load, isUnguarded }: CommandRow, input: Readonly<Record<string, unknown>>): Invocation => ({
    command,
    json: input['json'] === true,
    yes: input['yes'] === true,
    isUnguarded: isUnguarded === true,
    run: async (context) => (await load())(context, { ...input, ...passed }, loadProgram),
  });
  if (own.length === 0) return invoke(ORCC.name, ORCC, {});
  const { row, path, rest } = await findCommand(own);
  // A flag before the name of a command may belong to its parent: commander decides that.
  const isPlain = path.length > 0 && path.every((name, index) => own[index] === name);
  const plain = isPlain ? readPlain(row, rest) : undefined;
  if (plain !== undefined) return invoke(path.join(' '), row, plain);
  const { parseWithCommander } = await import('./parse-commander.ts');
  return parseWithCommander(own, ctx, invoke);
}
