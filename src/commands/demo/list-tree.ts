import { join, relative } from 'node:path';
import type { Context } from '../../core/context.ts';

/** Every file below a folder with its mode, sorted, `.config/orcc/key  0600`. Links are not followed. */
export function listTree(fs: Context['fs'], root: string): readonly string[] {
  const lines: string[] = [];
  const walk = (folder: string): void => {
    for (const name of fs.readdir(folder).sort()) {
      const each = join(folder, name);
      const stat = fs.lstat(each);
      if (stat === undefined) continue;
      if (stat.kind === 'directory') walk(each);
      else lines.push(`${relative(root, each)}  ${stat.mode.toString(8).padStart(4, '0')}`);
    }
  };
  walk(root);
  return lines;
}
