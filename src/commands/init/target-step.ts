import type { Choice, Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { State } from '../../config/state.ts';
import { TARGETS } from '../../targets/index.ts';
import type { Located, TargetId } from '../../targets/types.ts';
import type { Say } from '../../core/say.ts';

/**
 * The targets: from flags, else ticked on a terminal. The present targets are ticked at a
 * second set-up, the current shell's profile at the first. A target that can't be written is shown with the reason.
 */
export async function chooseTargets(
  ctx: Pick<Context, 'ask' | 'interactive'>,
  given: readonly TargetId[] | undefined,
  shell: TargetId | undefined,
  state: State,
  located: ReadonlyMap<TargetId, Located>,
  say: Say,
): Promise<readonly TargetId[]> {
  const present = state.targets.filter((target) => target.carries === 'setup' || target.returns === 'setup').map((target) => target.id);
  if (given !== undefined) {
    refuseLocated(given, located);
    return given;
  }
  const ticked: readonly TargetId[] = present.length > 0 ? [...new Set(present)] : [shell ?? 'user'];
  if (!ctx.interactive) {
    refuseLocated(ticked, located);
    return ticked;
  }
  for (;;) {
    const chosen = await ctx.ask.checkbox(
      'Where shall it be written?',
      TARGETS.flatMap((target): Choice<TargetId>[] => {
        const place = located.get(target.id);
        if (place === undefined || !(place.offered || ticked.includes(target.id))) return [];
        const name = `${target.id.padEnd(10)} ${target.title}`;
        if (place.refusal !== undefined) return [{ value: target.id, name, disabled: `(${place.refusal.reason})` }];
        return [{ value: target.id, name, checked: ticked.includes(target.id) }];
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
