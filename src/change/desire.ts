import type { Mapping } from '../claude/aliases.ts';
import type { Label } from '../claude/variables.ts';
import { mappingOf, type Config } from '../config/config.ts';
import type { Machine } from './machine.ts';
import type { ModelFacts } from '../openrouter/model-facts.ts';
import type { Desired, DesiredTarget } from './desired.ts';
import { MACHINE_TARGETS, type TargetId } from '../targets/types.ts';
import { buildSetup, limitsFor, type SetupLimits } from './build-setup.ts';

export interface SetupParts {
  /** What config.json shall say; its limits are filled in here. */
  readonly config: Config;
  readonly limits: SetupLimits;
  /** The rows of Claude Code's picker. */
  readonly labels: readonly Label[];
  readonly key: Desired['key'];
  readonly targets: readonly DesiredTarget[];
  readonly ignore: Desired['ignore'];
  readonly replace: boolean;
  readonly adopt: boolean;
  readonly force: boolean;
}

/** A configuration as something the planner can reach for: `init` and `switch` both end here. Pure. */
export function desireSetup(machine: Machine, { limits, labels, ...parts }: SetupParts): Desired {
  const { config } = parts;
  const { baseUrl, keyStorage } = config;
  const variables = limits.variables.map(({ name, value }) => ({ name, value }));
  return {
    ...parts,
    setup: buildSetup({ mapping: mappingOf(config), baseUrl, keyStorage, limits, labels, own: machine.own, platform: machine.platform }),
    config: { ...config, limits: { how: config.limits.how, variables }, labels: labels.map((label) => ({ ...label })) },
    disableAutoMode: config.autoMode === 'off',
  };
}

/** The limits that a mapping has in these targets, and in user settings that keep what they carry. Pure. */
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

/** Every machine target that carries something now, to be written anew. */
export function recordedMachineTargets(machine: Pick<Machine, 'state'>): readonly DesiredTarget[] {
  const seen = new Map<TargetId, DesiredTarget>();
  for (const { id, carries, returns } of machine.state.targets) {
    if (!MACHINE_TARGETS.includes(id) || seen.has(id)) continue;
    seen.set(id, { id, carries: carries === 'nothing' ? (returns ?? 'setup') : carries, remember: true });
  }
  return [...seen.values()];
}
