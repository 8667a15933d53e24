import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { Say } from '../../core/say.ts';
import type { ChangeFlags } from '../../core/intent.ts';
import { askAloud } from '../../config/key-command.ts';
import type { Config } from '../../config/config.ts';
import { namedKeyFile, namedKeysOf, requireNamed, UNNAMED, type NamedKeys } from '../../config/named-keys.ts';
import { requireExact } from '../../config/parse-key.ts';
import { handleOfOwn, type KeyHandle, type KeyStorage } from '../../config/storage.ts';
import { keyIn, requireConfig, type Machine } from '../../change/machine.ts';
import type { KeyDecision } from '../../keys/desire-key.ts';
import { readPresentKey, type PresentKey } from '../../keys/present-key.ts';
import { storeKey, type StoredKey } from '../../keys/store-key.ts';
import { admitKey } from '../../openrouter/endpoint.ts';
import { checkKey } from '../init/key-step.ts';

interface UseNamed extends ChangeFlags {
  readonly command: string;
  readonly name: string;
  readonly check: boolean;
  readonly say: Say;
}

type UsedNamed = StoredKey & { readonly key: string; readonly baseUrl: string; readonly keptAs: string | undefined };

/** That key is in use already: nothing is asked, sent or written. */
interface AlreadyUsed {
  readonly kind: 'in-use';
  /** The key is absent if it can't be read here: none is needed. */
  readonly decision: Omit<KeyDecision, 'key'> & { readonly key: KeyHandle | undefined };
}

/**
 * Switches to the key with that name, and to its base URL, in every file that orcc wrote. The previous key is kept under its name
 * (`default` if it had none). Throws exit 2 for an unknown name, 3 if nothing is configured, 4 if the key is gone or refused.
 */
export async function useNamed(ctx: Context, work: UseNamed): Promise<UsedNamed | AlreadyUsed> {
  const { name, say, replace, force } = work;
  const present = await readPresentKey(ctx);
  const config = requireConfig(present.machine);
  const { baseUrl } = requireNamed(namedKeysOf(config), name);
  if (config.activeKey === name) {
    const named = { name, baseUrl, keys: namedKeysOf(config) };
    const key = handleOfOwn(present.key, present.storage);
    return { kind: 'in-use', decision: { named, key, oldStorage: present.storage, keyUrl: baseUrl, replace, force } };
  }
  const key = await readNamed(ctx, present.machine, name, say);
  const endpoint = await admitKey(ctx, key, { baseUrl, from: `the key ${name}` }, { storedFor: baseUrl });
  if (work.check) await checkKey(ctx, endpoint, say);
  const { keys, kept, keptAs } = keepPresent(config, present);
  const stored = await storeKey(ctx, {
    ...work,
    key,
    source: `the key ${name}`,
    storage: storageFor(namedKeysOf(config)[name]?.keyStorage, present.storage),
    named: { name, baseUrl, keys, kept },
    question: `Switch to the key ${name}?`,
  });
  return { ...stored, key, baseUrl, keptAs };
}

/** The key behind a name that is not in use. Throws exit 2 for an unknown name, 4 if the key is gone. */
export async function readNamed(ctx: Context, machine: Machine, name: string, say?: Say): Promise<string> {
  const { keyStorage } = requireNamed(namedKeysOf(machine.config), name);
  if (keyStorage?.kind === 'command') return askAloud(ctx, keyStorage.ref ?? '', say);
  const variable = keyStorage?.kind === 'env' ? (keyStorage.ref ?? '') : undefined;
  const value =
    variable === undefined ? keyIn(machine.files.get(namedKeyFile(machine.own, name, ctx.platform))) : (ctx.env[variable] ?? '');
  if (value !== '') return variable === undefined ? value : requireExact(value, variable);
  const where = variable === undefined ? 'its file' : `the variable ${variable}`;
  throw new OrccError('key', `The key ${name} is no longer in ${where}`, {
    code: 'KEY_MISSING',
    hint: variable === undefined ? `\`orcc key remove ${name}\`, then \`orcc key add ${name}\`` : 'Export it first',
  });
}

/** A named key without a storage of its own goes where the key in use is, or into a file if that is outside orcc. */
function storageFor(own: KeyStorage | undefined, present: KeyStorage): KeyStorage {
  if (own !== undefined) return own;
  if (present.kind === 'keychain') return { kind: 'keychain' };
  return present.kind === 'env' || present.kind === 'command' ? { kind: 'file' } : present;
}

/** The named keys with the key in use added. `kept` is what orcc has to store for it: nothing if the key lives outside orcc. */
function keepPresent(
  config: Config,
  { key, storage, storedFor, baseUrl }: PresentKey,
): { readonly keys: NamedKeys; readonly kept: Readonly<Record<string, string>>; readonly keptAs: string | undefined } {
  const keys = namedKeysOf(config);
  if (key === undefined) return { keys, kept: {}, keptAs: config.activeKey };
  const name = config.activeKey ?? freeName(keys);
  const isElsewhere = storage.kind === 'env' || storage.kind === 'command';
  const entry = { baseUrl: storedFor ?? baseUrl, ...(isElsewhere ? { keyStorage: storage } : {}) };
  return { keys: { ...keys, [name]: entry }, kept: isElsewhere ? {} : { [name]: key }, keptAs: name };
}

function freeName(keys: NamedKeys): string {
  const names = [UNNAMED, ...[...Array(99).keys()].map((at) => `${UNNAMED}-${at + 2}`)];
  return names.find((name) => !Object.hasOwn(keys, name)) ?? UNNAMED;
}
