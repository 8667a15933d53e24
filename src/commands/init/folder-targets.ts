import { claudePaths } from '../../claude/paths.ts';
import { holdsLiterally, type KeyStorage } from '../../config/storage.ts';
import { pathsOf } from '../../core/paths-of.ts';
import { dirname } from 'node:path';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { Machine } from '../../change/machine.ts';
import type { IgnoreFacts } from '../../change/desired.ts';
import { nameManaged, trackedKeyError } from '../../keys/tracked-profiles.ts';
import { readDotfiles } from '../../targets/dotfiles.ts';
import { isBeyondIgnore, readGit } from '../../targets/git.ts';
import { isFolderTarget, type Located, type TargetId } from '../../targets/types.ts';
import type { Say } from '../../core/say.ts';
import type { Deciding } from './types.ts';

/**
 * A `project` mapping reaches every teammate, even those without orcc, and needs URL and token from somewhere else (design D20):
 * says so, and asks on a terminal. Throws exit 2 if nothing else holds URL and token, 7 for a no.
 */
export async function confirmProject(
  ctx: Pick<Context, 'interactive'>,
  targets: readonly TargetId[],
  { intent, ground, agree, say }: Deciding,
): Promise<void> {
  const { machine } = ground;
  if (targets.includes('local') && targets.every(isFolderTarget)) {
    say.warn(
      '`local` on its own does not apply in subfolders and fails the first time Claude Code starts: `--target user` has neither problem',
    );
  }
  if (!targets.includes('project')) return;
  requireConnection(targets, machine);
  const about =
    "The project's settings are committed: teammates without orcc would send these model ids to Anthropic, which does not know them";
  const file = machine.located.get('project')?.files[0]?.path;
  // The user agreed when it was first written.
  if (machine.state.targets.some(({ id, path: written }) => id === 'project' && written === file)) return;
  if (intent.yes || !ctx.interactive) say.warn(about);
  else if (!(await agree([about], 'Write the mapping to the project anyway?', false))) {
    throw new OrccError('declined', 'Nothing was written', { hint: 'Run `orcc init` again without `project`' });
  }
}

/** Throws exit 2 if `project` would get a mapping and nothing else would hold the URL and the key that it needs. */
export function requireConnection(targets: readonly TargetId[], machine: Machine): void {
  if (!targets.includes('project')) return;
  const here = dirname(machine.located.get('project')?.files[0]?.path ?? '');
  const isRecorded = machine.state.targets.some(
    (target) => target.carries === 'setup' && (target.id === 'user' || (target.id === 'local' && dirname(target.path) === here)),
  );
  if (targets.includes('user') || targets.includes('local') || isRecorded) return;
  throw new OrccError('usage', 'Target `project` holds only the mapping, and nothing else would hold the URL and the key', {
    code: 'PROJECT_MAPPING_ALONE',
    hint: 'Add `--target user` (or `--target local`)',
  });
}

/**
 * What git says about the file of `local`; undefined if that is not a target. Throws exit 6 if git tracks it: a key must not get
 * into a commit.
 */
export async function readIgnoreFacts(
  ctx: Pick<Context, 'exec' | 'env' | 'cwd' | 'fs' | 'home' | 'platform'>,
  targets: readonly TargetId[],
): Promise<IgnoreFacts | undefined> {
  if (!targets.includes('local')) return undefined;
  const join = pathsOf(ctx.platform).join;
  const file = claudePaths(ctx).local;
  const ignore = join(ctx.cwd, '.gitignore');
  const { kind } = await readGit(ctx, file);
  if (kind === 'tracked') {
    throw new OrccError('refused', `\`${file}\` is tracked by git, so a key in it would be committed`, {
      code: 'SETTINGS_NOT_IGNORED',
      hint: 'Remove it from git first: `git rm --cached .claude/settings.local.json`',
    });
  }
  // If a line there would not help, the file is refused later, in the check of every file that gets the key.
  return { needed: kind === 'not-ignored' && !(await isBeyondIgnore(ctx, file, ignore)), path: ignore };
}

/**
 * Checks for files that a dotfile manager tracks. Without the key they are fine, and a warning says where their source is; the key
 * itself (in a profile, or in user settings) would end up in a repository, so throws exit 6. A committed `project` file never gets
 * the key, and `local` is checked separately (`readIgnoreFacts`).
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
