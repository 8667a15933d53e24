import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { Say } from '../core/say.ts';
import type { ChangeFlags } from '../core/intent.ts';
import type { Machine } from '../change/machine.ts';
import { type Changed } from '../change/change.ts';
import { keepsModes, openKeyError } from '../apply/keeps-modes.ts';
import { pastePath } from '../text/quote-word.ts';
import { isMany } from '../targets/types.ts';
import { describeWritten } from '../change/view-change.ts';
import { visibleFiles } from '../change/visible-edits.ts';
import { changeKey } from './change-key.ts';
import { namedKeyFile } from '../config/named-keys.ts';
import { desireKey, type KeyDecision, type NamedUse } from './desire-key.ts';
import { tryKeyCommand } from '../config/key-command.ts';
import { keychainAccount, requireKeychain } from '../config/keychain.ts';
import { readPresentKey, type PresentKey } from './present-key.ts';
import { holdsLiterally, checkStorage, type KeyStorage, handleOfKey } from '../config/storage.ts';
import { refuseTracked } from './tracked-profiles.ts';

interface StoreKey extends ChangeFlags {
  readonly command: string;
  readonly key: string;
  /** Where the key came from, for the Decision. */
  readonly source: string;
  /** The base URL that it was admitted to; the configured one unless given. */
  readonly url?: string;
  /** The storage to move to; unless given, the key stays where it is. */
  readonly storage?: KeyStorage;
  /** Switches to the key of this name; `kept` is the previous one, by its name. */
  readonly named?: NamedUse & { readonly kept: Readonly<Record<string, string>> };
  readonly say: Say;
  readonly question: string;
}

export interface StoredKey extends Pick<Changed<KeyDecision>, 'kind' | 'dryRun' | 'decision' | 'preview'> {
  readonly storage: KeyStorage;
  /** The key that was there before; undefined if there was none. Never print it. */
  readonly oldKey: string | undefined;
  /** The files that were written, as short paths for people. */
  readonly files: readonly string[];
  /** What was written, in words. */
  readonly written: readonly string[];
  readonly scrubbed: number;
  readonly copies: readonly string[];
}

/**
 * Puts a key into its storage and into every file of orcc's that holds it literally, all or nothing, and leaves no copy of the
 * previous one, backups included. Throws exit 2 or 6 if the storage can't take it, before anything is written.
 */
export async function storeKey(ctx: Context, work: StoreKey): Promise<StoredKey> {
  const present = await readPresentKey(ctx);
  const { machine } = present;
  const { named } = work;
  const storage = nameItem(work.storage ?? present.storage, named === undefined ? present : { ...present, baseUrl: named.baseUrl });
  await requirePossible(ctx, machine, storage, work);
  const decision: KeyDecision = {
    key: handleOfKey(work.key, work.source, storage),
    oldStorage: present.storage,
    keyUrl: named?.baseUrl ?? (present.key === work.key ? present.storedFor : undefined) ?? work.url ?? present.baseUrl,
    ...(named === undefined ? {} : { named: { name: named.name, baseUrl: named.baseUrl, keys: named.keys } }),
    replace: work.replace,
    force: work.force,
  };
  const done = await changeKey(
    ctx,
    present,
    { key: work.key, storage },
    {
      command: work.command,
      ...(named === undefined ? {} : keptFiles(ctx, machine, named)),
      decision,
      desire: (decided, machine) => desireKey(machine, decided),
      yes: work.yes,
      dryRun: work.dryRun,
      say: work.say,
      question: work.question,
    },
  );
  return {
    ...done,
    decision,
    storage,
    oldKey: present.key,
    files: visibleFiles(done.planned, ctx.home),
    written: describeWritten(done.planned, ctx.home),
  };
}

/** The files of named keys that the change may write in addition, and the keys that go into them. */
function keptFiles(
  ctx: Pick<Context, 'platform'>,
  { own }: Machine,
  { kept }: NonNullable<StoreKey['named']>,
): { readonly named: Readonly<Record<string, string>>; readonly extraPaths: readonly string[] } {
  return { named: kept, extraPaths: Object.keys(kept).map((name) => namedKeyFile(own, name, ctx.platform)) };
}

/** Gives a keychain storage the name of its item, which stays the same when the key changes. Other storages are returned as they are. */
export function nameItem(storage: KeyStorage, { storage: before, baseUrl }: Pick<PresentKey, 'storage' | 'baseUrl'>): KeyStorage {
  if (storage.kind !== 'keychain') return storage;
  return { kind: 'keychain', ref: storage.ref ?? (before.kind === 'keychain' ? before.ref : undefined) ?? keychainAccount(baseUrl) };
}

/** Throws exit 2 or 6 if this storage can't take the key, by the rules of design D3 or for what this machine lacks. */
async function requirePossible(
  ctx: Context,
  machine: Machine,
  storage: KeyStorage,
  { key, dryRun }: Pick<StoreKey, 'key' | 'dryRun'>,
): Promise<void> {
  const carriers = machine.state.targets.filter(({ carries, returns }) => carries === 'setup' || returns === 'setup');
  checkStorage(
    storage,
    [...new Set(carriers.map(({ id }) => id))],
    (target) => `orcc has written there: \`orcc remove --target ${target}\` removes it, or choose another storage`,
  );
  if (storage.kind === 'keychain') requireKeychain(ctx);
  if (storage.kind === 'env' && ctx.env[storage.ref ?? ''] !== key) requireChangeable(storage);
  if (storage.kind === 'command' && (await tryKeyCommand(ctx, storage.ref ?? '')) !== key) requireChangeable(storage);
  const holders = machine.state.targets.filter((target) => target.carries === 'setup' && holdsLiterally(target, storage));
  if (holders.length === 0 && storage.kind === 'profile' && machine.config?.native !== true) {
    throw new OrccError('refused', 'orcc has no file that could hold the key', {
      hint: 'Run `orcc init` and enter the key, or run `orcc key storage file` first',
    });
  }
  if (!dryRun) for (const holder of holders) refuseOpen(ctx, holder);
  await refuseTracked(ctx, holders);
}

/** Throws exit 6 for a settings file that everyone can read, since its file system keeps no modes; `init` asks if the key may go there. */
function refuseOpen(ctx: Context, { id, path, modeless }: Machine['state']['targets'][number]): void {
  if (!isMany(id) || modeless === true || keepsModes(ctx, path)) return;
  throw openKeyError(path, ctx, `\`orcc init --settings-file ${pastePath(path, ctx.home)}\` in a terminal asks for it`);
}

/** Throws exit 6 if orcc only refers to the place of the key, a variable or a command, and so can't change what is there. */
export function requireChangeable({ kind, ref = '' }: KeyStorage): void {
  if (kind === 'env') throw heldElsewhere(`The key is in the variable ${ref}, so only you can change it, where you export it`);
  if (kind === 'command') throw heldElsewhere(`The key is what \`${ref}\` prints, which only you can change: where that command reads it`);
}

function heldElsewhere(message: string): OrccError {
  return new OrccError('refused', message, { hint: 'Change it there, or let orcc keep the key: `orcc key storage file`' });
}
