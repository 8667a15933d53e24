import type { Context } from '../../core/context.ts';

/**
 * Removes the folders that orcc once made, innermost first, where nothing is in
 * them any more. A folder that someone else uses by now stays: that is no fault.
 */
export function removeEmptyFolders(fs: Context['fs'], folders: readonly string[]): void {
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    try {
      if (fs.lstat(folder)?.kind === 'directory' && fs.readdir(folder).length === 0) fs.rmdir(folder);
    } catch {
      // Not ours to insist on: an empty folder harms nobody.
    }
  }
}
