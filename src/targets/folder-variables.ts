import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';
import type { FolderTool } from '../edit/shell/shell-tools.ts';
import { xdgFolder } from '../core/folder.ts';
import { linesNaming } from './lines-naming.ts';

/** A line of a file of direnv's or mise's that names a variable. */
interface FolderVariable {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const FILES: Readonly<Record<FolderTool, readonly string[]>> = {
  direnv: ['.envrc', '.env'],
  mise: ['mise.toml', '.mise.toml', 'mise.local.toml', '.mise.local.toml', '.env'],
};

/**
 * Where the files that direnv or mise would take variables from, here and in every folder above, name one of these. Reads
 * text and asks nobody: whether the tool was allowed to is its own affair. The nearest file that names one, each name once.
 */
export function findFolderVariables(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'cwd' | 'platform'>,
  tool: FolderTool,
  names: readonly string[],
): readonly FolderVariable[] {
  const { join, dirname } = pathsOf(ctx.platform);
  const files: string[] = [];
  for (let folder = ctx.cwd, before = ''; folder !== before; before = folder, folder = dirname(folder))
    files.push(...FILES[tool].map((name) => join(folder, name)));
  if (tool === 'mise') files.push(join(xdgFolder(ctx, 'config'), 'mise', 'config.toml'));
  for (const file of files) {
    const found = linesNaming(ctx.fs, file, names);
    if (found.length > 0) return found.map(({ line, text }) => ({ file, line, text: `${tool}: ${text.trim()}` }));
  }
  return [];
}
