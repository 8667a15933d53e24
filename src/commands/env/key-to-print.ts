import { observeMachine } from '../../change/machine.ts';
import { loadKey } from '../../change/read-key.ts';
import type { Config } from '../../config/config.ts';
import { askKeyCommand } from '../../config/key-command.ts';
import type { Context } from '../../core/context.ts';

/**
 * The key of a storage outside the key file: in a profile, a keychain or from a command. In a file of its own, so that `env` loads
 * what this takes only where a key is printed. Undefined if there is none; throws exit 4 if the command gives none.
 */
export async function findKeyToPrint(ctx: Context, { keyStorage }: Pick<Config, 'keyStorage'>): Promise<string | undefined> {
  if (keyStorage.kind === 'command') return askKeyCommand(ctx, keyStorage.ref ?? '');
  return loadKey(ctx, await observeMachine(ctx));
}
