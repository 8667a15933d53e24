import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { Say } from '../core/say.ts';
import { parseKey } from '../config/parse-key.ts';

/** How a flag gives a key: never as its value, which would stand in the list of processes. */
export type KeyFrom = { readonly kind: 'stdin' } | { readonly kind: 'env'; readonly name: string };

/** `--key-stdin` and `--key-env NAME`. Throws exit 2 where both are given or NAME can be no variable. */
export function parseKeyFrom(flags: { readonly keyStdin: boolean; readonly keyEnv?: string | undefined }): KeyFrom | undefined {
  if (flags.keyStdin && flags.keyEnv !== undefined) {
    throw new OrccError('usage', "`--key-stdin` and `--key-env` can't be combined", { hint: 'Use one of them' });
  }
  if (flags.keyEnv !== undefined && !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(flags.keyEnv)) {
    throw new OrccError('usage', '`--key-env` takes the name of a variable, not a value', {
      hint: 'For example `--key-env OPENROUTER_API_KEY`; a key is never passed as the value of a flag',
    });
  }
  return flags.keyStdin ? { kind: 'stdin' } : flags.keyEnv === undefined ? undefined : { kind: 'env', name: flags.keyEnv };
}

/** How a Decision names where a key came from; without a flag it was typed. */
export function sourceOf(from: KeyFrom | undefined): string {
  if (from === undefined) return 'typed';
  return from.kind === 'stdin' ? '--key-stdin' : `--key-env ${from.name}`;
}

/** The text that a flag leads to. Throws exit 2 where standard input is no key or the variable is empty. */
export async function readGivenKey(ctx: Pick<Context, 'env' | 'readStdin'>, from: KeyFrom): Promise<string> {
  if (from.kind === 'stdin') {
    try {
      return await ctx.readStdin(65_536);
    } catch (error) {
      throw new OrccError('usage', 'Standard input contains more than a key', {
        hint: 'Pass only the key, for example `--key-stdin < keyfile`',
        cause: error,
      });
    }
  }
  const value = ctx.env[from.name];
  if (value === undefined || value === '') {
    throw new OrccError('usage', `\`--key-env\`: the variable ${from.name} is ${value === '' ? 'empty' : 'not set'}`, {
      hint: 'Export it first',
    });
  }
  return value;
}

/** Exit 2: nobody can be asked for a key. `ways` are the flags that give one. */
export function noKeyGiven(ways = '`--key-stdin` or `--key-env NAME`'): OrccError {
  return new OrccError('usage', 'A key is needed, but there is no terminal to ask for it', { code: 'KEY_MISSING', hint: `Give ${ways}` });
}

/** The key in a text that somebody gave; says what is odd about it. Throws exit 2 for what can be none. */
export function readKeyText(text: string, say: Say): string {
  const { key, warning } = parseKey(text);
  if (warning !== undefined) say.warn(warning);
  return key;
}
