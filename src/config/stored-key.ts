import { readKeyFile } from '../core/look.ts';
import type { OwnFiles } from '../core/folder.ts';
import type { Context } from '../core/context.ts';
import { rememberSecret } from '../text/text.ts';
import type { KeyStorage } from './storage.ts';

/**
 * The stored key, if it can be read without starting a program: from the key file or a variable. Undefined if it is
 * not there; for a key in a target, in a keychain or from a command, use `loadKey`.
 */
export function readStoredKey(ctx: Pick<Context, 'fs' | 'env'>, storage: KeyStorage, files: OwnFiles): string | undefined {
  if (storage.kind === 'env') return nonEmpty(ctx.env[storage.ref ?? '']);
  if (storage.kind === 'keychain' || storage.kind === 'command') return undefined;
  return readKeyFile(ctx.fs, files.key);
}

/** Whether the key that `switch --back` needs is gone from orcc's key file, as after `key forget`; false for storages outside it. */
export function lacksKey(
  ctx: Pick<Context, 'fs'>,
  config: { readonly native: boolean; readonly keyStorage: KeyStorage } | undefined,
  { key }: Pick<OwnFiles, 'key'>,
): boolean {
  const isFiled = config?.native === true && !['env', 'keychain', 'command'].includes(config.keyStorage.kind);
  return isFiled && readKeyFile(ctx.fs, key) === undefined;
}

function nonEmpty(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  rememberSecret(text);
  return text;
}
