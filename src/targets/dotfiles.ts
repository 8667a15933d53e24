import { pathsOf } from '../core/paths-of.ts';
import { xdgFolder } from '../core/folder.ts';
import type { Context } from '../core/context.ts';
import { askGit, readGit } from './git.ts';
import { isThere } from './read-start-file.ts';
import { keylessEnv } from '../claude/keyless-env.ts';
import { pastePath } from '../text/quote-word.ts';

type DotfileContext = Pick<Context, 'exec' | 'env' | 'platform' | 'fs' | 'home'>;

/** Who else manages a start-up file. */
export interface DotfileFacts {
  /** True if the file goes into a repository: a literal key must not be written to it. */
  readonly tracked: boolean;
  readonly manager: 'git' | 'bare repository' | 'yadm' | 'chezmoi' | 'stow' | undefined;
  /** What to do to keep the block; undefined if nobody manages the file. */
  readonly hint: string | undefined;
}

const NOBODY: DotfileFacts = { tracked: false, manager: undefined, hint: undefined };
const LIMIT = 5000;

/** Usual folders for a bare repository whose work tree is the home folder. */
const BARE = ['.cfg', '.dotfiles', '.dotfiles.git', '.myconf', '.config/dotfiles'];

/**
 * Recognises dotfile managers that keep a copy of a profile: plain git, bare
 * repositories, yadm, chezmoi, stow (a link into a repository). `path` is absolute
 * and need not exist. Starts git and chezmoi only where they are installed; never throws.
 */
export async function readDotfiles(ctx: DotfileContext, path: string): Promise<DotfileFacts> {
  const chezmoi = await chezmoiSource(ctx, path);
  if (chezmoi !== undefined) {
    return {
      tracked: true,
      manager: 'chezmoi',
      hint: `\`chezmoi apply\` would undo the change: run \`chezmoi re-add ${pastePath(path)}\` afterwards (its source is ${chezmoi})`,
    };
  }
  const facts = await readGit(ctx, path);
  if (facts.kind === 'tracked') {
    const { real } = facts;
    const isLink = real !== path;
    const where = `the repository ${facts.root}`;
    return {
      tracked: true,
      manager: isLink ? 'stow' : 'git',
      hint: isLink
        ? `its real path is ${real}, in ${where}: commit the change there`
        : `it is in ${where}: commit the change, it contains no key`,
    };
  }
  for (const { folder, manager } of bareRepositories(ctx)) {
    if (await isTrackedIn(ctx, folder, path))
      return { tracked: true, manager, hint: `it is in the repository ${folder}: commit the change there, it contains no key` };
  }
  return NOBODY;
}

async function chezmoiSource(ctx: DotfileContext, path: string): Promise<string | undefined> {
  const chezmoi = ctx.exec.find('chezmoi');
  if (chezmoi === undefined) return undefined;
  const { code, stdout } = await ctx.exec.run(chezmoi, ['source-path', path], { env: keylessEnv(ctx.env), timeoutMs: LIMIT });
  return code === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

function bareRepositories(ctx: DotfileContext): { folder: string; manager: 'bare repository' | 'yadm' }[] {
  const { join } = pathsOf(ctx.platform);
  const data = xdgFolder(ctx, 'data');
  const yadm = [join(data, 'yadm', 'repo.git'), join(ctx.home, '.config', 'yadm', 'repo.git'), join(ctx.home, '.yadm', 'repo.git')];
  return [
    ...yadm.map((folder) => ({ folder, manager: 'yadm' as const })),
    ...BARE.map((name) => ({ folder: join(ctx.home, name), manager: 'bare repository' as const })),
  ].filter(
    // A bare repository has HEAD and objects at the top; a work tree has them in .git.
    ({ folder }) => isThere(ctx.fs, join(folder, 'HEAD')) && isThere(ctx.fs, join(folder, 'objects')),
  );
}

async function isTrackedIn(ctx: DotfileContext, folder: string, path: string): Promise<boolean> {
  const asked = await askGit(ctx, [
    '-C',
    ctx.home,
    '--git-dir',
    folder,
    '--work-tree',
    ctx.home,
    'ls-files',
    '--error-unmatch',
    '--',
    path,
  ]);
  return asked?.code === 0;
}
