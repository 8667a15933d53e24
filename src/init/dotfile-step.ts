import type { Context } from '../context.ts';
import { OrccError } from '../errors.ts';
import type { KeyStorage } from '../keys/storage.ts';
import { shortPath } from '../report/diff.ts';
import { readDotfiles } from '../targets/dotfiles.ts';
import { SHELL_TARGETS, type Located, type TargetId } from '../targets/types.ts';
import type { Say } from './say.ts';

/**
 * Profiles that a dotfile manager looks after: the block is fine there and the user hears where its source
 * lives; a literal key (`profile` storage) would end in a repository and is refused, exit 6.
 */
export async function checkDotfiles(
  ctx: Pick<Context, 'exec' | 'env' | 'platform' | 'fs' | 'home'>,
  targets: readonly TargetId[],
  located: ReadonlyMap<TargetId, Located>,
  storage: KeyStorage,
  say: Say,
): Promise<void> {
  for (const id of targets) {
    if (!SHELL_TARGETS.includes(id)) continue;
    for (const file of located.get(id)?.files ?? []) {
      const facts = await readDotfiles(ctx, file.path);
      if (!facts.tracked) continue;
      const where = `\`${shortPath(file.path, ctx.home)}\` is looked after by ${facts.manager ?? 'git'}`;
      if (storage.kind === 'profile') {
        throw new OrccError('refused', `${where}, so a key in it would get into a repository`, {
          code: 'KEY_EXPOSED',
          hint: 'Take `--key-storage file`: then the block holds no key',
        });
      }
      say.warn(`${where}${facts.hint === undefined ? '' : `: ${facts.hint}`}`);
    }
  }
}
