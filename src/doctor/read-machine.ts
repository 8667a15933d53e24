import { orBroken, readConfigOrWhy } from '../config/config.ts';
import { ownFiles } from '../core/folder.ts';
import { EMPTY_REPLACED, EMPTY_STATE, homePlace, readState, readReplaced, type Replaced } from '../config/state.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { type FileNow, type Machine, NO_FILE, readFileNow } from '../change/machine.ts';
import { followMovedFolder } from '../change/moved-folder.ts';

/**
 * The machine as `observeMachine` returns it for recorded targets, except that a target's file that can't be read counts as absent,
 * and so do orcc's own files that are broken (`broken`): doctor reports both itself.
 */
export function readMachine(
  ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>,
): Machine & { readonly broken: readonly OrccError[] } {
  const own = ownFiles(ctx);
  const { config, configBroken } = readConfigOrWhy(ctx.fs, own.config);
  const recorded = orBroken(() => readState(ctx.fs, own.state, ctx.home), EMPTY_STATE);
  // Without the state, its paths can't be resolved.
  const readAside = (): Replaced => readReplaced(ctx.fs, own.replaced, () => homePlace(ctx.fs, own.state, ctx.home));
  const aside = orBroken(recorded.broken === undefined ? readAside : () => EMPTY_REPLACED, EMPTY_REPLACED);
  const { state, replaced } = followMovedFolder(ctx, { state: recorded.value, replaced: aside.value });
  const paths = [own.key, own.config, own.state, ...state.targets.map(({ path }) => path)];
  const files = new Map(paths.map((path) => [path, readQuietly(ctx.fs, path)]));
  return {
    own,
    config,
    configBroken,
    broken: [configBroken, recorded.broken, aside.broken].filter((each) => each !== undefined),
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
