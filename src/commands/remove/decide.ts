import type { State, TargetState } from '../../config/state.ts';
import type { Machine } from '../../change/machine.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { pathsOf } from '../../targets/read-start-file.ts';
import type { TargetId } from '../../targets/types.ts';
import { shortPath } from '../../text/short-path.ts';

/** What the flags of `orcc remove` ask for. */
export interface RemoveIntent {
  /** undefined: everything. */
  readonly only: readonly TargetId[] | undefined;
  readonly keepKey: boolean;
  readonly keepConfig: boolean;
  readonly force: boolean;
}

/** What `orcc remove` has decided. */
export interface RemoveDecision {
  readonly targets: readonly TargetId[];
  /** Those of every folder, not this one alone. */
  readonly isWhole: boolean;
  /** orcc's own folder goes too. */
  readonly isFinal: boolean;
  readonly keepKey: boolean;
  readonly force: boolean;
  /** Folders that orcc once made: those that are empty afterwards go. */
  readonly folders: readonly string[];
}

/** Which places lose what orcc wrote. Throws exit 3 where there is nothing to take out. */
export function decideRemove(
  ctx: Pick<Context, 'fs' | 'cwd' | 'home' | 'platform'>,
  { only, keepKey, keepConfig, force }: RemoveIntent,
  { state, own }: Machine,
): RemoveDecision {
  const isWhole = only === undefined;
  const recorded = isWhole ? state.targets : state.targets.filter((target) => only.includes(target.id) && isHere(ctx, target));
  // An earlier remove may have got through the targets' own files alone.
  const beside: readonly TargetId[] = isWhole
    ? [...state.adopted.map((each) => each.target), ...(state.ignores.length > 0 ? (['local'] as const) : [])]
    : [];
  const targets = [...new Set([...recorded.map((target) => target.id), ...beside])];
  if (targets.length === 0 && (!isWhole || ctx.fs.lstat(own.folder) === undefined)) throw nothingThere(ctx, only, state);
  const isFinal = isWhole && !keepConfig;
  return { targets, isWhole, isFinal, keepKey: !isFinal || keepKey, force, folders: state.folders };
}

/** Whether a target is the machine's, or this folder's. */
function isHere(ctx: Pick<Context, 'cwd' | 'platform'>, { id, path }: TargetState): boolean {
  return (id !== 'project' && id !== 'local') || folderOfTarget(path, ctx.platform) === ctx.cwd;
}

/** The folder that holds `.claude/settings.json`. */
function folderOfTarget(path: string, platform: NodeJS.Platform): string {
  const { dirname } = pathsOf(platform);
  return dirname(dirname(path));
}

function nothingThere(ctx: Pick<Context, 'home' | 'platform'>, only: readonly TargetId[] | undefined, state: State): OrccError {
  if (only === undefined) return new OrccError('nothing', 'There is nothing of orcc to remove', { hint: 'Nothing was changed' });
  const elsewhere = state.targets
    .filter((target) => only.includes(target.id))
    .map((target) => shortPath(folderOfTarget(target.path, ctx.platform), ctx.home));
  return elsewhere.length === 0
    ? new OrccError('nothing', `orcc has written nothing to ${only.join(', ')}`, { hint: 'Nothing was changed' })
    : new OrccError('nothing', `orcc has written no ${only.join(', ')} in this folder, but in ${elsewhere.join(', ')}`, {
        hint: 'Run it there; `orcc remove` without `--target` takes all of them',
      });
}
