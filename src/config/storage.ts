import { inQuotes } from '../text/quote-word.ts';
import { type Config, type KeyStorageKind, KEY_STORAGE_KINDS } from './config.ts';
import { OrccError, didYouMean } from '../core/errors.ts';
import { nearestWords } from '../text/nearest.ts';
import { parseKeyCommand } from './key-command.ts';
import { isShared, isShellTarget, type TargetId } from '../targets/types.ts';
import { sha256 } from '../core/hash.ts';

/** Where the key lives. `ref` is the variable's name for `env`, the account for `keychain`, the command line for `command`. */
export type KeyStorage = Config['keyStorage'];

/** Which kinds of targets a key storage works with (design D3). */
interface StorageRow {
  readonly shells: boolean;
  readonly settings: boolean;
  readonly what: string;
}

const STORAGES: Record<KeyStorageKind, StorageRow & { readonly why: string }> = {
  file: { shells: true, settings: true, what: 'a file that only you can read', why: '' },
  profile: { shells: true, settings: true, what: 'in the profile itself, as most guides do', why: '' },
  env: {
    shells: true,
    settings: false,
    what: 'env:NAME, a variable that you export',
    why: 'Claude Code does not expand variables in a settings file',
  },
  helper: {
    shells: false,
    settings: true,
    what: 'the same file, read by apiKeyHelper (experimental)',
    why: 'only a settings file can name a helper',
  },
  keychain: {
    shells: false,
    settings: true,
    what: "the system's keychain, read by apiKeyHelper (experimental)",
    why: 'every new shell would wait for the keychain, up to 0.3 s',
  },
  command: {
    shells: true,
    settings: true,
    what: 'command:LINE, whose output is the key (op, pass, bw, security), read by apiKeyHelper',
    why: 'every new shell would run the command and wait for it; `--each-start` accepts that',
  },
};

/** All key storages, and which kinds of targets each works with. */
export function describeStorages(): ReadonlyArray<StorageRow & { readonly kind: KeyStorageKind }> {
  return KEY_STORAGE_KINDS.map((kind) => {
    const { shells, settings, what } = STORAGES[kind];
    return { kind, shells, settings, what };
  });
}

/** Parses `file`, `profile`, `helper`, `keychain`, `env:NAME` or `command:LINE`. Throws exit 2 with the nearest valid words. */
export function parseKeyStorage(text: string): KeyStorage {
  const [kind = '', ref] = text.split(/:(.*)/s);
  if (kind === 'env') {
    if (ref === undefined || !/^[A-Z_][A-Z0-9_]{0,127}$/.test(ref)) {
      throw new OrccError('usage', '--key-storage `env` needs the name of a variable', {
        hint: 'Capitals, digits and underscores, no digit first: for example `--key-storage env:OPENROUTER_API_KEY`',
      });
    }
    if (ref.startsWith('ANTHROPIC_')) {
      throw new OrccError('usage', `--key-storage \`env:${ref}\` refers to a variable that orcc itself sets`, {
        hint: 'Keep the key in another variable, for example OPENROUTER_API_KEY',
      });
    }
    return { kind, ref };
  }
  if (kind === 'command') return { kind, ref: parseKeyCommand(ref ?? '') };
  const found = KEY_STORAGE_KINDS.find((each) => each === kind);
  if (found === undefined || ref !== undefined) {
    throw new OrccError('usage', `There is no key storage \`${text.slice(0, 40)}\``, {
      hint: `${didYouMean(nearestWords(kind, KEY_STORAGE_KINDS, 1))}Valid: file, profile, env:NAME, helper, keychain, command:LINE`,
    });
  }
  return { kind: found };
}

/** Throws exit 2 with the reason if the key storage does not work with one of the targets. */
export function checkStorage(
  storage: KeyStorage,
  targets: readonly TargetId[],
  hint = (_target: TargetId): string => 'Use `--key-storage file`, or other targets',
): void {
  for (const target of targets) {
    if (!goesWith(storage, target)) {
      const { why } = STORAGES[storage.kind];
      throw new OrccError('usage', `Key storage \`${storage.kind}\` does not work with target \`${target}\`: ${why}`, {
        hint: hint(target),
      });
    }
  }
}

/** Whether a target can get the key from a storage. Always true for shared targets, which hold no key. */
export function goesWith({ kind, eachStart }: Pick<KeyStorage, 'kind' | 'eachStart'>, target: TargetId): boolean {
  if (isShared(target)) return true;
  if (!isShellTarget(target)) return STORAGES[kind].settings;
  return STORAGES[kind].shells && (kind !== 'command' || eachStart === true);
}

/** Whether a target's file contains the key itself (design D3). */
export function holdsLiterally({ id }: { readonly id: TargetId }, { kind }: Pick<KeyStorage, 'kind'>): boolean {
  if (isShellTarget(id)) return kind === 'profile';
  return !isShared(id) && (kind === 'file' || kind === 'profile');
}

/** The storage with the consent of `--each-start`: every new shell may run the command. Throws exit 2 if it is not a command. */
export function withEachStart(storage: KeyStorage, eachStart: boolean): KeyStorage {
  if (!eachStart) return storage;
  if (storage.kind === 'command') return { ...storage, eachStart };
  throw new OrccError('usage', '`--each-start` only works with `--key-storage command:…`', {
    hint: 'It lets every new shell run that command and wait for it',
  });
}

/** A storage as typed after `--key-storage`. */
export function nameStorage({ kind, ref }: KeyStorage): string {
  return kind === 'env' || kind === 'command' ? `${kind}:${ref ?? ''}` : kind;
}

/** Whether the storage keeps the key in orcc's key file. */
export function usesKeyFile(storage: KeyStorage): boolean {
  return storage.kind === 'file' || storage.kind === 'helper';
}

/** Whether the key is in orcc's key file now. With storage `profile` it is while Claude Code is on Anthropic, when no profile has it. */
export function waitsInKeyFile({ keyStorage, native }: Pick<Config, 'keyStorage' | 'native'>): boolean {
  return usesKeyFile(keyStorage) || (keyStorage.kind === 'profile' && native);
}

/** Whether settings files name a command that prints the key instead of containing it. */
export function usesHelper(storage: KeyStorage): boolean {
  return storage.kind === 'helper' || storage.kind === 'keychain' || storage.kind === 'command';
}

/** The `apiKeyHelper` for the key file: a plain `cat` (`type` on Windows), so that it works without orcc and without Node. */
export function helperCommand(keyPath: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? `type "${keyPath}"` : `cat ${inQuotes(keyPath)}`;
}

/** Refers to a key without containing it; the key itself is added only where bytes are made. Plain data, safe in a bug report. */
export interface KeyHandle {
  /** Where it came from: `--key-stdin`, `--key-env NAME`, `OPENROUTER_API_KEY`, `~/.bashrc:12`, `typed`. */
  readonly source: string;
  /** Where it is stored after the change. */
  readonly storage: KeyStorage;
  /** Tells keys apart: the first 12 hex digits of its SHA-256. */
  readonly hash: string;
}

/** The `source` of the key already in use. */
export const OWN_STORAGE = "orcc's own storage";

/** The handle of the key already in use; undefined if there is none. */
export function handleOfOwn(key: string | undefined, storage: KeyStorage): KeyHandle | undefined {
  return key === undefined ? undefined : handleOfKey(key, OWN_STORAGE, storage);
}

/** The handle of a key. */
export function handleOfKey(key: string, source: string, storage: KeyStorage): KeyHandle {
  return { source, storage, hash: sha256(key).slice(0, 12) };
}
