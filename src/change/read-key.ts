import { DEFAULT_BASE_URL } from '../core/hosts.ts';
import { AUTH_TOKEN, BASE_URL } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { readKeyFile } from '../core/look.ts';
import { keychainAccount, readFromKeychain } from '../config/keychain.ts';
import { tryKeyCommand } from '../config/key-command.ts';
import { keyUrlOf } from '../config/config.ts';
import { isReusable } from '../config/parse-key.ts';
import { usesKeyFile } from '../config/storage.ts';
import { readStoredKey } from '../config/stored-key.ts';
import { filedKeys, namedKeyFile, namesOf } from '../config/named-keys.ts';
import { keyIn, type Machine } from './machine.ts';
import { readBlockAssignments } from '../targets/startup-block.ts';
import type { ShellId, ShellPlace } from '../edit/shell/types.ts';
import { valueAt } from '../edit/json/json-verify.ts';
import { tryJson } from '../text/json.ts';
import { isFolderTarget, shellIdOf, type TargetId } from '../targets/types.ts';

/**
 * The key that orcc set up, from its storage: the key file, the variable, or (`profile`) the
 * first of orcc's targets that holds it. undefined if there is none. Starts nothing.
 */
export function readConfiguredKey(ctx: Pick<Context, 'fs' | 'env'>, machine: Machine): string | undefined {
  const { config, own } = machine;
  if (config === undefined) return readKeyFile(ctx.fs, own.key);
  const stored = readStoredKey(ctx, config.keyStorage, own);
  if (stored !== undefined || usesKeyFile(config.keyStorage)) return stored;
  return keyInTargets(machine);
}

/**
 * The key that orcc set up, wherever it is; undefined if there is none. Starts the keychain's program or the key command if the key
 * storage is one of these, and nothing otherwise.
 */
export async function loadKey(
  ctx: Pick<Context, 'fs' | 'env' | 'exec' | 'platform' | 'signal'>,
  machine: Machine,
): Promise<string | undefined> {
  const { config } = machine;
  if (config?.keyStorage.kind === 'command') return tryKeyCommand(ctx, config.keyStorage.ref ?? '');
  if (config?.keyStorage.kind !== 'keychain') return readConfiguredKey(ctx, machine);
  return readFromKeychain(ctx, config.keyStorage.ref ?? keychainAccount(config.baseUrl));
}

/**
 * The base URL that the stored key belongs to (design D23): the configuration's, else the one that the state remembers for a key that
 * outlived it, else the one that stands beside it in a target. If none tells, a key that looks like OpenRouter's is OpenRouter's; null if
 * nothing tells.
 */
export function storedUrlOf(machine: Machine, key: string | undefined): string | null {
  const { config, state } = machine;
  if (config !== undefined) return keyUrlOf(config);
  return state.keyUrl ?? urlBesideKey(machine, key) ?? (key === undefined || isReusable(key) ? DEFAULT_BASE_URL : null);
}

/** The base URL beside that key in one of orcc's targets outside folders, whose settings others may have changed. */
export function urlBesideKey(machine: Machine, key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  const urls = machine.state.targets.flatMap(({ id, path, carries }) => {
    const bytes = carries === 'setup' && !isFolderTarget(id) ? (machine.files.get(path)?.bytes ?? null) : null;
    return bytes !== null && keyInTarget(bytes, id, machine) === key ? (valueInTarget(BASE_URL, bytes, id, machine) ?? []) : [];
  });
  return urls[0];
}

/** orcc's keys that were read with a machine: those in the key files, and in every target that holds one. */
export function keysSeen(machine: Machine): readonly string[] {
  const { own, files, platform } = machine;
  const named = filedKeys(namesOf(machine)).map((name) => keyIn(files.get(namedKeyFile(own, name, platform))));
  return [...new Set([keyIn(files.get(own.key)), ...named, ...readKeysFromTargets(machine)])].filter((key) => key !== '');
}

/** The same with others that a command knows: the keys that no backup may hold. */
export function keysKnown(machine: Machine, ...others: ReadonlyArray<string | undefined>): readonly string[] {
  return [...new Set([...keysSeen(machine), ...others.flatMap((key) => key ?? [])])];
}

/** The key that the first of orcc's targets with a key holds; undefined if none does. It outlives a key file that was emptied or lost. */
export function keyInTargets(machine: Machine): string | undefined {
  return readKeysFromTargets(machine)[0];
}

function readKeysFromTargets(machine: Machine): readonly string[] {
  return machine.state.targets.flatMap(({ id, path, carries }) => {
    const bytes = carries === 'setup' ? (machine.files.get(path)?.bytes ?? null) : null;
    return bytes === null ? [] : (keyInTarget(bytes, id, machine) ?? []);
  });
}

/** The key that a target's file holds literally; undefined if it holds none. */
export function keyInTarget(bytes: Uint8Array, id: TargetId, place: ShellPlace): string | undefined {
  return valueInTarget(AUTH_TOKEN, bytes, id, place);
}

function valueInTarget(name: string, bytes: Uint8Array, id: TargetId, place: ShellPlace): string | undefined {
  const shell = shellIdOf(id);
  return shell === undefined ? valueInSettings(name, bytes) : valueInBlock(name, bytes, shell, place);
}

/** Finds the value also in a file that orcc would refuse to edit. */
function valueInSettings(name: string, bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  const value = valueAt(tryJson(text.replace(/^\ufeff/, '')), ['env', name]);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function valueInBlock(name: string, bytes: Uint8Array, shell: ShellId, place: ShellPlace): string | undefined {
  for (const each of readBlockAssignments(bytes, shell, place)) {
    if (each.name === name && 'value' in each && each.value !== '') return each.value;
  }
  return undefined;
}
