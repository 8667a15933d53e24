import { pathsOf } from '../../core/paths-of.ts';
import { otherFolders, usualFolders, type LookedPlace, type Seen } from '../../change/look-around.ts';
import type { FileNow, Machine } from '../../change/machine.ts';
import type { Stray } from '../../change/desired.ts';
import type { State, TargetState } from '../../config/state.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { isFolderTarget, isMany, type TargetId } from '../../targets/types.ts';
import { shortPath } from '../../text/text.ts';

/** What the flags of `orcc remove` ask for. */
export interface RemoveIntent {
  /** undefined: everything. */
  readonly only: readonly TargetId[] | undefined;
  /** Only these of the further settings files; undefined: all of them. */
  readonly files?: readonly string[] | undefined;
  readonly keepKey: boolean;
  readonly keepConfig: boolean;
  readonly force: boolean;
}

/** What `orcc remove` has decided. */
export interface RemoveDecision {
  readonly targets: readonly TargetId[];
  /** Only these of the further settings files; absent: all of them. */
  readonly files?: readonly string[];
  /** Further settings files whose folder is missing: their drive may not be mounted. */
  readonly unreached: readonly string[];
  /** Start-up files without a record, with a block whose markers prove that orcc wrote it. */
  readonly blocks: readonly LookedPlace[];
  /** Members of settings files without a record that the user wants removed. */
  readonly strays: readonly Stray[];
  /** The targets of every folder, not only those of this one. */
  readonly isWhole: boolean;
  /** orcc's own folder is removed too. */
  readonly isFinal: boolean;
  readonly keepKey: boolean;
  readonly force: boolean;
  /** Folders that orcc once created; those that end up empty are removed. */
  readonly folders: readonly string[];
  /** Folders of another orcc in this home: a block reads the key from it, or it is the usual one. */
  readonly others: readonly string[];
}

/** Decides from which places to remove what orcc wrote, as far as this can be decided without a question. `seen` is what the files show. */
export function decideRemove(
  ctx: Pick<Context, 'fs' | 'cwd' | 'platform' | 'home'>,
  { only, files: named, keepKey, keepConfig, force }: RemoveIntent,
  { state, own, files }: Machine,
  seen: Seen,
): RemoveDecision {
  const isWhole = only === undefined;
  const recorded = recordedFor(ctx, only, state, named);
  // An earlier remove may have finished only the targets' own files.
  const beside: readonly TargetId[] = isWhole
    ? [...state.adopted.map((each) => each.target), ...(state.ignores.length > 0 ? (['local'] as const) : [])]
    : [];
  const isFinal = isWhole && !keepConfig;
  return {
    targets: [...new Set([...recorded.map((target) => target.id), ...beside])],
    ...(named === undefined ? {} : { files: named }),
    unreached: recorded.flatMap(({ id, path }) => (isMany(id) && isAway(files.get(path)) ? [path] : [])),
    blocks: seen.blocks.filter(({ path }) => state.targets.every((each) => each.path !== path)),
    strays: [],
    isWhole,
    isFinal,
    keepKey: !isFinal || keepKey,
    force,
    folders: state.folders,
    others: [
      ...new Set([
        ...otherFolders(seen.blocks, (file) => files.get(file)?.bytes ?? null, { ...ctx, folder: own.folder }),
        ...(isWhole ? usualFolders(ctx, own.folder) : []),
      ]),
    ],
  };
}

/** The records that `only` and `files` mean: all of them, or those of the named targets that belong to the machine or to this folder. */
export function recordedFor(
  ctx: Pick<Context, 'cwd' | 'platform'>,
  only: readonly TargetId[] | undefined,
  { targets }: Pick<State, 'targets'>,
  files?: readonly string[],
): readonly TargetState[] {
  if (only === undefined) return targets;
  const isMeant = ({ id, path }: TargetState): boolean => files === undefined || !isMany(id) || files.includes(path);
  return targets.filter((target) => only.includes(target.id) && isHere(ctx, target) && isMeant(target));
}

function isAway(file: FileNow | undefined): boolean {
  return file !== undefined && file.bytes === null && file.missingParents.length > 0;
}

/** True if there is anything to remove. */
export function hasWork(ctx: Pick<Context, 'fs'>, { targets, blocks, strays, isWhole }: RemoveDecision, { own }: Machine): boolean {
  return targets.length > 0 || blocks.length > 0 || strays.length > 0 || (isWhole && ctx.fs.lstat(own.folder) !== undefined);
}

/** True if a target belongs to the machine or to this folder. */
function isHere(ctx: Pick<Context, 'cwd' | 'platform'>, { id, path }: TargetState): boolean {
  return !isFolderTarget(id) || folderOfTarget(path, ctx.platform) === ctx.cwd;
}

/** The folder that contains `.claude/settings.json`. */
function folderOfTarget(path: string, platform: NodeJS.Platform): string {
  const { dirname } = pathsOf(platform);
  return dirname(dirname(path));
}

/** The error for a remove that finds nothing (exit 3). */
export function nothingThere(
  ctx: Pick<Context, 'home' | 'platform'>,
  { only, files }: Pick<RemoveIntent, 'only' | 'files'>,
  state: State,
): OrccError {
  if (only === undefined) return new OrccError('nothing', 'There is nothing to remove');
  if (files !== undefined) {
    const known = state.targets.filter(({ id }) => isMany(id)).map(({ path }) => shortPath(path, ctx.home));
    return new OrccError('nothing', `orcc has written nothing to ${files.map((path) => shortPath(path, ctx.home)).join(', ')}`, {
      hint: known.length === 0 ? 'Nothing was written' : `Its further settings files are ${known.join(', ')}`,
    });
  }
  const elsewhere = state.targets
    .filter((target) => only.includes(target.id))
    .map((target) => shortPath(folderOfTarget(target.path, ctx.platform), ctx.home));
  return elsewhere.length === 0
    ? new OrccError('nothing', `orcc has written nothing to ${only.join(', ')}`, { hint: 'Nothing was written' })
    : new OrccError('nothing', `orcc has written no ${only.join(', ')} in this folder, but in ${elsewhere.join(', ')}`, {
        hint: 'Run it there; `orcc remove` without `--target` takes all of them',
      });
}
