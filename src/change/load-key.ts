import type { Context } from '../core/context.ts';
import type { Machine } from './machine.ts';
import { readConfiguredKey } from './read-key.ts';
import { keychainAccount, readFromKeychain } from '../config/keychain/keychain.ts';

/**
 * The key that orcc set up, wherever it lives; undefined where there is none. Starts the keychain's program where it lives
 * there, and nothing otherwise.
 */
export async function loadKey(
  ctx: Pick<Context, 'fs' | 'env' | 'exec' | 'platform' | 'signal'>,
  machine: Machine,
): Promise<string | undefined> {
  const { config } = machine;
  if (config?.keyStorage.kind !== 'keychain') return readConfiguredKey(ctx, machine);
  return readFromKeychain(ctx, config.keyStorage.ref ?? keychainAccount(config.baseUrl));
}
