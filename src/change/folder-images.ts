import { samePath } from '../edit/json/json-verify.ts';
import { DENY_PATH, IMAGE_MEMBERS } from '../claude/image-rules.ts';
import type { ExtraMember } from '../config/extras-table.ts';
import { isFolderTarget, type TargetId } from '../targets/types.ts';
import type { DesiredTarget } from './desired.ts';
import type { Machine } from './machine.ts';

/** Whether this target's file has orcc's rules against images, which `doctor --fix` put there. Pure. */
export function hasImageRules({ located, state }: Pick<Machine, 'located' | 'state'>, id: TargetId): boolean {
  const paths = (located.get(id)?.files ?? []).map(({ path }) => path);
  return state.targets.some(
    (target) => paths.includes(target.path) && target.members.some(({ path, element }) => element && samePath(path, DENY_PATH)),
  );
}

/** Keeps a folder's rules against images until its mapping takes images. Pure. */
export function keepImageRules(
  targets: readonly DesiredTarget[],
  extras: readonly ExtraMember[],
  takesImages: boolean,
  machine: Pick<Machine, 'located' | 'state'>,
): readonly DesiredTarget[] {
  return targets.map((target) => {
    const { id } = target;
    if (takesImages || !isFolderTarget(id) || !hasImageRules(machine, id)) return target;
    const rules = IMAGE_MEMBERS.map((member): ExtraMember => ({ ...member, places: [id], native: 'out' }));
    return { ...target, extras: [...(target.extras ?? extras), ...rules] };
  });
}
