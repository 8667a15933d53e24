import { OrccError } from '../../core/errors.ts';
import { macosKeychain } from './macos.ts';
import { rememberSecret } from '../../text/text.ts';
import { secretService } from './secret-service.ts';
import type { Keychain, KeychainContext } from './types.ts';

/** One row per system that has a store orcc can reach. */
const KEYCHAINS: Partial<Record<NodeJS.Platform, Keychain>> = { darwin: macosKeychain, linux: secretService };

/** The system's store where one works; throws exit 6 with the reason and the other storages where none does. */
export function requireKeychain(ctx: KeychainContext): Keychain {
  const keychain = findKeychain(ctx.platform);
  const reason =
    keychain === undefined ? `orcc knows no keychain on ${ctx.platform === 'win32' ? 'Windows' : ctx.platform}` : keychain.refusal(ctx);
  if (keychain === undefined || reason !== undefined) throw noKeychain(reason ?? '');
  return keychain;
}

/** The system's store, whether or not it works at this moment. */
export function findKeychain(platform: NodeJS.Platform): Keychain | undefined {
  return KEYCHAINS[platform];
}

/** Stores the key and reads it back. Throws exit 6 with the reason and the other storages. */
export async function putInKeychain(ctx: KeychainContext, account: string, key: string): Promise<void> {
  const keychain = requireKeychain(ctx);
  const reason = await keychain.put(ctx, account, key);
  if (reason !== undefined) throw noKeychain(`${keychain.name}: ${reason}`);
  if ((await keychain.read(ctx, account)) === key) return;
  await keychain.remove(ctx, account);
  throw noKeychain(`${keychain.name} does not return what was stored`);
}

/** The key from the store; undefined where it can't be had. Never throws. */
export async function readFromKeychain(ctx: KeychainContext, account: string): Promise<string | undefined> {
  const keychain = findKeychain(ctx.platform);
  const key = keychain === undefined || keychain.refusal(ctx) !== undefined ? undefined : await keychain.read(ctx, account);
  if (key !== undefined) rememberSecret(key);
  return key;
}

/** Takes the key out; false where it may still be there. Never throws. */
export async function removeFromKeychain(ctx: KeychainContext, account: string): Promise<boolean> {
  const keychain = findKeychain(ctx.platform);
  if (keychain === undefined || keychain.refusal(ctx) !== undefined) return false;
  return keychain.remove(ctx, account);
}

/** Under which name a base URL's key stands in the store. */
export function keychainAccount(baseUrl: string): string {
  return new URL(baseUrl).host;
}

/** The command for `apiKeyHelper`. */
export function keychainHelper(account: string, platform: NodeJS.Platform): string {
  return (findKeychain(platform) ?? secretService).helper(account);
}

function noKeychain(reason: string): OrccError {
  return new OrccError('refused', `The key can't be kept in a keychain here: ${reason}`, {
    code: 'NO_KEYCHAIN',
    hint: 'Other key storages: `file` (a file that only you can read), `helper`, `profile`, `env:NAME`',
  });
}
