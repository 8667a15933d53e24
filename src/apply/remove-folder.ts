import { pathsOf } from '../core/paths-of.ts';
import type { ApplyContext } from './apply-context.ts';
import { confineFolders } from './confine.ts';
import { asRefusal } from '../core/errno.ts';
import { START_PAGE, SETUP_FILES } from '../core/folder.ts';
import { KEPT_FILES } from '../core/keep-file.ts';
import { historyFolder, readEntries, removeEntry } from './journal.ts';
import { withLock, type Lock } from './lock.ts';

/** Compiled code of these commands, which version 0.1.0 kept. Nothing writes it any more. */
const OLD_CODE = ['complete', 'doctor', 'env', 'help', 'models', 'status', 'switch', 'usage'].map((name) => `cache/code-${name}.bin`);

/**
 * Files that orcc keeps in its own folder, beside `history` and `locks`, and those that it once kept there. A config that did not parse
 * goes only where a command says so.
 */
export const OWN_FILES: readonly string[] = [...SETUP_FILES, ...KEPT_FILES.map((name) => `cache/${name}`), START_PAGE, ...OLD_CODE];

interface RemoveFolderOptions {
  /** Absolute paths that stay though they are orcc's. */
  readonly keep?: readonly string[];
  /** Names below the folder that are orcc's; OWN_FILES unless given. */
  readonly names?: readonly string[];
  /** The lock, if the caller already holds it. */
  readonly lock?: Lock;
}

/**
 * Deletes orcc's own folder: the files it knows, the whole history, and folders above it that orcc
 * made and that are then empty. Files with any other name stay, and so does the folder; returns
 * their absolute paths. Throws exit 6 if something can't be deleted.
 */
export async function removeFolder(ctx: ApplyContext, folder: string, options: RemoveFolderOptions = {}): Promise<readonly string[]> {
  if (ctx.fs.stat(folder)?.kind !== 'directory') return [];
  if (options.lock !== undefined) return removeLocked(ctx, folder, options, options.lock);
  return withLock(ctx, folder, (lock) => Promise.resolve(removeLocked(ctx, folder, options, lock)));
}

function removeLocked(ctx: ApplyContext, folder: string, { keep = [], names = OWN_FILES }: RemoveFolderOptions, lock: Lock): string[] {
  const p = pathsOf(ctx.platform);
  const files = names.map((name) => p.join(folder, ...name.split('/')));
  const folders = [historyFolder(ctx, folder), ...files.map((file) => p.dirname(file)), folder];
  // If the folder is a link that a dotfile manager made, it is emptied, and stays with its link.
  const isLink = ctx.fs.lstat(folder)?.kind === 'link';
  let at = folder;
  try {
    const entries = readEntries(ctx, folder);
    const made = entries.flatMap((entry) => {
      if (typeof entry.receipt === 'string') return [];
      const { createdFolders, emptied = [] } = confineFolders(ctx, folder, entry.receipt);
      return [...createdFolders, ...emptied];
    });
    for (const entry of entries.slice(0, -1)) {
      at = entry.folder;
      removeEntry(ctx, entry.folder);
    }
    for (const parent of new Set(folders)) {
      for (at of listBelow(ctx, parent, folder)) {
        const isOurs = files.includes(at) || /^(?:\.orcc-.*|.*\.)tmp$/.test(p.basename(at));
        const kind = ctx.fs.lstat(at)?.kind;
        if (isOurs && !keep.includes(at) && (kind === 'file' || kind === 'link')) ctx.fs.unlink(at);
      }
    }
    // The last entry knows every folder that orcc made: after a kill before this line the next try still finds it.
    const last = entries.at(-1);
    at = last?.folder ?? folder;
    if (last !== undefined) removeEntry(ctx, last.folder, 'last');
    // The lock's own folder is removed with the lock at the end; these follow it if they are empty.
    const below = folders.filter((each) => each !== folder);
    for (const each of [...below, ...(isLink ? [] : [folder, ...made])]) lock.tidy.add(each);
    const known = new Set([...folders, ...keep, p.join(folder, 'locks')]);
    return [...new Set(folders)].flatMap((parent) => listBelow(ctx, parent, folder)).filter((path) => !known.has(path));
  } catch (error) {
    throw asRefusal(error, at, "orcc's own folder was not completely removed");
  }
}

/** Paths of the files in a folder. Never follows a link below orcc's own folder: what is behind it is not orcc's. */
function listBelow(ctx: ApplyContext, parent: string, folder: string): string[] {
  if ((parent === folder ? ctx.fs.stat(parent) : ctx.fs.lstat(parent))?.kind !== 'directory') return [];
  return ctx.fs.readdir(parent).map((name) => pathsOf(ctx.platform).join(parent, name));
}
