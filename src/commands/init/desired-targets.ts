import type { Context } from '../../core/context.ts';
import type { Machine } from '../../change/machine.ts';
import type { DesiredTarget } from '../../change/desired.ts';
import { recordedMachineTargets } from '../../change/desire.ts';
import { isMany, MACHINE_TARGETS, type TargetId } from '../../targets/types.ts';
import type { SettingsFile } from './types.ts';

/** Without a terminal, `--target` adds to the recorded targets, which stay and get the same values. undefined if none was given. */
export function withRecorded(
  ctx: Pick<Context, 'interactive'>,
  given: readonly TargetId[] | undefined,
  machine: Machine,
): readonly TargetId[] | undefined {
  if (given === undefined || ctx.interactive) return given;
  const recorded = recordedMachineTargets(machine).filter((target) => target.carries === 'setup');
  return [...new Set([...given, ...recorded.map((target) => target.id)])];
}

/** Variables of orcc's that disappear if user settings are no longer a target. */
export function clearedNames(machine: Machine, chosen: readonly TargetId[]): ReadonlySet<string> {
  if (chosen.includes('user')) return new Set();
  const user = machine.state.targets.filter((target) => target.id === 'user');
  const names = user.flatMap(({ path, members }) =>
    // A value that orcc had replaced comes back, and beats the shell again.
    members.flatMap((member) =>
      member.path[0] === 'env' && machine.replaced.files[path]?.[JSON.stringify(member.path)] === undefined ? (member.path[1] ?? []) : [],
    ),
  );
  return new Set(names);
}

/**
 * Chosen targets carry the setup; recorded machine targets that were not chosen are cleared. `hasExtras`: some extras belong in
 * user settings.
 */
export function desiredTargets(
  chosen: readonly TargetId[],
  hasExtras: boolean,
  machine: Machine,
  further: readonly SettingsFile[] = [],
): readonly DesiredTarget[] {
  const isExtra = hasExtras && !chosen.includes('user');
  const dropped = [...new Set(machine.state.targets.map((target) => target.id))].filter(
    (id) => MACHINE_TARGETS.includes(id) && !isMany(id) && !chosen.includes(id) && !(id === 'user' && isExtra),
  );
  // A fix of doctor's stays in place.
  const isFixed = (id: TargetId): boolean =>
    machine.state.targets.some((target) => target.id === id && target.members.some(({ isFix }) => isFix === true));
  return [
    ...chosen.filter((id) => !isMany(id)).map((id): DesiredTarget => ({ id, carries: 'setup', remember: false })),
    ...further.map(({ path, isNamed, modeless }): DesiredTarget => ({
      ...{ id: 'settings-file', carries: 'setup', remember: false, path },
      ...(isNamed ? { isNamed } : {}),
      ...(modeless ? { modeless } : {}),
    })),
    ...(isExtra ? [{ id: 'user' as const, carries: 'extras' as const, remember: false }] : []),
    ...machine.state.targets
      .filter(({ id, path }) => isMany(id) && further.every((each) => each.path !== path))
      .map(({ id, path }): DesiredTarget => ({ id, path, carries: 'nothing', remember: false })),
    ...dropped.map((id): DesiredTarget => ({ id, carries: isFixed(id) ? 'extras' : 'nothing', remember: false })),
  ];
}
