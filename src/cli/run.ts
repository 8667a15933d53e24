import type { Context } from '../core/context.ts';
import { maskContext } from '../core/masked.ts';
import { execute, type StopKind } from './execute.ts';
import { parseArgv } from './parse-argv.ts';

/** argv to exit code: the whole program behind a Context. `--no-pager` may stand anywhere. */
export async function run(argv: readonly string[], base: Context, stopKind: StopKind): Promise<number> {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const own = argv.filter((word, index) => word !== '--no-pager' || index > end);
  // Flags and short words are no keys; any other word may be one, and is repeated by many a message.
  const words = argv.filter((word) => word.length >= 8 && !/^-{0,2}[a-z-]{1,20}$/.test(word));
  if (words.length > 0) (await import('./typed-secrets.ts')).rememberTyped(base, words);
  const { page, ...rest } = maskContext(base);
  const ctx: Context = own.length < argv.length || page === undefined ? rest : { ...rest, page };
  return execute(() => parseArgv(own, ctx), own, ctx, stopKind);
}
