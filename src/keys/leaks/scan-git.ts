import type { Context } from '../../core/context.ts';
import { kindAt } from '../../core/look.ts';
import { maskKey } from '../../text/text.ts';
import { askGit, isBelowGit } from '../../targets/git.ts';
import type { Exposure } from './exposure.ts';
import { findKeys } from './find-keys.ts';

type Slice = Pick<Context, 'exec' | 'env' | 'fs' | 'platform'>;

/** Milliseconds for one git command; a repository that takes longer is not searched to its end. */
const LIMIT_MS = 10_000;
/** The most matching commits taken, newest first, from all branches. */
const COMMITS = 1000;
const MOST_BYTES = 4 * 1024 * 1024;
/** What git searches for; `findKeys` sorts out the placeholders. No key is ever passed as an argument. */
const PATTERN = 'sk-or-[A-Za-z0-9_-]{32,}';

/**
 * Finds keys in the index and in the history of the repositories that contain these folders. Starts only git, without its hooks,
 * filters and pagers; finds nothing if git is missing, and perhaps not everything if it is slow.
 */
export async function scanGit(ctx: Slice, folders: readonly string[]): Promise<readonly Exposure[]> {
  const run = async (...args: string[]): Promise<string> =>
    (await askGit(ctx, args, { timeoutMs: LIMIT_MS, maxBytes: MOST_BYTES }))?.stdout ?? '';
  const roots = new Set<string>();
  for (const folder of new Set(folders)) {
    if (kindAt(ctx.fs, folder) !== 'directory' || !isBelowGit(ctx, folder)) continue;
    const root = (await run('-C', folder, 'rev-parse', '--show-toplevel')).trim();
    if (root !== '') roots.add(root);
  }
  const found: Exposure[] = [];
  for (const root of roots) {
    const [index, log] = await Promise.all([
      run('-C', root, 'grep', '--cached', '-z', '-n', '-I', '--no-color', '--no-textconv', '-E', '-e', PATTERN),
      run(
        '-C',
        root,
        'log',
        '--all',
        `-n${COMMITS}`,
        '--format=commit %h',
        '-p',
        '-U0',
        '--no-color',
        '--no-textconv',
        '--no-ext-diff',
        '--no-renames',
        `-G${PATTERN}`,
      ),
    ]);
    const tracked = readIndex(root, index);
    // A key that is still in the index is reported only there: removing it comes first.
    const isTold = (past: Exposure): boolean => tracked.some((each) => each.file === past.file && each.masked === past.masked);
    found.push(...tracked, ...readLog(root, log).filter((past) => !isTold(past)));
  }
  return found;
}

/** Reads lines of the form `path NUL line NUL text`. */
function readIndex(root: string, output: string): Exposure[] {
  return output.split('\n').flatMap((row) => {
    const [name, line, text] = row.split('\0');
    if (name === undefined || text === undefined) return [];
    return findKeys(text).map(({ key }): Exposure => ({
      kind: 'index',
      file: `${root}/${name}`,
      line: Number(line),
      masked: maskKey(key),
    }));
  });
}

/** The keys that commits added; a key that one removed was added by an earlier one. */
function readLog(root: string, output: string): Exposure[] {
  const found: Exposure[] = [];
  let commit = '';
  let name = '';
  for (const row of output.split('\n')) {
    if (row.startsWith('commit ')) commit = row.slice('commit '.length);
    else if (row.startsWith('+++ '))
      name = row
        .slice(4)
        .replace(/^"?b\//, '')
        .replace(/"$/, '');
    else if (row.startsWith('+')) {
      for (const { key } of findKeys(row)) {
        const file = `${root}/${name}`;
        const masked = maskKey(key);
        // A key that moved within a file is reported once, for the newest commit.
        if (!found.some((each) => each.file === file && each.masked === masked)) found.push({ kind: 'commit', file, commit, masked });
      }
    }
  }
  return found;
}
