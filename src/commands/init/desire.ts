import { desireSetup } from '../../change/desire.ts';
import type { Desired } from '../../change/desired.ts';
import type { Machine } from '../../change/machine.ts';
import { mappingOf, type Config } from '../../config/config.ts';
import { sameMapping } from '../../config/mapping-input.ts';
import { usesKeyFile } from '../../config/storage.ts';
import { hasKeyFile } from '../../keys/desire-key.ts';
import type { InitDecision } from './decide.ts';
import { desiredTargets } from './desired-targets.ts';

/** The set-up in the chosen targets, and nothing of orcc's in those that were chosen before and are not now. Pure. */
export function desireInit(decision: InitDecision, machine: Machine): Desired {
  const { key, limits, labels, targets, autoMode, ignore, replace, adopt, adoptFiles, force } = decision;
  const desired = desireSetup(machine, {
    config: configOf(decision, machine),
    limits,
    labels,
    key: { action: usesKeyFile(key.storage) ? 'write' : hasKeyFile(machine) ? 'delete' : 'keep' },
    targets: desiredTargets(targets, autoMode, machine),
    ...{ ignore, replace, adopt, force },
  });
  return { ...desired, adoptFiles };
}

function configOf({ baseUrl, key, mapping, limits, autoMode }: InitDecision, { config }: Machine): Config {
  return {
    schemaVersion: 2,
    baseUrl,
    keyUrl: baseUrl,
    keyStorage: key.storage,
    mapping: { ...mapping.models },
    defaultAlias: mapping.defaultAlias,
    limits: { how: limits.how, variables: [] },
    autoMode,
    native: false,
    profiles: config?.profiles ?? {},
    // The name says where the mapping came from, so it stays while the mapping does.
    ...(config?.activeProfile !== undefined && sameMapping(mappingOf(config), mapping) ? { activeProfile: config.activeProfile } : {}),
  };
}
