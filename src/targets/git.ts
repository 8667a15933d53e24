import { pathsOf } from '../core/paths-of.ts';
import type { Context, Env, ExecResult } from '../core/context.ts';
import { kindAt } from '../core/look.ts';
import { stripControls } from '../text/text.ts';
import { isThere } from './read-start-file.ts';
import { keylessEnv } from '../claude/keyless-env.ts';
import { attempt } from '../text/attempt.ts';

type GitContext = Pick<Context, 'exec' | 'env' | 'platform' | 'fs'>;

/**
 * What git would do with one file; `real` is its path with links resolved. `outside`: no folder above that path has a `.git`.
 * `unknown` does not mean "no": there is a `.git`, but git is missing or fails; `reason` says why in one clause.
 */
export type GitFacts = { readonly real: string } & (
  | { readonly kind: 'outside' }
  /** `root`: the work tree, absolute. */
  | { readonly kind: 'tracked' | 'ignored' | 'not-ignored'; readonly root: string }
  | { readonly kind: 'unknown'; readonly root: string; readonly reason: string }
);

const LIMIT = 5000;

/** Variables passed to git: where it finds programs, its home, the user's configuration. None holds a key or names another repository. */
const KEPT = new Set([
  ...['PATH', 'HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM'],
  ...['GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM', 'SUDO_UID'],
  ...['USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'SYSTEMROOT', 'TEMP', 'TMP'],
]);

/** Makes git answer in English, take no locks, never prompt and never fetch (a partial clone would, for every object that it lacks). */
const QUIET: Env = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ALLOW_PROTOCOL: '',
  GIT_NO_LAZY_FETCH: '1',
  GIT_PAGER: 'cat',
};

/** Turns off every program that a repository's own configuration could start, and ignores a bare repository hidden in a folder. */
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
 * The only place where orcc runs git: only to read, and without running anything that a repository's configuration names. Returns
 * undefined if git is missing. Callers add `--no-ext-diff` and `--no-textconv` for diffs and patches, and give `-C` an absolute folder.
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
 * Finds out whether git would commit a file, which need not exist: its real path counts, in whichever repository that is. `path` is
 * absolute. Without a `.git` above it no program is started. Exit codes measured on git 2.39: ls-files 0 tracked, 1 not;
 * check-ignore 0 ignored, 1 not; 128 for anything that it can't answer.
 */
export async function readGit(ctx: GitContext, path: string): Promise<GitFacts> {
  const { dirname, relative } = pathsOf(ctx.platform);
  const real = realPath(ctx, path);
  const marked = foldersAbove(ctx, real).find((folder) => hasGit(ctx, folder));
  if (marked === undefined) return { real, kind: 'outside' };
  const unknown = (reason: string): GitFacts => ({ real, kind: 'unknown', root: marked, reason });
  // The folder may not exist yet, so git runs in the nearest one above that does.
  const folder = foldersAbove(ctx, real).find((each) => kindAt(ctx.fs, each) === 'directory') ?? dirname(real);
  const run = (...args: string[]) => askGit(ctx, ['-C', folder, ...args]);
  const top = await run('rev-parse', '--show-toplevel');
  if (top === undefined) return unknown('git is not on PATH');
  const root = top.stdout.trim();
  if (top.code !== 0 || root === '') return unknown(saidBy(top));
  // Relative, since git treats an absolute path through a linked folder as outside the repository.
  const name = `./${relative(folder, real)}`;
  const tracked = await run('--literal-pathspecs', 'ls-files', '--error-unmatch', '--', name);
  if (tracked?.code === 0) return { real, kind: 'tracked', root };
  if (tracked?.code !== 1) return unknown(saidBy(tracked));
  const ignored = await run('check-ignore', '-q', '--', name);
  if (ignored?.code === 0 || ignored?.code === 1) return { real, kind: ignored.code === 0 ? 'ignored' : 'not-ignored', root };
  return unknown(saidBy(ignored));
}

/** Whether a folder may be part of a work tree: it, or a folder above it, has a `.git`. Starts no program. */
export function isBelowGit(ctx: Pick<Context, 'fs' | 'platform'>, folder: string): boolean {
  const real = realPath(ctx, folder);
  return [real, ...foldersAbove(ctx, real)].some((each) => hasGit(ctx, each));
}

function hasGit({ fs, platform }: Pick<Context, 'fs' | 'platform'>, folder: string): boolean {
  return isThere(fs, pathsOf(platform).join(folder, '.git'));
}

/**
 * Whether a line added to `ignoreFile` would fail to make git ignore `path`: because `ignoreFile` is a link, which git does not
 * follow (since 2.32), is not above the real path of the file, or a .gitignore nearer to the file includes it again.
 */
export async function isBeyondIgnore(ctx: GitContext, path: string, ignoreFile: string): Promise<boolean> {
  const { dirname, join, relative, resolve } = pathsOf(ctx.platform);
  const real = realPath(ctx, path);
  const above = realPath(ctx, dirname(ignoreFile));
  const own = join(above, '.gitignore');
  if (realPath(ctx, ignoreFile) !== own || join(above, relative(dirname(ignoreFile), path)) !== real) return true;
  const folder = foldersAbove(ctx, real).find((each) => kindAt(ctx.fs, each) === 'directory') ?? above;
  const asked = await askGit(ctx, ['-C', folder, 'check-ignore', '-v', '-z', '--', `./${relative(folder, real)}`]);
  const [source = '', , pattern = ''] = asked?.stdout.split('\0') ?? [];
  return (
    pattern.startsWith('!') && foldersAbove(ctx, real).indexOf(dirname(resolve(folder, source))) < foldersAbove(ctx, real).indexOf(above)
  );
}

/** What git said, in its own words, or that it did not answer. */
function saidBy(asked: ExecResult | undefined): string {
  const line = stripControls((asked?.stderr ?? '').split('\n').find((each) => !each.startsWith('warning:')) ?? '');
  if (asked?.timedOut === true) return 'git does not answer in time';
  return line === '' ? 'git does not answer' : `git says "${line.replace(/^fatal: /, '').slice(0, 200)}"`;
}

/** Every folder above a path, the nearest first. */
function foldersAbove({ platform }: Pick<Context, 'platform'>, path: string): readonly string[] {
  const { dirname } = pathsOf(platform);
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove({ platform }, folder)];
}

/** Linux follows this many links before it fails with ELOOP. */
const MOST_LINKS = 40;

/**
 * Returns where bytes written to a path would go: links are followed in every part, even if the file or its folders do not exist
 * yet, and a broken link gives the file that writing would create. Circular links give the path unchanged.
 */
function realPath(ctx: Pick<Context, 'fs' | 'platform'>, path: string): string {
  return follow(ctx, path, 0) ?? path;
}

function follow(ctx: Pick<Context, 'fs' | 'platform'>, path: string, links: number): string | undefined {
  const p = pathsOf(ctx.platform);
  if (links > MOST_LINKS) return undefined;
  const real = attempt(() => ctx.fs.realpath(path));
  if (real !== undefined) return real;
  // Missing, a broken link, or not accessible: resolve it part by part.
  const above = p.dirname(path);
  if (above === path) return path;
  const folder = follow(ctx, above, links + 1);
  if (folder === undefined) return undefined;
  const here = p.join(folder, p.basename(path));
  const target = attempt(() => (ctx.fs.lstat(here)?.kind === 'link' ? ctx.fs.readlink(here) : undefined));
  return target === undefined ? here : follow(ctx, p.resolve(folder, target), links + 1);
}
