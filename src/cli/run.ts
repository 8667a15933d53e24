import type { Context } from '../core/context.ts';
import { maskContext } from '../core/masked.ts';
import { execute, type StopKind } from './execute.ts';
import { parseArgv } from './parse-argv.ts';

/** argv to exit code: the whole program behind a Context. */
export async function run(argv: readonly string[], base: Context, stopKind: StopKind): Promise<number> {
  const ctx = maskContext(base);
  return execute(() => parseArgv(argv, ctx), argv, ctx, stopKind);
}
