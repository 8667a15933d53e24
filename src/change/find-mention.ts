import { posix } from 'node:path';
import type { Context } from '../core/context.ts';
import { kindAt, listFolder } from '../core/look.ts';
import { expandPath } from '../targets/expand-path.ts';
import { linesNaming } from '../targets/lines-naming.ts';

/** Files of one folder that are looked into. */
const MOST_FILES = 100;

/**
 * The line that names a variable in a file that a statement speaks of: `eval "$(cat ~/.work.env)"`, `export $(grep -v '^#' ~/keys | xargs)`.
 * Reads text; undefined where no such file names it.
 */
export function findMention(
  { fs, home }: Pick<Context, 'fs' | 'home'>,
  statement: string,
  name: string,
): { readonly file: string; readonly line: number } | undefined {
  const words = statement.match(/(?:~|\$HOME|\$\{HOME\})?\/[\w.@+/*-]+/g) ?? [];
  const paths = words.flatMap((word) => expandPath(word.replace(/\/?\*[^/]*$/, ''), { HOME: home }) ?? []);
  for (const path of paths) {
    for (const file of filesAt(fs, path)) {
      const [found] = linesNaming(fs, file, [name]);
      if (found !== undefined) return { file, line: found.line };
    }
  }
  return undefined;
}

function filesAt(fs: Context['fs'], path: string): readonly string[] {
  if (kindAt(fs, path) === 'file') return [path];
  const names = listFolder(fs, path).slice(0, MOST_FILES);
  return names.map((name) => posix.join(path, name));
}
