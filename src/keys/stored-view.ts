import { PAGES } from '../core/hosts.ts';
import { viewChange } from '../change/view-change.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { ownFiles } from '../core/folder.ts';
import type { Outcome } from '../core/outcome.ts';
import { maskKey, stripControls, shortPath } from '../text/text.ts';
import { findKeychain } from '../config/keychain.ts';
import { keyPage, revokeAdvice } from '../config/revoke-link.ts';
import type { KeyStorage } from '../config/storage.ts';
import type { StoredKey } from './store-key.ts';

/** The outcome for the user after a key was stored, moved or replaced. */
export function describeStored(
  ctx: Pick<Context, 'env' | 'home' | 'platform'>,
  stored: StoredKey,
  now: { readonly key: string; readonly baseUrl: string },
): Outcome {
  const { kind, storage, oldKey, files, written, scrubbed, copies } = stored;
  const isNew = oldKey !== undefined && oldKey !== now.key;
  const isDone = kind === 'applied' || kind === 'unchanged';
  const data = {
    key: maskKey(now.key),
    replaced: isNew ? maskKey(oldKey) : null,
    storage: storage.kind,
    place: describePlaceOf(ctx, storage),
    files,
    scrubbedBackups: scrubbed,
    copies,
    ...(isNew ? { revoke: revokeAdvice(oldKey, now.baseUrl), revokePage: keyPage(oldKey) } : {}),
  };
  return viewChange(stored, data, (style) => {
    if (kind === 'unchanged') return 'Nothing to change: that key is already stored there';
    const lines = [`${style.green('✓')} ${maskKey(now.key)} is stored in ${describePlaceOf(ctx, storage)}`];
    lines.push(...written.map((text) => `${style.green('✓')} ${text}`));
    if (scrubbed > 0)
      lines.push(
        `${style.green('✓')} Deleted ${scrubbed} backup${scrubbed === 1 ? '' : 's'} that contained the key: those changes can no longer be undone`,
      );
    for (const copy of copies) lines.push(`${style.yellow('left:')} the key is still in ${copy}, which is not orcc's`);
    if (isDone && isNew) lines.push(`The old key ${maskKey(oldKey)} still works: ${revokeAdvice(oldKey, now.baseUrl)}`);
    if (isDone) lines.push('Open a new terminal; running Claude Code sessions keep the key they started with');
    return lines.join('\n');
  });
}

/** Where the key lives, in words. */
export function describePlaceOf(ctx: Pick<Context, 'env' | 'home' | 'platform'>, storage: KeyStorage): string {
  const file = shortPath(ownFiles(ctx).key, ctx.home);
  switch (storage.kind) {
    case 'file':
    case 'helper':
      return file;
    case 'profile':
      return 'the files that orcc wrote';
    case 'env':
      return `the variable ${storage.ref ?? ''}`;
    case 'command':
      return `what \`${stripControls(storage.ref ?? '')}\` prints`;
    case 'keychain':
      return findKeychain(ctx.platform)?.name ?? 'the keychain';
  }
}

/** Adds to an error that a key was created at OpenRouter but could not be stored. Bugs and other errors are returned as they are. */
export function refusedToStore(error: unknown, key: string, baseUrl: string): unknown {
  if (!(error instanceof OrccError) || error.exit === 'bug') return error;
  const hint = `${error.hint === undefined ? '' : `${error.hint}. `}The login created the key ${maskKey(key)}, which is not stored anywhere: ${revokeAdvice(key, baseUrl)} (all keys: ${PAGES.keys})`;
  return new OrccError(error.exit, error.message, { hint, code: error.code, data: error.data, cause: error });
}
