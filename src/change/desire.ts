import type { Mapping } from '../claude/aliases.ts';
import type { Label } from '../claude/variables.ts';
import { extrasInput, mappingOf, type Config } from '../config/config.ts';
import { extraMembers, extraVariables, type ExtraMember } from '../config/extras-table.ts';
import type { Machine } from './machine.ts';
import type { ModelFacts } from '../openrouter/model-facts.ts';
import type { Desired, DesiredTarget } from './desired.ts';
import { isMany, MACHINE_TARGETS } from '../targets/types.ts';
import { keepImageRules } from './folder-images.ts';
import { buildSetup, limitsFor, type SetupLimits } from './build-setup.ts';

export interface SetupParts extends Pick<Desired, 'key' | 'targets' | 'ignore' | 'replace' | 'adopt' | 'force'> {
  /** What config.json is to say; its limits are filled in here. */
  readonly config: Config;
  readonly limits: SetupLimits;
  /** The rows of Claude Code's model picker. */
  readonly labels: readonly Label[];
  /** A mapped model takes images, so rules against them are no longer needed. */
  readonly takesImages: boolean;
}

/** Turns a configuration into a Desired for the planner: `init` and `switch` both end here. Pure. */
export function desireSetup(machine: Machine, { limits, labels, takesImages, ...parts }: SetupParts): Desired {
  const { config } = parts;
  const { baseUrl, keyStorage } = config;
  const variables = limits.variables.map(({ name, value }) => ({ name, value }));
  const { bases } = limits;
  const input = extrasInput(config);
  const extras = extraMembers(input);
  return {
    ...parts,
    setup: buildSetup({
      ...{ mapping: mappingOf(config), baseUrl, keyStorage, limits, labels },
      extras: extraVariables(input),
      ...{ own: machine.own, platform: machine.platform },
    }),
    config: {
      ...config,
      limits: { how: config.limits.how, variables, ...(bases === undefined ? {} : { bases }) },
      labels: labels.map((label) => ({ ...label })),
    },
    extras,
    targets: keepImageRules(withExtras(parts.targets, extras, machine), extras, takesImages, machine),
  };
}

/**
 * If only shells carry the setup, extras that only a settings file can hold go into user settings, and are removed from there when
 * none is left. A change of nothing but a folder's targets leaves user settings as they are.
 */
function withExtras(targets: readonly DesiredTarget[], extras: readonly ExtraMember[], machine: Machine): readonly DesiredTarget[] {
  const isWanted = extras.some(({ places }) => places.includes('user'));
  const user = targets.find(({ id }) => id === 'user');
  if (user?.carries === 'extras' && !isWanted) return targets.map((each) => (each === user ? { ...each, remember: false } : each));
  const isMachine = targets.some(({ id, carries }) => MACHINE_TARGETS.includes(id) && carries === 'setup');
  const isRecorded = machine.state.targets.some(({ id, carries }) => id === 'user' && carries !== 'nothing');
  const isMissing = isWanted && isMachine && (user === undefined ? !isRecorded : user.carries === 'nothing');
  if (!isMissing) return targets;
  return [...targets.filter((each) => each !== user), { id: 'user', carries: 'extras', remember: false }];
}

/** The limits of a mapping in these targets, and in user settings if these keep the setup that they carry. Pure. */
export function limitsInPlace(
  machine: Machine,
  how: Config['limits']['how'],
  mapping: Mapping,
  facts: readonly ModelFacts[],
  targets: readonly DesiredTarget[],
): SetupLimits {
  const carry = targets.filter((target) => target.carries === 'setup').map((target) => target.id);
  const isUserNamed = targets.some((target) => target.id === 'user');
  const wasUser = machine.state.targets.some((target) => target.id === 'user' && target.carries === 'setup');
  return limitsFor(how, mapping, facts, {
    hasUser: carry.includes('user') || (!isUserNamed && wasUser),
    hasProject: carry.includes('project'),
  });
}

/** Every recorded machine target, to be written again; one that carries nothing now gets back what it carried before. */
export function recordedMachineTargets(machine: Pick<Machine, 'state'>): readonly DesiredTarget[] {
  const seen = new Map<string, DesiredTarget>();
  for (const { id, path, carries, returns } of machine.state.targets) {
    const place = isMany(id) ? path : id;
    if (!MACHINE_TARGETS.includes(id) || seen.has(place)) continue;
    const target = { id, carries: carries === 'nothing' ? (returns ?? 'setup') : carries, remember: true } as const;
    seen.set(place, isMany(id) ? { ...target, path } : target);
  }
  return [...seen.values()];
}
