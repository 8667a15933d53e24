import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';
import { inspectText } from '../edit/shell/block.ts';
import { isThere, readStartFile, sourceCommand } from './read-start-file.ts';
import type { Located, LocateContext, Target, TargetFile } from './types.ts';
import { isWsl } from '../core/wsl.ts';

/** A login bash reads only the first of these that exists. */
const LOGIN_FILES = ['.bash_profile', '.bash_login', '.profile'] as const;

/**
 * .bashrc for terminals, and the login file if that does not source .bashrc (macOS's Terminal, ssh and the
 * editors' environment probe start login shells). Never creates a login file that would hide another one.
 */
async function locate(ctx: LocateContext): Promise<Located> {
  const { join } = pathsOf(ctx.platform);
  const rc: TargetFile = { path: join(ctx.home, '.bashrc'), startup: 'interactive' };
  const notes: string[] = [];
  const files: TargetFile[] = [rc];
  const existing = LOGIN_FILES.find((name) => isThere(ctx.fs, join(ctx.home, name)));
  const login = existing ?? newLoginFile(ctx.platform);
  if (login === undefined) {
    notes.push('Git Bash creates a .bash_profile that reads .bashrc at its next start: open two new windows');
  } else if (existing === undefined || !readsBashrc(readStartFile(ctx.fs, join(ctx.home, existing)))) {
    files.push({ path: join(ctx.home, login), startup: 'login' });
  }
  // A block that an earlier run put into another login file is kept up to date as long as it is there.
  for (const name of LOGIN_FILES) {
    const path = join(ctx.home, name);
    if (files.some((file) => file.path === path)) continue;
    const text = readStartFile(ctx.fs, path);
    if (text !== undefined && inspectText(text, 'sh').kind === 'blocks') files.push({ path, startup: 'login' });
  }
  if (ctx.platform === 'linux' && isWsl(ctx.env))
    notes.push('This is the Linux side (WSL): Windows has its own profiles and its own Claude Code');
  if (ctx.platform === 'win32' && isWsl(ctx.env)) notes.push('This edits the Windows side: run orcc inside WSL for the Linux side');
  return { files, notes, offered: isThere(ctx.fs, rc.path) || existing !== undefined || ctx.exec.find('bash') !== undefined };
}

function newLoginFile(platform: NodeJS.Platform): (typeof LOGIN_FILES)[number] | undefined {
  if (platform === 'win32') return undefined;
  return platform === 'darwin' ? '.bash_profile' : '.profile';
}

function readsBashrc(text: string | undefined): boolean {
  return text !== undefined && text.split('\n').some((line) => !line.trimStart().startsWith('#') && line.includes('.bashrc'));
}

export const bash = {
  id: 'bash',
  title: 'every program started from bash, including other programs that use the Anthropic SDK',
  locate,
  reload: (file, ctx: Pick<Context, 'home' | 'platform'>) => sourceCommand(file.path, ctx),
} as const satisfies Target;
