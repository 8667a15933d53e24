import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';
import type { FolderTool } from '../edit/shell/shell-tools.ts';
import { xdgFolder } from '../core/folder.ts';

/** A line of a file of direnv's or mise's that names a variable. */
export interface FolderVariable {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const FILES: Readonly<Record<FolderTool, readonly string[]>> = {
  direnv: ['.envrc', '.env'],
  mise: ['mise.toml', '.mise.toml', 'mise.local.toml', '.mise.local.toml', '.env'],
};
const LARGEST = 256 * 1024;

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
    const lines = readText(ctx.fs, file)?.split('\n') ?? [];
    const found = lines.flatMap((text, index) =>
      !/^\s*#/.test(text) && names.some((name) => text.includes(name)) ? [{ file, line: index + 1, text: `${tool}: ${text.trim()}` }] : [],
    );
    if (found.length > 0) return found;
  }
  return [];
}

function readText(fs: Context['fs'], file: string): string | undefined {
  try {
    const stat = fs.stat(file);
    return stat?.kind === 'file' && stat.size <= LARGEST ? Buffer.from(fs.readFile(file)).toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}
