import { observeMachine } from '../../change/machine.ts';
import { keyInTargets } from '../../change/read-key.ts';
import type { Config } from '../../config/config.ts';
import { askKeyCommand } from '../../config/key-command.ts';
import { keychainAccount, readFromKeychain } from '../../config/keychain.ts';
import type { Context } from '../../core/context.ts';

/**
 * The key of a storage outside the key file: in a profile, a keychain or from a command. In a file of its own, so that `env` loads
 * what this takes only where a key is printed. Undefined if there is none; throws exit 4 if the command gives none.
 */
export async function findKeyToPrint(
  ctx: Context,
  { keyStorage: { kind, ref }, baseUrl }: Pick<Config, 'keyStorage' | 'baseUrl'>,
): Promise<string | undefined> {
  if (kind === 'command') return askKeyCommand(ctx, ref ?? '');
  if (kind === 'keychain') return readFromKeychain(ctx, ref ?? keychainAccount(baseUrl));
  return keyInTargets(await observeMachine(ctx));
}
