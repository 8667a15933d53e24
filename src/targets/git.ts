import type { Context, Env, ExecResult } from '../core/context.ts';
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

/** Variables that git gets: where it finds programs, its home and the user's own configuration. No key is among them, and none that leads it elsewhere. */
const KEPT = new Set([
  ...['PATH', 'HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM'],
  ...['GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM', 'SUDO_UID'],
  ...['USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'SYSTEMROOT', 'TEMP', 'TMP'],
]);

/** Reads alone, in English, asks nothing, fetches nothing (a partial clone would, for every object that it lacks). */
const QUIET: Env = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: '',
  GIT_NO_LAZY_FETCH: '1',
  GIT_PAGER: 'cat',
};

/** What a repository's own configuration would start, off; a bare repository that hides in a folder is none. */
const SAFE = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.sshCommand=false',
  'core.gitProxy=false',
  'core.askPass=false',
  'core.pager=cat',
  'core.editor=false',
  'core.alternateRefsCommand=false',
  'credential.helper=',
  'log.showSignature=false',
  'gpg.program=false',
  'gpg.ssh.program=false',
  'gpg.x509.program=false',
  'protocol.allow=never',
  'safe.bareRepository=explicit',
  'submodule.recurse=false',
].flatMap((each) => ['-c', each]);

/**
 * The only way in which orcc starts git: to read, with nothing that a repository's configuration names being run. Undefined
 * where git is missing. Differences and patches need `--no-ext-diff` and `--no-textconv` of their own, and `-C` an absolute folder.
 */
export async function askGit(
  ctx: Pick<Context, 'exec' | 'env'>,
  args: readonly string[],
  options: { readonly timeoutMs?: number; readonly maxBytes?: number } = {},
): Promise<ExecResult | undefined> {
  const git = ctx.exec.find('git');
  if (git === undefined) return undefined;
  const kept = Object.entries(keylessEnv(ctx.env)).filter(([name]) => KEPT.has(name.toUpperCase()));
  return ctx.exec.run(git, [...SAFE, '--no-pager', ...args], {
    env: { ...Object.fromEntries(kept), ...QUIET },
    timeoutMs: LIMIT,
    ...options,
  });
}

/**
 * Whether a file, which need not exist, lies in a git work tree, is tracked, is
 * ignored. `path` is absolute. Where git is missing or fails nothing is known,
 * and everything is false. Exit codes measured: ls-files 0 tracked, check-ignore 0 ignored, 1 not, 128 no repository.
 */
export async function readGit(ctx: GitContext, path: string): Promise<GitFacts> {
  const folder = pathsOf(ctx.platform).dirname(path);
  const run = (...args: string[]) => askGit(ctx, args);
  // The folder may not exist yet: the nearest one above it decides.
  const start = await nearestFolder(run, folder, pathsOf(ctx.platform).dirname);
  if (start === undefined) return NONE;
  // Relative, since git takes an absolute path through a linked folder for one outside.
  const name = pathsOf(ctx.platform).relative(start.folder, path);
  const tracked = await run('-C', start.folder, 'ls-files', '--error-unmatch', '--', name);
  const ignored = await run('-C', start.folder, 'check-ignore', '-q', '--', name);
  return { inWorkTree: true, root: start.root, tracked: tracked?.code === 0, ignored: ignored?.code === 0 };
}

async function nearestFolder(
  run: (...args: string[]) => ReturnType<typeof askGit>,
  from: string,
  parentOf: (path: string) => string,
): Promise<{ folder: string; root: string } | undefined> {
  for (let folder = from; ; folder = parentOf(folder)) {
    const asked = await run('-C', folder, 'rev-parse', '--show-toplevel');
    if (asked === undefined) return undefined;
    const { code, stdout, stderr } = asked;
    if (code === 0) {
      const root = stdout.trim();
      return root === '' ? undefined : { folder, root };
    }
    const isMissing = /cannot change to/.test(stderr);
    if (!isMissing || parentOf(folder) === folder) return undefined;
  }
}
