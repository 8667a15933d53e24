import { pathsOf } from '../core/paths-of.ts';
import type { Context, Env, ExecResult } from '../core/context.ts';
import { kindAt } from '../core/look.ts';
import { stripControls } from '../text/text.ts';
import { isThere } from './read-start-file.ts';
import { keylessEnv } from '../claude/keyless-env.ts';
import { attempt } from '../text/attempt.ts';

type GitContext = Pick<Context, 'exec' | 'env' | 'platform' | 'fs'>;

/**
 * What git would do with one file. `outside`: no folder above its real place holds a `.git`. `unknown` is no "no": there is one,
 * and git can't be asked about it or does not answer; `reason` says why, one clause.
 */
export type GitFacts = { readonly real: string } & (
  | { readonly kind: 'outside' }
  /** `root`: the work tree, absolute. */
  | { readonly kind: 'tracked' | 'ignored' | 'not-ignored'; readonly root: string }
  | { readonly kind: 'unknown'; readonly root: string; readonly reason: string }
);

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
 * Whether git would commit a file, which need not exist: asked of its real place, in whatever repository that lies. `path` is
 * absolute. Without a `.git` above it no program is started. Exit codes measured on 2.39: ls-files 0 tracked, 1 not;
 * check-ignore 0 ignored, 1 not; 128 for everything that it can't answer.
 */
export async function readGit(ctx: GitContext, path: string): Promise<GitFacts> {
  const { dirname, relative } = pathsOf(ctx.platform);
  const real = realPath(ctx, path);
  const marked = foldersAbove(ctx, real).find((folder) => hasGit(ctx, folder));
  if (marked === undefined) return { real, kind: 'outside' };
  const unknown = (reason: string): GitFacts => ({ real, kind: 'unknown', root: marked, reason });
  // The folder may not exist yet: the nearest one above it is asked.
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

/** Whether a folder can lie in a work tree: a `.git` stands in it or above it. Starts no program. */
export function isBelowGit(ctx: Pick<Context, 'fs' | 'platform'>, folder: string): boolean {
  const real = realPath(ctx, folder);
  return [real, ...foldersAbove(ctx, real)].some((each) => hasGit(ctx, each));
}

function hasGit({ fs, platform }: Pick<Context, 'fs' | 'platform'>, folder: string): boolean {
  return isThere(fs, pathsOf(platform).join(folder, '.git'));
}

/**
 * Whether a line at the end of `ignoreFile` would not make git ignore a file: that file is a link, which git does not
 * follow (since 2.32), does not stand above the real place of the other, or a .gitignore nearer to it takes it in again.
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

/** What git said in its own words, or that it did not. */
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

/** As many links as Linux follows before it says ELOOP. */
const MOST_LINKS = 40;

/**
 * Where the bytes of a path would go: links followed in every part of it, also where the file or folders above it are not there
 * yet, and for a link to nowhere the file that it would make. Links in a circle give the path as it is.
 */
function realPath(ctx: Pick<Context, 'fs' | 'platform'>, path: string): string {
  return follow(ctx, path, 0) ?? path;
}

function follow(ctx: Pick<Context, 'fs' | 'platform'>, path: string, links: number): string | undefined {
  const p = pathsOf(ctx.platform);
  if (links > MOST_LINKS) return undefined;
  const real = attempt(() => ctx.fs.realpath(path));
  if (real !== undefined) return real;
  // Not there, a link to nowhere, or out of reach: part by part then.
  const above = p.dirname(path);
  if (above === path) return path;
  const folder = follow(ctx, above, links + 1);
  if (folder === undefined) return undefined;
  const here = p.join(folder, p.basename(path));
  const target = attempt(() => (ctx.fs.lstat(here)?.kind === 'link' ? ctx.fs.readlink(here) : undefined));
  return target === undefined ? here : follow(ctx, p.resolve(folder, target), links + 1);
}
