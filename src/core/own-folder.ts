import { errnoOf } from './errno.ts';
import { posix } from 'node:path';
import { formatMode } from '../text/format.ts';
import { escapeInvisible, stripControls, shortPath } from '../text/text.ts';
import type { Context, FileStat } from './context.ts';
import { OrccError } from './errors.ts';
import { orccFolder, OWN_NAMES } from './folder.ts';
import { listFolder } from './look.ts';
import { pasteWord } from '../text/quote-word.ts';

type Slice = Pick<Context, 'fs' | 'uid' | 'platform' | 'env'>;

/** The entries of orcc's folder that it trusts. Any other name is ignored. */
const FILES = Object.values(OWN_NAMES);
const FOLDERS = ['cache', 'locks', 'history'];

/** The write bits of group and others. */
const WRITABLE = 0o022;

/**
 * Throws exit 6 (OWN_FOLDER_UNSAFE), with the command that fixes it, if someone else could have written what orcc is about to trust:
 * its folder or a file in it belongs to another user, is writable by others, or is a link or not an ordinary file. The folder itself and
 * those above it may be links (stow, Nix). The history is checked by the code that reads it (`checkOwnTree`). On Windows, which has no
 * such modes, nothing is checked.
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
 * A sentence about what is in orcc's folder although nothing is set up, such as a key stored before `init`, or leftovers of a killed
 * run. Caches and locks don't count. Undefined if there is nothing. Never throws.
 */
export function describeIdleFiles(ctx: Pick<Context, 'fs' | 'home' | 'platform' | 'env'>): string | undefined {
  const folder = orccFolder(ctx);
  const names = listFolder(ctx.fs, folder).filter((name) => name !== 'cache' && name !== 'locks');
  if (names.length === 0) return undefined;
  const shown = names.slice(0, 5).map(stripControls);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return `Nothing is set up, and ${shortPath(folder, ctx.home)} holds ${shown.join(', ')}${more}; \`orcc init\` continues from there, \`orcc remove\` deletes it`;
}

/** `checkOwnFolder` for everything below `tree`, a folder in orcc's own; a missing one is fine. */
export function checkOwnTree(ctx: Slice, folder: string, tree: string): void {
  if (ctx.uid === undefined || ctx.platform === 'win32') return;
  const stat = checkEntry(ctx, folder, tree, undefined);
  if (stat?.kind !== 'directory') return;
  // The folder may be gone by now, since locks come and go.
  for (const name of lookAt(() => ctx.fs.readdir(tree), tree) ?? []) checkOwnTree(ctx, folder, posix.join(tree, name));
}

function checkEntry(ctx: Slice, folder: string, file: string, kind: 'file' | 'directory' | undefined): FileStat | undefined {
  const stat = lookAt(() => ctx.fs.lstat(file), file);
  if (stat === undefined) return undefined;
  if (stat.kind === 'link') {
    const [link, copy] = [pasteWord(file), pasteWord(`${file}.new`)];
    const hint = `Put the file itself there: \`cp -L ${link} ${copy} && mv ${copy} ${link}\``;
    throw unsafe(file, 'is a link, which could point anywhere', hint);
  }
  if (stat.kind === 'other' || (kind !== undefined && stat.kind !== kind))
    throw unsafe(file, `is not ${kind === 'directory' ? 'a folder' : 'an ordinary file'}`, 'Move it away; orcc keeps its own files there');
  checkOwner(ctx, folder, file, stat);
  return stat;
}

function checkOwner({ uid, env }: Slice, folder: string, file: string, stat: FileStat): void {
  if (stat.uid !== uid) {
    const sudoUser = env['SUDO_USER'];
    const isSudo = uid === 0 && sudoUser !== undefined && sudoUser !== 'root';
    const hint = isSudo
      ? `Run it as ${stripControls(sudoUser)}, without sudo: orcc never needs root`
      : `If it is yours: \`sudo chown -R ${String(uid)} ${pasteWord(folder)}\``;
    throw unsafe(file, `belongs to another user (uid ${stat.uid}, this is uid ${String(uid)})`, hint);
  }
  if ((stat.mode & WRITABLE) !== 0) {
    const mode = formatMode(stat.mode);
    throw unsafe(
      file,
      `can be written by other users (mode ${mode})`,
      `Check what is in it, then run \`chmod -R go-w ${pasteWord(folder)}\``,
    );
  }
}

function unsafe(file: string, reason: string, hint: string): OrccError {
  return new OrccError('refused', `\`${escapeInvisible(file)}\` ${reason}, so orcc trusts nothing in its folder`, {
    code: 'OWN_FOLDER_UNSAFE',
    hint: stripControls(hint),
    data: { path: file },
  });
}

/** Runs `look`; undefined if the file is missing. Throws exit 6 (OWN_FOLDER_UNSAFE) if it can't be accessed. */
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
