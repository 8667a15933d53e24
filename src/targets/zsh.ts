import { pathsOf } from '../core/paths-of.ts';
import { xdgFolder } from '../core/folder.ts';
import { expandPath } from './expand-path.ts';
import { isThere, readStartFile, sourceCommand } from './read-start-file.ts';
import type { Located, LocateContext, LocateOptions, Target } from './types.ts';
import { keylessEnv } from '../claude/keyless-env.ts';

/** Milliseconds that zsh gets to read its .zshenv. */
const ASK_LIMIT = 3000;

/** Set by editors for their own terminals: these lead to a temporary copy of zsh's files. */
const EDITOR_VARIABLES = /^(?:ZDOTDIR|USER_ZDOTDIR|VSCODE_.*|TERM_PROGRAM.*|GHOSTTY_ZSH_ZDOTDIR|KITTY_ORIG_ZDOTDIR)$/;

async function locate(ctx: LocateContext, { ask = true }: LocateOptions = {}): Promise<Located> {
  const { join } = pathsOf(ctx.platform);
  const folder = (ask ? await askZsh(ctx) : folderInZshenv(ctx)) ?? folderOfEnv(ctx) ?? ctx.home;
  const path = join(folder, '.zshrc');
  return {
    files: [{ path, startup: 'interactive' }],
    notes: folder === ctx.home ? [] : [`zsh reads its files from ${folder} (ZDOTDIR)`],
    offered: isThere(ctx.fs, path) || ctx.exec.find('zsh') !== undefined,
  };
}

/**
 * Where zsh itself says its files are: ZDOTDIR may be set in ~/.zshenv alone, exported or not. Asked
 * without the ZDOTDIR of this environment, which an editor may have set. Undefined where
 * zsh is missing, too slow, or names the home folder.
 */
async function askZsh(ctx: LocateContext): Promise<string | undefined> {
  const zsh = ctx.exec.find('zsh');
  if (zsh === undefined) return undefined;
  const sentinel = 'orcc:7f3d9a52';
  const env = Object.fromEntries(Object.entries(keylessEnv(ctx.env)).filter(([name]) => !EDITOR_VARIABLES.test(name)));
  const { stdout, code } = await ctx.exec.run(zsh, ['-c', `print -rn -- "${sentinel}<\${ZDOTDIR:-$HOME}>${sentinel}"`], {
    env: { ...env, HOME: ctx.home },
    cwd: ctx.home,
    timeoutMs: ASK_LIMIT,
  });
  if (code !== 0) return undefined;
  // .zshenv may print anything before the answer.
  const folder = new RegExp(`${sentinel}<(.*)>${sentinel}$`, 's').exec(stdout)?.[1];
  return folder?.startsWith('/') === true && folder !== ctx.home && !folder.includes('\n') ? folder : undefined;
}

/** Like `askZsh` without starting zsh: the folder if ~/.zshenv sets ZDOTDIR to a plain path. */
function folderInZshenv(ctx: LocateContext): string | undefined {
  const text = readStartFile(ctx.fs, pathsOf(ctx.platform).join(ctx.home, '.zshenv'));
  const raw = /^[ \t]*(?:export[ \t]+|typeset[ \t]+(?:-\w+[ \t]+)*)?ZDOTDIR=("[^"]*"|'[^']*'|\S+)/m.exec(text ?? '')?.[1];
  const folder = raw === undefined ? undefined : expandPath(raw, { HOME: ctx.home, XDG_CONFIG_HOME: xdgFolder(ctx, 'config') });
  return folder === ctx.home ? undefined : folder;
}

/** ZDOTDIR from the environment if it can be the user's own: it holds a .zshrc and is not an editor's temporary folder. */
function folderOfEnv(ctx: LocateContext): string | undefined {
  const { join } = pathsOf(ctx.platform);
  return [ctx.env['USER_ZDOTDIR'], ctx.env['ZDOTDIR']].find(
    (folder) =>
      folder?.startsWith('/') === true && folder !== ctx.home && !isThrowAway(folder, ctx) && isThere(ctx.fs, join(folder, '.zshrc')),
  );
}

function isThrowAway(folder: string, { env, home }: Pick<LocateContext, 'env' | 'home'>): boolean {
  if (/\.app\/|\/resources\/app\/|\/vscode|\/code-server|shell-integration/i.test(folder)) return true;
  const temporary = ['/tmp', '/var/tmp', '/var/folders', '/private/var/folders', '/private/tmp', env['TMPDIR']];
  return !isBelow(folder, home) && temporary.some((each) => each !== undefined && each !== '' && isBelow(folder, each));
}

const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder.replace(/\/+$/, '')}/`);

export const zsh = {
  id: 'zsh',
  title: 'every program started from zsh, including other programs that use the Anthropic SDK',
  locate,
  reload: (file, ctx) => sourceCommand(file.path, ctx),
} as const satisfies Target;
