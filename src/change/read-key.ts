import { AUTH_TOKEN } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { readKeyFile } from '../core/look.ts';
import { keychainAccount, readFromKeychain } from '../config/keychain.ts';
import { tryKeyCommand } from '../config/key-command.ts';
import { keyUrlOf } from '../config/config.ts';
import { isReusable } from '../config/parse-key.ts';
import { DEFAULT_BASE_URL } from '../openrouter/base-url.ts';
import { usesKeyFile } from '../config/storage.ts';
import { readStoredKey } from '../config/stored-key.ts';
import { filedKeys, namedKeyFile } from '../config/named-keys.ts';
import { keyIn, type Machine } from './machine.ts';
import { readBlockAssignments } from '../targets/startup-block.ts';
import type { ShellId, ShellPlace } from '../edit/shell/types.ts';
import { valueAt } from '../edit/json/json-verify.ts';
import { tryJson } from '../text/json.ts';
import { targetOf } from '../targets/index.ts';
import type { TargetId } from '../targets/types.ts';

/**
 * The key that orcc set up, from its storage: the key file, the variable, or (`profile`) the
 * first of orcc's targets that holds it. Undefined where there is none. Starts nothing.
 */
export function readConfiguredKey(ctx: Pick<Context, 'fs' | 'env'>, machine: Machine): string | undefined {
  const { config, own } = machine;
  if (config === undefined) return readKeyFile(ctx.fs, own.key);
  const stored = readStoredKey(ctx, config.keyStorage, own);
  if (stored !== undefined || usesKeyFile(config.keyStorage)) return stored;
  return readKeysFromTargets(machine)[0];
}

/**
 * The key that orcc set up, wherever it lives; undefined where there is none. Starts the keychain's program or the command where it
 * lives there, and nothing otherwise.
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
 * The base URL that the stored key belongs to (design D23): the configuration's, else what the state remembers of a key that outlived
 * it. Where neither tells, a key of OpenRouter's shape is OpenRouter's; null: nobody knows.
 */
export function storedUrlOf({ config, state }: Pick<Machine, 'config' | 'state'>, key: string | undefined): string | null {
  if (config !== undefined) return keyUrlOf(config);
  return state.keyUrl ?? (key === undefined || isReusable(key) ? DEFAULT_BASE_URL : null);
}

/** The keys of orcc's that a machine was seen with: in the key file, and in every target that holds one. */
export function keysSeen(machine: Machine): readonly string[] {
  const { own, config, files, platform } = machine;
  const named = config === undefined ? [] : filedKeys(config).map((name) => keyIn(files.get(namedKeyFile(own, name, platform))));
  return [...new Set([keyIn(files.get(own.key)), ...named, ...readKeysFromTargets(machine)])].filter((key) => key !== '');
}

/** The same with others that a command knows: what no backup may hold. */
export function keysKnown(machine: Machine, ...others: ReadonlyArray<string | undefined>): readonly string[] {
  return [...new Set([...keysSeen(machine), ...others.flatMap((key) => key ?? [])])];
}

function readKeysFromTargets(machine: Machine): readonly string[] {
  return machine.state.targets.flatMap(({ id, path, carries }) => {
    const bytes = carries === 'setup' ? (machine.files.get(path)?.bytes ?? null) : null;
    return bytes === null ? [] : (keyInTarget(bytes, id, machine) ?? []);
  });
}

/** The key that a target's file holds literally; undefined where it holds none. */
export function keyInTarget(bytes: Uint8Array, id: TargetId, place: ShellPlace): string | undefined {
  const { shell } = targetOf(id);
  return shell === undefined ? keyOfSettings(bytes) : keyOfBlock(bytes, shell, place);
}

/** However the file may be refused otherwise: a key in it is a key. */
function keyOfSettings(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  const token = valueAt(tryJson(text.replace(/^\ufeff/, '')), ['env', AUTH_TOKEN]);
  return typeof token === 'string' && token !== '' ? token : undefined;
}

function keyOfBlock(bytes: Uint8Array, shell: ShellId, place: ShellPlace): string | undefined {
  for (const each of readBlockAssignments(bytes, shell, place)) {
    if (each.name === AUTH_TOKEN && 'value' in each && each.value !== '') return each.value;
  }
  return undefined;
}
