import type { DerivedLimits } from '../claude/limits.ts';
import { mappingOf, type Config } from '../config/config.ts';
import type { Machine } from './machine.ts';
import type { ModelFacts } from '../openrouter/model-facts.ts';
import type { Desired, DesiredTarget } from './desired.ts';
import type { TargetId } from '../targets/types.ts';
import { buildSetup } from './build-setup.ts';
import { chooseLabels } from './labels.ts';

/** Targets that belong to the machine; `project` and `local` belong to a folder (design D20). */
export const MACHINE_TARGETS: readonly TargetId[] = ['bash', 'zsh', 'fish', 'powershell', 'user'];

export interface SetupDesire {
  /** What config.json shall say; its derived limits are filled in here. */
  readonly config: Config;
  /** The key itself, where a target holds it literally. */
  readonly literalKey: string | undefined;
  readonly key: Desired['key'];
  readonly facts: readonly ModelFacts[];
  /** For this folder alone: nothing records its mapping, so that its prices could not be kept as they were. */
  readonly here?: boolean;
  readonly targets: readonly DesiredTarget[];
  readonly ignore: Desired['ignore'];
  readonly replace: boolean;
  readonly adopt: boolean;
  readonly force: boolean;
}

/** A configuration as something the planner can reach for: `init` and `switch` both end here. Pure. */
export function desireSetup(machine: Machine, wish: SetupDesire): { readonly desired: Desired; readonly limits: DerivedLimits } {
  const { config } = wish;
  const labels = chooseLabels(machine.config, mappingOf(config), wish.facts).map(({ price, ...label }) => ({
    ...label,
    ...(price === undefined || wish.here === true ? {} : { price }),
  }));
  const hasUser = wish.targets.some((target) => target.id === 'user' && target.carries === 'setup');
  const isUserNamed = wish.targets.some((target) => target.id === 'user');
  const wasUser = machine.state.targets.some((target) => target.id === 'user' && target.carries === 'setup');
  const { setup, limits } = buildSetup({
    mapping: mappingOf(config),
    baseUrl: config.baseUrl,
    keyStorage: config.keyStorage,
    key: wish.literalKey,
    facts: wish.facts,
    labels,
    userTarget: hasUser || (!isUserNamed && wasUser),
    limits: config.limits.how,
    own: machine.own,
    platform: machine.platform,
  });
  const variables = limits.variables.map(({ name, value }) => ({ name, value }));
  return {
    limits,
    desired: {
      setup,
      targets: wish.targets,
      key: wish.key,
      config: { ...config, limits: { how: config.limits.how, variables }, labels },
      disableAutoMode: config.autoMode === 'off',
      ignore: wish.ignore,
      replace: wish.replace,
      adopt: wish.adopt,
      force: wish.force,
    },
  };
}

/** Every machine target that carries something now, to be written anew. */
export function recordedMachineTargets(machine: Machine): readonly DesiredTarget[] {
  const seen = new Map<TargetId, DesiredTarget>();
  for (const { id, carries, returns } of machine.state.targets) {
    if (!MACHINE_TARGETS.includes(id) || seen.has(id)) continue;
    seen.set(id, { id, carries: carries === 'nothing' ? (returns ?? 'setup') : carries, remember: true });
  }
  return [...seen.values()];
}
