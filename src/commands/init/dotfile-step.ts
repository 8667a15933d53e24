import type { Context } from '../../core/context.ts';
import { holdsLiterally, type KeyStorage } from '../../config/storage.ts';
import { nameManaged, trackedKeyError } from '../../keys/tracked-profiles.ts';
import { readDotfiles } from '../../targets/dotfiles.ts';
import { isFolderTarget, type Located, type TargetId } from '../../targets/types.ts';
import type { Say } from '../../core/say.ts';

/**
 * Files that a dotfile manager looks after: without the key they are fine and the user hears where their source lives; the
 * key itself (in a profile, or in user settings) would end in a repository and is refused, exit 6. A committed
 * `project` file never gets one, and `local` is looked at on its own (`readIgnoreFacts`).
 */
export async function checkDotfiles(
  ctx: Pick<Context, 'exec' | 'env' | 'platform' | 'fs' | 'home'>,
  targets: readonly TargetId[],
  located: ReadonlyMap<TargetId, Located>,
  storage: KeyStorage,
  say: Say,
): Promise<void> {
  for (const id of targets) {
    if (isFolderTarget(id)) continue;
    for (const { path } of located.get(id)?.files ?? []) {
      const facts = await readDotfiles(ctx, path);
      if (!facts.tracked) continue;
      if (holdsLiterally({ id }, storage)) throw trackedKeyError({ id, path }, facts, ctx.home);
      say.warn(`${nameManaged(path, facts, ctx.home)}${facts.hint === undefined ? '' : `: ${facts.hint}`}`);
    }
  }
}
