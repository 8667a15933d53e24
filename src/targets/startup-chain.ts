import { pathsOf } from '../core/paths-of.ts';
import { xdgFolder } from '../core/folder.ts';
import type { Context } from '../core/context.ts';
import { listFolder } from '../core/look.ts';
import type { ShellId } from '../edit/shell/types.ts';
import { fishFolder } from './fish.ts';
import { isThere } from './read-start-file.ts';
import { shellIdOf, type Located, type ShellTargetId } from './types.ts';

/** What one kind of start reads, in order; missing files included. */
export interface StartupChain {
  readonly target: ShellTargetId;
  readonly shell: ShellId;
  readonly start: 'interactive' | 'login';
  readonly files: readonly string[];
  /** The files, among these or sourced by them, that hold or will hold orcc's block. */
  readonly blocks: readonly string[];
  /** Values of the variables that paths in these files may contain. */
  readonly variables: Readonly<Record<string, string>>;
}

type ChainContext = Pick<Context, 'fs' | 'env' | 'home' | 'platform'>;
type Start = Pick<StartupChain, 'start' | 'files'>;

const ETC_ZSH = ['/etc/zsh', '/etc'];

/** A shell target's start-up files for each kind of start (measured on Debian: bash 5.2, zsh 5.9, fish 3.6; PowerShell from its source). */
export function startupChains(ctx: ChainContext, target: ShellTargetId, located: Located): StartupChain[] {
  const { join, dirname } = pathsOf(ctx.platform);
  const home = (name: string): string => join(ctx.home, name);
  const folder = dirname(located.files.find((file) => file.startup !== 'login')?.path ?? home('x'));
  const starts: Record<ShellTargetId, () => readonly Start[]> = {
    bash: () => [
      { start: 'interactive', files: ['/etc/bash.bashrc', home('.bashrc')] },
      {
        start: 'login',
        files: [
          '/etc/profile',
          ['.bash_profile', '.bash_login', '.profile'].map(home).find((file) => isThere(ctx.fs, file)) ?? home('.profile'),
        ],
      },
    ],
    zsh: () => {
      const etc = (name: string): string[] => ETC_ZSH.map((each) => join(each, name));
      const env = [...etc('zshenv'), home('.zshenv')];
      const rc = [...etc('zshrc'), join(folder, '.zshrc')];
      const login = [...env, ...etc('zprofile'), join(folder, '.zprofile'), ...rc, ...etc('zlogin'), join(folder, '.zlogin')];
      return [
        { start: 'interactive', files: [...env, ...rc] },
        { start: 'login', files: login },
      ];
    },
    fish: () => {
      const own = fishFolder(ctx);
      const mine = [...new Set([...fishSnippets(ctx.fs, join(own, 'conf.d'), join), ...located.files.map((file) => file.path)])].sort();
      const others = ['/etc/fish/conf.d', '/usr/share/fish/vendor_conf.d'].flatMap((each) => fishSnippets(ctx.fs, each, join));
      // fish reads only the first of several snippets with the same name.
      const byName = new Map([...mine, ...others].toReversed().map((path) => [path.slice(dirname(path).length), path]));
      const unique = [...mine, ...others].filter((path) => byName.get(path.slice(dirname(path).length)) === path);
      return [{ start: 'interactive', files: [join(own, 'fish_variables'), ...unique, '/etc/fish/config.fish', join(own, 'config.fish')] }];
    },
    powershell: () =>
      located.files.map(({ path }) => ({
        start: 'interactive',
        files: ['profile.ps1', 'Microsoft.PowerShell_profile.ps1', 'Microsoft.VSCode_profile.ps1'].map((name) => join(dirname(path), name)),
      })),
  };
  const shell = shellIdOf(target);
  const blocks = located.files.map(({ path }) => path);
  const variables = {
    HOME: ctx.home,
    ZDOTDIR: folder,
    XDG_CONFIG_HOME: xdgFolder(ctx, 'config'),
    PSScriptRoot: folder,
  };
  return starts[target]().map((each) => ({ target, shell, blocks, variables, ...each }));
}

function fishSnippets(fs: Context['fs'], folder: string, join: (...parts: string[]) => string): string[] {
  return listFolder(fs, folder).flatMap((name) => (name.endsWith('.fish') ? [join(folder, name)] : []));
}
