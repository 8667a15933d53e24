import { readConfigOrWhy } from '../config/config.ts';
import { ownFiles } from '../core/folder.ts';
import { homePlace, readState, readReplaced } from '../config/state.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { type FileNow, type Machine, NO_FILE, readFileNow } from '../change/machine.ts';
import { followMovedFolder } from '../change/moved-folder.ts';

/**
 * The machine as `observeMachine` returns it for recorded targets, except that a target's file that
 * can't be read counts as absent, since doctor reports that itself. Throws if orcc's own
 * records are broken.
 */
export function readMachine(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>): Machine {
  const own = ownFiles(ctx);
  const { state, replaced } = followMovedFolder(ctx, {
    state: readState(ctx.fs, own.state, ctx.home),
    replaced: readReplaced(ctx.fs, own.replaced, () => homePlace(ctx.fs, own.state, ctx.home)),
  });
  const { config, configBroken } = readConfigOrWhy(ctx.fs, own.config);
  const paths = [own.key, own.config, own.state, ...state.targets.map(({ path }) => path)];
  const files = new Map(paths.map((path) => [path, readQuietly(ctx.fs, path)]));
  return {
    own,
    config,
    configBroken,
    state,
    replaced,
    located: new Map(),
    files,
    home: ctx.home,
    platform: ctx.platform,
  };
}

function readQuietly(fs: Context['fs'], path: string): FileNow {
  try {
    return readFileNow(fs, path);
  } catch (error) {
    if (error instanceof OrccError) return NO_FILE;
    throw error;
  }
}
