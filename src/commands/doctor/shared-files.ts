import type { Context } from '../../core/context.ts';
import type { FixRequest } from '../../doctor/check.ts';
import { isMemberFix } from '../../doctor/mend-settings.ts';
import type { Unmended } from '../../doctor/mend-files.ts';
import { readGit, type GitFacts } from '../../targets/git.ts';

/** Why a file may be others' too; what git can't tell is not a no. */
const REASONS: Readonly<Partial<Record<GitFacts['kind'], string>>> = {
  tracked: 'git tracks this file, so others share it',
  unknown: 'git stands above this file and does not answer, so others may share it',
};

/** Mends apart from those of settings files that git tracks: what changes there changes for everyone who shares the file. */
export async function splitShared(
  ctx: Pick<Context, 'fs' | 'exec' | 'env' | 'platform'>,
  fixes: readonly FixRequest[],
): Promise<{ readonly own: readonly FixRequest[]; readonly shared: readonly Unmended[] }> {
  const own: FixRequest[] = [];
  const shared: Unmended[] = [];
  for (const fix of fixes) {
    const { code, path } = fix;
    const reason = isMemberFix(fix) && path !== undefined ? REASONS[(await readGit(ctx, path)).kind] : undefined;
    if (reason === undefined || path === undefined) own.push(fix);
    else shared.push({ code, path, reason: `${reason}: \`--yes\` leaves it alone` });
  }
  return { own, shared };
}
