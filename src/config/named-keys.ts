import type { Context } from '../core/context.ts';
import { type OwnFiles, KEY_NAME, NAMED_KEY_PREFIX } from '../core/folder.ts';
import { OrccError, unknownWord } from '../core/errors.ts';
import { listFolder, readKeyFile } from '../core/look.ts';
import { pathsOf } from '../core/paths-of.ts';
import { attempt } from '../text/attempt.ts';
import { clip, redact, stripControls } from '../text/text.ts';
import type { Config } from './config.ts';
import { holdsKeyShape } from './key-shape.ts';
import type { KeyStorage } from './storage.ts';

/** Keys that orcc keeps under a name. The one in use is where the configuration's `keyStorage` says, the others have a file each. */
export type NamedKeys = NonNullable<Config['keys']>;

/** The name given to a key that had none while it was in use. */
export const UNNAMED = 'default';

/** Named keys, and the name of the one in use. */
export type Names = Pick<Config, 'keys' | 'activeKey'>;

/** The named keys of a config, by name; empty if there are none. */
export function namedKeysOf(config: Pick<Config, 'keys'> | undefined): NamedKeys {
  return config?.keys ?? {};
}

/** The names that the configuration lists; without one, those that the state remembers. */
export function namesOf({ config, state }: { readonly config: Names | undefined; readonly state: Names }): Names {
  return config ?? state;
}

/**
 * What the state remembers of a configuration's names. Without the configuration the key in use is the one in orcc's key file: one that a
 * variable or a command provides is an entry like others, and one that was elsewhere has no name any more.
 */
export function namesBeyond(config: Names & Pick<Config, 'keyStorage'>): Names {
  const { keys, activeKey, keyStorage } = config;
  if (keys === undefined) return {};
  const entry = activeKey === undefined ? undefined : keys[activeKey];
  if (activeKey === undefined || entry === undefined) return { keys };
  if (keyStorage.kind === 'env' || keyStorage.kind === 'command') return { keys: { ...keys, [activeKey]: { ...entry, keyStorage } } };
  return keyStorage.kind === 'keychain' ? withoutActive({ keys, activeKey }) : { keys, activeKey };
}

/** The names without that of the key in use. */
export function withoutActive({ keys, activeKey }: Names): Names {
  const rest = Object.fromEntries(Object.entries(keys ?? {}).filter(([name]) => name !== activeKey));
  return Object.keys(rest).length === 0 ? {} : { keys: rest };
}

/** The file of a named key while another one is in use. */
export function namedKeyFile(own: Pick<OwnFiles, 'folder' | 'key'>, name: string, platform: NodeJS.Platform): string {
  return pathsOf(platform).join(own.folder, `${NAMED_KEY_PREFIX}${name}`);
}

/** The names of keys with a file of their own: not the one in use, and not those that a command or a variable provides. */
export function filedKeys({ keys = {}, activeKey }: Names): readonly string[] {
  return Object.entries(keys).flatMap(([name, { keyStorage }]) => (name === activeKey || keyStorage !== undefined ? [] : [name]));
}

/**
 * The files in orcc's folder that hold a named key, whatever the configuration lists: it may be broken, or gone since
 * `orcc remove --keep-key`. A file with such a name that holds anything but one key is someone's own. Only reads.
 */
export function findNamedKeyFiles(fs: Context['fs'], own: Pick<OwnFiles, 'folder' | 'key'>, platform: NodeJS.Platform): readonly string[] {
  return listFolder(fs, own.folder).flatMap((entry) => {
    const name = entry.startsWith(NAMED_KEY_PREFIX) ? entry.slice(NAMED_KEY_PREFIX.length) : '';
    if (!KEY_NAME.test(name)) return [];
    const file = namedKeyFile(own, name, platform);
    const key = attempt(() => readKeyFile(fs, file));
    return key === undefined || /\s/.test(key) ? [] : [file];
  });
}

/** Where the key of that name is kept while it is not in use. */
export function storageOfNamed(keys: NamedKeys, name: string): KeyStorage {
  return keys[name]?.keyStorage ?? { kind: 'file' };
}

/** Throws exit 2 with the reason if a new key can't have this name, which becomes a file name, maybe on a case-insensitive disk. */
export function checkKeyName(name: string, keys: NamedKeys): void {
  const taken = Object.keys(keys).find((each) => each.toLowerCase() === name.toLowerCase());
  const why =
    taken !== undefined
      ? `a key called \`${taken}\` already exists`
      : holdsKeyShape(name)
        ? 'it looks like a key'
        : !KEY_NAME.test(name) || name === '__proto__' || name === 'constructor'
          ? 'a name has letters, digits, dashes and underscores, at most 64'
          : undefined;
  if (why === undefined) return;
  throw new OrccError('usage', `A key can't be called \`${redact(clip(stripControls(name), 40))}\`: ${why}`, {
    hint:
      taken === undefined ? 'For example `work`' : `\`orcc key remove ${taken}\` removes it, \`orcc key rotate\` changes the one in use`,
  });
}

/** The entry of a named key. Throws exit 2 with the nearest names if there is none. */
export function requireNamed(keys: NamedKeys, name: string): NamedKeys[string] {
  const found = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(keys);
  if (names.length > 0) throw unknownWord('key', name, names);
  throw new OrccError('usage', 'No key has a name yet', { hint: '`orcc key add NAME` stores one under a name' });
}
