import { scrubHistory } from '../apply/trim-history.ts';
import type { Context } from '../core/context.ts';
import type { Say } from '../core/say.ts';
import { shortPlace } from '../text/text.ts';
import { change, type Changed } from '../change/change.ts';
import type { Change } from '../change/asked.ts';
import { isMoved } from './desire-key.ts';
import { findKeychain, keychainAccount, putInKeychain, readFromKeychain, removeFromKeychain } from '../config/keychain.ts';
import { keysSeen } from '../change/read-key.ts';
import { findCopies } from './leaks/scan-files.ts';
import type { PresentKey } from './present-key.ts';
import type { KeyStorage } from '../config/storage.ts';

export interface KeyChanged<D> extends Changed<D> {
  /** How many backups were deleted because they held a key that left. */
  readonly scrubbed: number;
  /** Where a key that left still is, in files that are not orcc's: `~/.bashrc:12`. */
  readonly copies: readonly string[];
}

/**
 * `change` for a change that brings a key, moves it, or removes it (`to` undefined): it covers the keychain as well, and leaves no copy
 * of a key that goes in anything of orcc's, backups included. If it is declined or throws, the keychain is as it was before.
 */
export async function changeKey<D>(
  ctx: Context,
  present: PresentKey,
  to: { readonly key: string; readonly storage: KeyStorage } | undefined,
  asked: Omit<Change<D>, 'key' | 'leaving'>,
): Promise<KeyChanged<D>> {
  // No copy may stay of a key that is removed, replaced or moved to another storage.
  const isLeaving = to === undefined || to.key !== present.key || isMoved(present.storage, to.storage);
  const leaving = isLeaving && present.key !== undefined ? [present.key] : [];
  const account = to?.storage.kind === 'keychain' ? (to.storage.ref ?? keychainAccount(present.baseUrl)) : undefined;
  const isThere = account !== undefined && account === accountOf(present) && present.key === to?.key;
  const takesFromKeychain = present.storage.kind === 'keychain' && present.key !== undefined && to === undefined;
  let isPut = false;
  let done: Changed<D>;
  try {
    done = await change(ctx, {
      ...asked,
      key: to?.key,
      leaving,
      asksAnyway: asked.asksAnyway === true || takesFromKeychain || (account !== undefined && !isThere),
      beforeWrite: async () => {
        if (account === undefined || isThere || to === undefined) return;
        await putInKeychain(ctx, account, to.key);
        isPut = true;
      },
    });
    if (done.kind === 'declined' && isPut && account !== undefined) await restoreKeychain(ctx, account, present);
  } catch (error) {
    if (isPut && account !== undefined) await restoreKeychain(ctx, account, present);
    throw error;
  }
  if (done.kind === 'declined' || done.kind === 'dry-run') return { ...done, scrubbed: 0, copies: [] };
  const isEmptied = takesFromKeychain && done.kind === 'unchanged';
  if (leaving.length > 0 && present.storage.kind === 'keychain' && (to === undefined || isMoved(present.storage, to.storage)))
    await leaveKeychain(ctx, present, asked.say);
  // Another orcc may have changed the key since it was read: then that key leaves as well.
  const gone = [...new Set([...leaving, ...(done.kind === 'applied' ? keysSeen(done.machine).filter((key) => key !== to?.key) : [])])];
  return {
    ...done,
    kind: isPut || isEmptied ? 'applied' : done.kind,
    scrubbed: gone.length === 0 ? 0 : scrubHistory(ctx, present.machine.own.folder, gone),
    copies: leaving.flatMap((key) => copiesOf(ctx, present, to?.storage, key)),
  };
}

/** The name of the present key's item in the keychain; undefined if the key is not stored there. */
function accountOf({ storage, baseUrl }: PresentKey): string | undefined {
  return storage.kind === 'keychain' ? (storage.ref ?? keychainAccount(baseUrl)) : undefined;
}

async function leaveKeychain(ctx: Context, present: PresentKey, say: Say): Promise<void> {
  if (await removeFromKeychain(ctx, accountOf(present) ?? '')) return;
  say.warn(
    `The key could not be removed from ${findKeychain(ctx.platform)?.name ?? 'the keychain'}: delete the item \`orcc\` there by hand`,
  );
}

/** Restores the item after a failure: the key that was there before, or no item if there was none. */
async function restoreKeychain(ctx: Context, account: string, present: PresentKey): Promise<void> {
  const { key } = present;
  if (accountOf(present) !== account || key === undefined) await removeFromKeychain(ctx, account);
  else if ((await readFromKeychain(ctx, account)) !== key) await putInKeychain(ctx, account, key);
}

function copiesOf(ctx: Context, { machine }: PresentKey, storage: KeyStorage | undefined, key: string): readonly string[] {
  // With the storage `profile` the user wants the key in these files.
  const isOwn = (file: string): boolean => storage?.kind === 'profile' && machine.state.targets.some((target) => target.path === file);
  return findCopies(ctx, machine, key).flatMap((copy) => (isOwn(copy.file) ? [] : [shortPlace(copy, ctx.home)]));
}
