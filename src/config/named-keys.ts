import type { OwnFiles } from '../core/folder.ts';
import { OrccError, unknownWord } from '../core/errors.ts';
import { pathsOf } from '../core/paths-of.ts';
import { clip, redact, stripControls } from '../text/text.ts';
import type { Config } from './config.ts';
import { holdsKeyShape } from './key-shape.ts';
import type { KeyStorage } from './storage.ts';

/** Keys that orcc keeps under a name. The one in use stands where the configuration says (`keyStorage`), the others in a file each. */
export type NamedKeys = NonNullable<Config['keys']>;

/** What the key is called that was in use without a name. */
export const UNNAMED = 'default';

/** The names, in order. */
export function namedKeysOf(config: Pick<Config, 'keys'> | undefined): NamedKeys {
  return config?.keys ?? {};
}

/** Where orcc keeps such a key while another one is in use. */
export function namedKeyFile(own: Pick<OwnFiles, 'folder' | 'key'>, name: string, platform: NodeJS.Platform): string {
  return pathsOf(platform).join(own.folder, `key.${name}`);
}

/** The names that have a file of their own: not the one in use, nor one that a command or a variable gives. */
export function filedKeys({ keys = {}, activeKey }: Pick<Config, 'keys' | 'activeKey'>): readonly string[] {
  return Object.entries(keys).flatMap(([name, { keyStorage }]) => (name === activeKey || keyStorage !== undefined ? [] : [name]));
}

/** Where the key of that name lives while it is not in use. */
export function storageOfNamed(keys: NamedKeys, name: string): KeyStorage {
  return keys[name]?.keyStorage ?? { kind: 'file' };
}

/** Throws exit 2 with the reason where a new key can't have this name: it becomes a file's name, on disks without capitals too. */
export function checkKeyName(name: string, keys: NamedKeys): void {
  const taken = Object.keys(keys).find((each) => each.toLowerCase() === name.toLowerCase());
  const why =
    taken !== undefined
      ? `a key called \`${taken}\` already exists`
      : holdsKeyShape(name)
        ? 'it looks like a key'
        : !/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name) || name === '__proto__' || name === 'constructor'
          ? 'a name has letters, digits, dashes and underscores, at most 64'
          : undefined;
  if (why === undefined) return;
  throw new OrccError('usage', `A key can't be called \`${redact(clip(stripControls(name), 40))}\`: ${why}`, {
    hint:
      taken === undefined ? 'For example `work`' : `\`orcc key remove ${taken}\` removes it, \`orcc key rotate\` changes the one in use`,
  });
}

/** What is known of a key by its name. Throws exit 2 with the nearest ones. */
export function requireNamed(keys: NamedKeys, name: string): NamedKeys[string] {
  const found = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(keys);
  if (names.length > 0) throw unknownWord('key', name, names);
  throw new OrccError('usage', 'No key has a name yet', { hint: '`orcc key add NAME` stores one under a name' });
}
