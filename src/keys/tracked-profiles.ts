import type { TargetState } from '../config/state.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { shortPath } from '../text/text.ts';
import { readDotfiles, type DotfileFacts } from '../targets/dotfiles.ts';
import { isShellTarget } from '../targets/types.ts';

type Place = Pick<TargetState, 'id' | 'path'>;

/** Throws exit 6 if a file that would hold the key goes into a repository. */
export async function refuseTracked(
  ctx: Pick<Context, 'exec' | 'env' | 'platform' | 'fs' | 'home'>,
  places: readonly Place[],
): Promise<void> {
  for (const place of places) {
    const facts = await readDotfiles(ctx, place.path);
    if (facts.tracked) throw trackedKeyError(place, facts, ctx.home);
  }
}

/** The error (exit 6) for a key that would go into a file which a dotfile manager manages. */
export function trackedKeyError({ id, path }: Place, facts: DotfileFacts, home: string): OrccError {
  const isShell = isShellTarget(id);
  return new OrccError('refused', `${nameManaged(path, facts, home)}, so a key in it would end up in a repository`, {
    code: 'KEY_EXPOSED',
    hint: isShell
      ? 'Use the key storage `file`: then the block contains no key'
      : 'Use the key storage `helper`, which keeps the key out of this file, or a shell as the target',
    data: { path },
  });
}

/** `~/.bashrc` is managed by yadm. */
export function nameManaged(path: string, { manager = 'git' }: DotfileFacts, home: string): string {
  return `\`${shortPath(path, home)}\` is managed by ${manager === 'bare repository' ? 'a bare repository' : manager}`;
}
