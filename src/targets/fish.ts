import { pathsOf } from '../core/paths-of.ts';
import { xdgFolder } from '../core/folder.ts';
import { isThere, sourceCommand } from './read-start-file.ts';
import type { Located, LocateContext, Target } from './types.ts';

/** orcc's own file in conf.d, which fish reads at every start, before config.fish. */
async function locate(ctx: LocateContext): Promise<Located> {
  const folder = fishFolder(ctx);
  const { join } = pathsOf(ctx.platform);
  return {
    files: [{ path: join(folder, 'conf.d', 'orcc.fish'), startup: 'every' }],
    notes: [],
    offered: isThere(ctx.fs, folder) || ctx.exec.find('fish') !== undefined,
  };
}

/** `$XDG_CONFIG_HOME/fish` or `~/.config/fish`. */
export function fishFolder(ctx: Pick<LocateContext, 'env' | 'home' | 'platform'>): string {
  return pathsOf(ctx.platform).join(xdgFolder(ctx, 'config'), 'fish');
}

export const fish = {
  id: 'fish',
  title: 'every program started from fish, including other programs that use the Anthropic SDK',
  locate,
  reload: (file, ctx) => sourceCommand(file.path, ctx),
} as const satisfies Target;
