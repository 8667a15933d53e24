import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { Say } from '../core/say.ts';
import { parseKey } from '../config/parse-key.ts';

/** How a flag gives a key: never as its value, which the process list would show. */
export type KeyFrom = { readonly kind: 'stdin' } | { readonly kind: 'env'; readonly name: string };

/** `--key-stdin` and `--key-env NAME`; undefined for neither. Throws exit 2 if both are given or NAME can't be a variable. */
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

/** Where a key came from, as a decision records it; without a flag it was typed. */
export function sourceOf(from: KeyFrom | undefined): string {
  if (from === undefined) return 'typed';
  return from.kind === 'stdin' ? '--key-stdin' : `--key-env ${from.name}`;
}

/** Reads the text that a flag points to. Throws exit 2 if standard input is longer than any key or the variable is empty. */
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

/** The error (exit 2) if a key is needed and nobody can be asked. `ways` are the flags that give one. */
export function noKeyGiven(ways = '`--key-stdin` or `--key-env NAME`'): OrccError {
  return new OrccError('usage', 'A key is needed, but there is no terminal to ask for it', { code: 'KEY_MISSING', hint: `Give ${ways}` });
}

/** Returns the key in a text that the user gave, and warns of anything odd about it. Throws exit 2 if it can't be a key. */
export function readKeyText(text: string, say: Say): string {
  const { key, warning } = parseKey(text);
  if (warning !== undefined) say.warn(warning);
  return key;
}
