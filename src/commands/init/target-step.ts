import type { Choice, Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { Say } from '../../core/say.ts';
import type { TargetState } from '../../config/state.ts';
import { goesWith } from '../../config/storage.ts';
import { TARGETS } from '../../targets/index.ts';
import { isFolderTarget, type Located, type TargetId } from '../../targets/types.ts';
import type { Ground } from './ground.ts';

/**
 * The targets: from flags, else those that are set up. At a first set-up user settings on a terminal (design D27), where the recap
 * names them and they can be changed, and the current shell's profile without one. Throws exit 6 for one that can't be written.
 */
export function chooseTargets(
  ctx: Pick<Context, 'interactive'>,
  given: readonly TargetId[] | undefined,
  { machine: { state, located }, shell, storage }: Pick<Ground, 'machine' | 'shell' | 'storage'>,
  say: Say,
): readonly TargetId[] {
  // What was written to another folder says nothing of this one.
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

/** Asks for the places, the present ones ticked. What can't be written is shown with the reason. */
export async function askTargets(
  ctx: Pick<Context, 'ask'>,
  ticked: readonly TargetId[],
  located: ReadonlyMap<TargetId, Located>,
  say: Say,
): Promise<readonly TargetId[]> {
  for (;;) {
    const chosen = await ctx.ask.checkbox(
      'Where shall it be written? (the space bar ticks a place)',
      TARGETS.flatMap((target): Choice<TargetId>[] => {
        const place = located.get(target.id);
        if (place === undefined || !(place.offered || ticked.includes(target.id))) return [];
        const row = { value: target.id, name: `${target.id.padEnd(10)} ${target.title}`, short: target.id };
        if (place.refusal !== undefined) return [{ ...row, disabled: `(${place.refusal.reason})` }];
        return [{ ...row, checked: ticked.includes(target.id) }];
      }),
      true,
    );
    if (chosen.length > 0) return chosen;
    say.error('At least one place is needed', 'Press the space bar to tick one');
  }
}

function refuseLocated(targets: readonly TargetId[], located: ReadonlyMap<TargetId, Located>): void {
  for (const id of targets) {
    const refusal = located.get(id)?.refusal;
    if (refusal !== undefined) throw new OrccError('refused', `Target \`${id}\`: ${refusal.reason}`, { hint: refusal.hint });
  }
}
