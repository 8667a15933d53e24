import type { Choice, Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { Say } from '../../core/say.ts';
import type { TargetState } from '../../config/state.ts';
import { goesWith } from '../../config/storage.ts';
import { TARGETS } from '../../targets/index.ts';
import { isFolderTarget, isMany, type Located, type TargetId } from '../../targets/types.ts';
import { shortPath } from '../../text/text.ts';
import type { Ground, Answers } from './types.ts';
import { offeredSettingsFiles, recordedSettingsFiles } from './settings-files.ts';

/**
 * The targets: from flags, else those already set up. At a first setup: user settings on a terminal (design D27), where the recap
 * names them and they can be changed, and the current shell's profile without one. Throws exit 6 for one that can't be written.
 */
function chooseTargets(
  ctx: Pick<Context, 'interactive'>,
  given: readonly TargetId[] | undefined,
  { machine: { state, located }, shell, storage }: Pick<Ground, 'machine' | 'shell' | 'storage'>,
  say: Say,
): readonly TargetId[] {
  // Targets in another folder don't count here.
  const isHere = ({ id, path }: TargetState): boolean => !isFolderTarget(id) || located.get(id)?.files[0]?.path === path;
  const recorded = state.targets
    .filter((target) => (target.carries === 'setup' || target.returns === 'setup') && isHere(target))
    .map((target) => target.id);
  const fallback = shell.target ?? 'user';
  const first = ctx.interactive && goesWith(storage, 'user') ? 'user' : fallback;
  const targets = given ?? (recorded.length > 0 ? [...new Set(recorded)] : [first]);
  if (given === undefined && recorded.length === 0 && !ctx.interactive)
    say.line(`Where: ${first} (${TARGETS.find(({ id }) => id === first)?.title ?? ''}); \`--target\` names another place`);
  refuseLocated(targets, located);
  return targets;
}

/**
 * The targets, with the further settings files that are recorded or named in this run. Throws exit 2 if the target `settings-file`
 * has no file, 6 for a target that can't be written.
 */
export function choosePlaces(
  ctx: Pick<Context, 'interactive'>,
  given: readonly TargetId[] | undefined,
  ground: Pick<Ground, 'machine' | 'shell' | 'storage' | 'named'>,
  say: Say,
): Pick<Answers, 'targets' | 'settingsFiles'> {
  const { machine, named } = ground;
  const chosen = chooseTargets(ctx, given, ground, say);
  const targets = named.length === 0 ? chosen : [...new Set<TargetId>([...chosen, 'settings-file'])];
  const settingsFiles = targets.includes('settings-file') ? [...new Set([...recordedSettingsFiles(machine), ...named])] : [];
  if (targets.includes('settings-file') && settingsFiles.length === 0)
    throw new OrccError('usage', 'Target `settings-file` needs a path', { hint: 'Add `--settings-file PATH`' });
  return { targets, settingsFiles };
}

/** A place to write to instead of the chosen one. */
export interface OtherPlace {
  readonly target: TargetId;
  /** `~/.bashrc`, `user settings`. */
  readonly name: string;
}

/**
 * The shell's profile instead of user settings, or the other way round; undefined if more than one place is chosen, or the other
 * can't be written.
 */
export function otherPlace(
  { home }: Pick<Context, 'home'>,
  { targets, storage }: Pick<Answers, 'targets' | 'storage'>,
  { machine: { located }, shell }: Pick<Ground, 'machine' | 'shell'>,
): OtherPlace | undefined {
  const [chosen, ...others] = targets;
  const target = chosen === 'user' ? shell.target : chosen === shell.target ? 'user' : undefined;
  const place = target === undefined ? undefined : located.get(target);
  if (target === undefined || place === undefined || others.length > 0 || place.refusal !== undefined || !goesWith(storage, target))
    return undefined;
  return { target, name: target === 'user' ? 'user settings' : shortPath(place.files[0]?.path ?? target, home) };
}

/** Asks for at least one place, with the present ones ticked. Places that can't be written are shown with the reason. */
export async function askTargets(
  ctx: Pick<Context, 'ask' | 'fs' | 'env' | 'platform' | 'home'>,
  ticked: Pick<Answers, 'targets' | 'settingsFiles'>,
  ground: Pick<Ground, 'machine' | 'named'>,
): Promise<Pick<Answers, 'targets' | 'settingsFiles'>> {
  const { located } = ground.machine;
  // The value of a further settings file is its path.
  const answer = await ctx.ask.checkbox(
    'Where should it be written? (press space to select)',
    TARGETS.flatMap(({ id, title }): Choice<string>[] => {
      if (isMany(id))
        return offeredSettingsFiles(ctx, ground).map((path) => {
          const name = shortPath(path, ctx.home);
          return { value: path, name, short: name, checked: ticked.settingsFiles.includes(path) };
        });
      const place = located.get(id);
      if (place === undefined || !(place.offered || ticked.targets.includes(id))) return [];
      const row = { value: id, name: `${id.padEnd(10)} ${title}`, short: id };
      if (place.refusal !== undefined) return [{ ...row, disabled: `(${place.refusal.reason})` }];
      return [{ ...row, checked: ticked.targets.includes(id) }];
    }),
  );
  const settingsFiles = answer.filter((value) => !TARGETS.some(({ id }) => id === value));
  const targets = TARGETS.flatMap(({ id }) => ((isMany(id) ? settingsFiles.length > 0 : answer.includes(id)) ? [id] : []));
  return { targets, settingsFiles };
}

function refuseLocated(targets: readonly TargetId[], located: ReadonlyMap<TargetId, Located>): void {
  for (const id of targets) {
    const refusal = located.get(id)?.refusal;
    if (refusal !== undefined) throw new OrccError('refused', `Target \`${id}\`: ${refusal.reason}`, { hint: refusal.hint });
  }
}
