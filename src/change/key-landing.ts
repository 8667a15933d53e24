import { pathsOf } from '../core/paths-of.ts';
import { resolvePlace } from '../apply/place.ts';
import { type Edit, isTargetOwner } from '../apply/types.ts';
import { keyIn } from './machine.ts';
import { keyInTarget } from './read-key.ts';
import { ownFiles } from '../core/folder.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { isShared, isShellTarget } from '../targets/types.ts';
import { isBeyondIgnore, readGit, type GitFacts } from '../targets/git.ts';
import { pastePath } from '../text/quote-word.ts';
import { stripControls, shortPath } from '../text/text.ts';

type Slice = Pick<Context, 'exec' | 'env' | 'platform' | 'fs' | 'home' | 'uid'>;

/**
 * The edits that bring a key to a file that did not hold it yet. A file that did is no more exposed than before, which
 * `orcc doctor` reports: that is no reason to stop a change of the mapping.
 */
function landings(ctx: Pick<Context, 'env' | 'home' | 'platform'>, edits: readonly Edit[]): readonly Edit[] {
  const { folder } = ownFiles(ctx);
  return edits.filter(({ path, owner, before, after }) => {
    if (after === null) return false;
    // An edit that removes a key from a shell's history has the owner `key` too, but brings no key.
    const isKeyFile = owner === 'key' && pathsOf(ctx.platform).dirname(path) === folder;
    const key = isKeyFile ? keyIn({ bytes: after }) : isTargetOwner(owner) && !isShared(owner) ? keyInTarget(after, owner, ctx) : undefined;
    return key !== undefined && !holds(before, key);
  });
}

/**
 * Throws exit 6 if the key would land in a file that git would commit or that belongs to someone else. Checks the real place of
 * every file; with `planned`, a .gitignore line in the same plan counts as written. What git can't tell counts as a no (design
 * D24). orcc's own folder is checked too as soon as a key lands anywhere, since backups go there.
 */
export async function checkLandings(ctx: Slice, edits: readonly Edit[], planned: boolean): Promise<void> {
  const landing = landings(ctx, edits);
  if (landing.length === 0) return;
  for (const edit of landing) {
    refuseForeignOwner(ctx, edit.path);
    const facts = await readGit(ctx, edit.path);
    const line = planned ? edits.find(({ owner, after }) => owner === 'gitignore' && after !== null)?.path : undefined;
    const isFixable = facts.kind === 'not-ignored' && line !== undefined && !(await isBeyondIgnore(ctx, edit.path, line));
    if (!isFixable) refuseCommitted(ctx, edit, facts);
  }
  const backup = pathsOf(ctx.platform).join(ownFiles(ctx).folder, 'history', 'backup');
  refuseCommitted(ctx, { path: backup, owner: 'key' }, await readGit(ctx, backup));
}

function holds(bytes: Uint8Array | null, key: string): boolean {
  if (bytes === null) return false;
  const text = Buffer.from(bytes);
  return [key, JSON.stringify(key).slice(1, -1)].some((each) => text.includes(each) || text.includes(Buffer.from(each, 'utf16le')));
}

function refuseForeignOwner(ctx: Slice, path: string): void {
  const { stat, real } = resolvePlace(ctx, path);
  if (ctx.uid === undefined || stat === undefined || stat.uid === ctx.uid) return;
  const message = `\`${shortPath(real, ctx.home)}\` belongs to another user (uid ${stat.uid}, this is uid ${ctx.uid}), who could read a key in it`;
  throw refusal(path, 'FOREIGN_OWNER', message, 'Change its owner (`chown`), or choose another target');
}

function refusal(path: string, code: string, message: string, hint: string): OrccError {
  return new OrccError('refused', message, { code, hint: `${hint}; nothing was written`, data: { path } });
}

function refuseCommitted(ctx: Slice, { path, owner }: Pick<Edit, 'path' | 'owner'>, facts: GitFacts): void {
  if (facts.kind === 'outside' || facts.kind === 'ignored') return;
  const p = pathsOf(ctx.platform);
  const isOwn = owner === 'key';
  const name = `${shortPath(path, ctx.home)}${facts.real === path || isOwn ? '' : ` (really ${shortPath(facts.real, ctx.home)})`}`;
  const rest = stripControls(p.relative(facts.root, isOwn ? ownFolderIn(ctx, facts.real) : facts.real)).replaceAll('\\', '/');
  const line = `\`/${rest}${isOwn ? '/' : ''}\` in \`${shortPath(p.join(facts.root, '.gitignore'), ctx.home)}\``;
  const elsewhere = isOwn
    ? 'or set XDG_CONFIG_HOME to a folder outside it'
    : isSettings(owner)
      ? 'or use a shell as the target, whose lines contain no key'
      : 'or use the key storage `file`, which keeps the key out of it';
  const root = shortPath(facts.root, ctx.home);
  if (facts.kind === 'unknown') {
    const message = `\`${name}\` is in the git repository \`${root}\`, and orcc can't tell whether git would commit the key in it: ${facts.reason}`;
    throw refusal(path, 'GIT_UNKNOWN', message, `Make sure that \`git -C ${pastePath(facts.root, ctx.home)} status\` works, ${elsewhere}`);
  }
  const isTracked = facts.kind === 'tracked';
  const message = `git ${isTracked ? 'tracks' : 'does not ignore'} \`${name}\`, so the key in it would be committed to \`${root}\``;
  const start = isTracked ? 'Remove it from git (`git rm --cached`) and put' : 'Put';
  throw refusal(path, isSettings(owner) ? 'SETTINGS_NOT_IGNORED' : 'KEY_EXPOSED', message, `${start} ${line}, ${elsewhere}`);
}

/** Whether it is a settings file, which holds the key itself and has no other storage for it. */
function isSettings(owner: Edit['owner']): boolean {
  return isTargetOwner(owner) && !isShellTarget(owner);
}

/** orcc's folder at its real place, from a file in it or in its history. */
function ownFolderIn(ctx: Slice, real: string): string {
  const { dirname, basename } = pathsOf(ctx.platform);
  const folder = dirname(real);
  return basename(folder) === 'history' ? dirname(folder) : folder;
}
