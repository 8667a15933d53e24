import type { Context, Env } from '../core/context.ts';
import { pathsOf } from './read-start-file.ts';
import { keylessEnv } from '../claude/keyless-env.ts';

type GitContext = Pick<Context, 'exec' | 'env' | 'platform'>;

/** What git says of one path. */
export interface GitFacts {
  readonly inWorkTree: boolean;
  /** Absolute; undefined outside a work tree. */
  readonly root: string | undefined;
  readonly tracked: boolean;
  readonly ignored: boolean;
}

const NONE: GitFacts = { inWorkTree: false, root: undefined, tracked: false, ignored: false };
const LIMIT = 5000;

/** Whoever calls orcc from a hook has these set, and they would point git elsewhere. */
const REDIRECTING = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_OBJECT_DIRECTORY',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
]);

/** The environment for a git that only reads, in English, and asks nothing. */
export function gitEnv(env: Env): Env {
  const kept = Object.entries(keylessEnv(env)).filter(([name]) => !REDIRECTING.has(name.toUpperCase()));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
}

/**
 * Whether a file, which need not exist, lies in a git work tree, is tracked, is
 * ignored. `path` is absolute. Where git is missing or fails nothing is known,
 * and everything is false. Exit codes measured: ls-files 0 tracked, check-ignore 0 ignored, 1 not, 128 no repository.
 */
export async function readGit(ctx: GitContext, path: string): Promise<GitFacts> {
  const git = ctx.exec.find('git');
  if (git === undefined) return NONE;
  const folder = pathsOf(ctx.platform).dirname(path);
  const run = (...args: string[]) => ctx.exec.run(git, args, { env: gitEnv(ctx.env), timeoutMs: LIMIT });
  // The folder may not exist yet: the nearest one above it decides.
  const start = await nearestFolder(run, folder, pathsOf(ctx.platform).dirname);
  if (start === undefined) return NONE;
  // Relative, since git takes an absolute path through a linked folder for one outside.
  const name = pathsOf(ctx.platform).relative(start.folder, path);
  const tracked = await run('-C', start.folder, 'ls-files', '--error-unmatch', '--', name);
  const ignored = await run('-C', start.folder, 'check-ignore', '-q', '--', name);
  return { inWorkTree: true, root: start.root, tracked: tracked.code === 0, ignored: ignored.code === 0 };
}

async function nearestFolder(
  run: (...args: string[]) => ReturnType<Context['exec']['run']>,
  from: string,
  parentOf: (path: string) => string,
): Promise<{ folder: string; root: string } | undefined> {
  for (let folder = from; ; folder = parentOf(folder)) {
    const { code, stdout, stderr } = await run('-C', folder, 'rev-parse', '--show-toplevel');
    if (code === 0) {
      const root = stdout.trim();
      return root === '' ? undefined : { folder, root };
    }
    const isMissing = /cannot change to/.test(stderr);
    if (!isMissing || parentOf(folder) === folder) return undefined;
  }
}
