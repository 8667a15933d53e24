import { pathsOf } from '../../core/paths-of.ts';
import type { Context } from '../../core/context.ts';
import { attempt } from '../../text/attempt.ts';
import type { Machine } from '../../change/machine.ts';
import { loadKey } from '../../change/read-key.ts';
import type { Exposure } from './exposure.ts';
import { profilePlaces } from './places.ts';
import { scanFiles } from './scan-files.ts';
import { scanGit } from './scan-git.ts';

/**
 * Finds every place where a key is exposed: in files of this user, and in the repositories that contain the current folder and the
 * profiles (links followed). Reads files and starts git; never throws for what it finds there.
 */
export async function findExposures(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec' | 'signal'>,
  machine: Machine,
): Promise<readonly Exposure[]> {
  const { dirname } = pathsOf(ctx.platform);
  const profiles = profilePlaces(ctx, machine).flatMap((file) => attempt(() => ctx.fs.realpath(file)) ?? []);
  const [present, git] = await Promise.all([loadKey(ctx, machine), scanGit(ctx, [ctx.cwd, ...profiles.map((file) => dirname(file))])]);
  return [...scanFiles(ctx, machine, present), ...git];
}
