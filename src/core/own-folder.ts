import { errnoOf } from './errno.ts';
import { posix } from 'node:path';
import { formatMode } from '../text/format.ts';
import { escapeInvisible, stripControls, shortPath } from '../text/text.ts';
import type { Context, FileStat } from './context.ts';
import { OrccError } from './errors.ts';
import { orccFolder } from './folder.ts';
import { listFolder } from './look.ts';

type Slice = Pick<Context, 'fs' | 'uid' | 'platform' | 'env'>;

/** What orcc believes, by its name in the folder. Any other name is nobody's business. */
const FILES = ['key', 'config.json', 'config.broken.json', 'state.json', 'replaced.json'];
const FOLDERS = ['cache', 'locks', 'history'];

/** Group and others. */
const WRITABLE = 0o022;

/**
 * Throws exit 6 (OWN_FOLDER_UNSAFE), with the command that fixes it, where someone else could have written what orcc is about to believe:
 * its folder or a file in it belongs to another user, others may write to it, or it is a link or no ordinary file. The folder itself and
 * those above may be links (stow, Nix). The history is looked at by whoever reads it (`checkOwnTree`). Windows has no such
 * modes: nothing is checked there.
 */
export function checkOwnFolder(ctx: Slice & Pick<Context, 'home'>): void {
  if (ctx.uid === undefined || ctx.platform === 'win32') return;
  const folder = orccFolder(ctx);
  const stat = lookAt(() => ctx.fs.stat(folder), folder);
  if (stat === undefined) return;
  if (stat.kind !== 'directory') throw unsafe(folder, 'is not a folder', 'Move it away');
  checkOwner(ctx, folder, folder, stat);
  for (const name of FILES) checkEntry(ctx, folder, posix.join(folder, name), 'file');
  for (const name of FOLDERS) checkEntry(ctx, folder, posix.join(folder, name), 'directory');
  for (const name of ['cache', 'locks']) checkOwnTree(ctx, folder, posix.join(folder, name));
}

/**
 * What lies in orcc's folder though nothing is set up, such as a key that waits for `init`, or what a killed run left; caches and locks
 * apart. Undefined where there is nothing. Never throws.
 */
export function describeIdleFiles(ctx: Pick<Context, 'fs' | 'home' | 'platform' | 'env'>): string | undefined {
  const folder = orccFolder(ctx);
  const names = listFolder(ctx.fs, folder).filter((name) => name !== 'cache' && name !== 'locks');
  if (names.length === 0) return undefined;
  const shown = names.slice(0, 5).map(stripControls);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return `Nothing is set up, and ${shortPath(folder, ctx.home)} holds ${shown.join(', ')}${more}; \`orcc init\` continues from there, \`orcc remove\` deletes it`;
}

/** `checkOwnFolder` for all that lies below one of its folders; nothing there is fine. */
export function checkOwnTree(ctx: Slice, folder: string, tree: string): void {
  if (ctx.uid === undefined || ctx.platform === 'win32') return;
  const stat = checkEntry(ctx, folder, tree, undefined);
  if (stat?.kind !== 'directory') return;
  // Locks come and go meanwhile.
  for (const name of lookAt(() => ctx.fs.readdir(tree), tree) ?? []) checkOwnTree(ctx, folder, posix.join(tree, name));
}

function checkEntry(ctx: Slice, folder: string, file: string, kind: 'file' | 'directory' | undefined): FileStat | undefined {
  const stat = lookAt(() => ctx.fs.lstat(file), file);
  if (stat === undefined) return undefined;
  if (stat.kind === 'link')
    throw unsafe(
      file,
      'is a link, which could point anywhere',
      `Put the file itself there: \`cp -L ${file} ${file}.new && mv ${file}.new ${file}\``,
    );
  if (stat.kind === 'other' || (kind !== undefined && stat.kind !== kind))
    throw unsafe(file, `is not a ${kind === 'directory' ? 'folder' : 'ordinary file'}`, 'Move it away; orcc keeps its own files there');
  checkOwner(ctx, folder, file, stat);
  return stat;
}

function checkOwner({ uid, env }: Slice, folder: string, file: string, stat: FileStat): void {
  if (stat.uid !== uid) {
    const sudoUser = env['SUDO_USER'];
    const isSudo = uid === 0 && sudoUser !== undefined && sudoUser !== 'root';
    const hint = isSudo
      ? `Run it as ${stripControls(sudoUser)}, without sudo: orcc never needs root`
      : `If it is yours: \`sudo chown -R ${String(uid)} ${folder}\``;
    throw unsafe(file, `belongs to another user (uid ${stat.uid}, this is uid ${String(uid)})`, hint);
  }
  if ((stat.mode & WRITABLE) !== 0) {
    const mode = formatMode(stat.mode);
    throw unsafe(file, `can be written by other users (mode ${mode})`, `Check what is in it, then run \`chmod -R go-w ${folder}\``);
  }
}

function unsafe(file: string, reason: string, hint: string): OrccError {
  return new OrccError('refused', `\`${escapeInvisible(file)}\` ${reason}, so orcc trusts nothing in its folder`, {
    code: 'OWN_FOLDER_UNSAFE',
    hint: stripControls(hint),
    data: { path: file },
  });
}

/** What cannot even be looked at is said as it is; what is gone is not there. */
function lookAt<T>(look: () => T, file: string): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = errnoOf(error) ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new OrccError('refused', `\`${escapeInvisible(file)}\` can't be read (${code})`, {
      code: 'OWN_FOLDER_UNSAFE',
      hint: 'Check the owner and mode of the folders above it',
      cause: error,
      data: { path: file },
    });
  }
}
