import type { TargetState } from '../config/state.ts';
import type { Context } from '../context.ts';
import { OrccError } from '../errors.ts';
import { shortPath } from '../report/diff.ts';
import { readDotfiles } from '../targets/dotfiles.ts';

/** Throws exit 6 where a profile that would hold the key goes into a repository. */
export async function refuseTracked(ctx: Pick<Context, 'exec' | 'env' | 'platform' | 'fs' | 'home'>, targets: readonly Pick<TargetState, 'path'>[]): Promise<void> {
  for (const { path } of targets) {
    const facts = await readDotfiles(ctx, path);
    if (!facts.tracked) continue;
    throw new OrccError('refused', `\`${shortPath(path, ctx.home)}\` is looked after by ${facts.manager ?? 'git'}, so a key in it would get into a repository`, {
      code: 'KEY_EXPOSED',
      hint: 'Take `file`: then the block holds no key',
    });
  }
}
