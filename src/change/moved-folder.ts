import { settingsRoot } from '../edit/json/json-gate.ts';
import { pathsOf } from '../core/paths-of.ts';
import { mapState, type State, type TargetState, mapReplaced, type Replaced } from '../config/state.ts';
import type { Context } from '../core/context.ts';
import { isFolderTarget } from '../targets/types.ts';
import { isAsWritten } from './further-files.ts';
import { tryFileNow } from './machine.ts';

type Slice = Pick<Context, 'fs' | 'cwd' | 'platform'>;

/** orcc's records of its targets. */
export interface Records {
  readonly state: State;
  readonly replaced: Replaced;
}

/**
 * Adapts the records of a folder that was renamed, if the command runs in it: its settings file is gone from the recorded
 * place, and the same file in this folder holds every member as orcc wrote it.
 */
export function followMovedFolder(ctx: Slice, { state, replaced }: Records): Records {
  const { dirname, basename, join, sep } = pathsOf(ctx.platform);
  for (const target of state.targets) {
    const file = join(ctx.cwd, '.claude', basename(target.path));
    const isGone = isFolderTarget(target.id) && ctx.fs.lstat(target.path) === undefined;
    if (!isGone || state.targets.some(({ path }) => path === file) || !holdsAll(ctx, file, target)) continue;
    const former = `${dirname(dirname(target.path))}${sep}`;
    const rename = (path: string): string => (path.startsWith(former) ? join(ctx.cwd, path.slice(former.length)) : path);
    return followMovedFolder(ctx, { state: mapState(state, rename), replaced: mapReplaced(replaced, rename) });
  }
  return { state, replaced };
}

function holdsAll({ fs }: Pick<Slice, 'fs'>, file: string, { members }: TargetState): boolean {
  const { bytes } = tryFileNow(fs, file);
  const root = settingsRoot(bytes);
  return bytes !== null && root !== undefined && members.length > 0 && members.every((member) => isAsWritten(root, member));
}
