import type { Context } from '../../core/context.ts';
import type { FixRequest } from '../../doctor/check.ts';
import type { Unmended } from '../../doctor/mend-files.ts';
import { readGit } from '../../targets/git.ts';

/** Mends that change members of a settings file. */
const OF_MEMBERS: readonly FixRequest['kind'][] = ['set-member', 'remove-member', 'key-to-token', 'legacy-to-env'];

/** Mends apart from those of settings files that git tracks: what changes there changes for everyone who shares the file. */
export async function splitShared(
  ctx: Pick<Context, 'fs' | 'exec' | 'env' | 'platform'>,
  fixes: readonly FixRequest[],
): Promise<{ readonly own: readonly FixRequest[]; readonly shared: readonly Unmended[] }> {
  const own: FixRequest[] = [];
  const shared: Unmended[] = [];
  for (const fix of fixes) {
    const isTracked = OF_MEMBERS.includes(fix.kind) && fix.path !== undefined && (await readGit(ctx, fix.path)).kind === 'tracked';
    if (isTracked)
      shared.push({ code: fix.code, path: fix.path, reason: 'git tracks this file, so others share it: `--yes` leaves it alone' });
    else own.push(fix);
  }
  return { own, shared };
}
