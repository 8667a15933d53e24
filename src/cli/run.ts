import type { Context } from '../core/context.ts';
import { maskContext } from '../core/masked.ts';
import { execute, type StopKind } from './execute.ts';
import { parseArgv } from './parse-argv.ts';

/** argv to exit code: the whole program behind a Context. `--no-pager` may stand anywhere. */
export async function run(argv: readonly string[], base: Context, stopKind: StopKind): Promise<number> {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const own = argv.filter((word, index) => word !== '--no-pager' || index > end);
  const { page, ...rest } = maskContext(base);
  const ctx: Context = own.length < argv.length || page === undefined ? rest : { ...rest, page };
  return execute(() => parseArgv(own, ctx), own, ctx, stopKind);
}
