import { desireSetup } from '../../change/desire.ts';
import type { Desired } from '../../change/desired.ts';
import type { Machine } from '../../change/machine.ts';
import type { Kept } from '../../change/settle-extras.ts';
import { extraMembers } from '../../config/extras-table.ts';
import { extrasInput, mappingOf, type Config } from '../../config/config.ts';
import { sameMapping } from '../../config/mapping-input.ts';
import { namesOf, withoutActive, type Names } from '../../config/named-keys.ts';
import { usesKeyFile, OWN_STORAGE } from '../../config/storage.ts';
import { hasKeyFile } from '../../keys/desire-key.ts';
import { defined } from '../../text/defined.ts';
import type { InitDecision } from './decide.ts';
import { desiredTargets } from './desired-targets.ts';

/** The setup in the chosen targets, and nothing of orcc's in those that are no longer chosen. Pure. */
export function desireInit(decision: InitDecision, machine: Machine): Desired {
  const { key, limits, labels, targets, ignore, replace, adopt, adoptFiles, force } = decision;
  const config = configOf(decision, machine);
  const hasExtras = extraMembers(extrasInput(config)).some(({ places }) => places.includes('user'));
  const desired = desireSetup(machine, {
    config,
    limits,
    labels,
    key: { action: usesKeyFile(key.storage) ? 'write' : hasKeyFile(machine) ? 'delete' : 'keep' },
    targets: desiredTargets(targets, hasExtras, machine, decision.settingsFiles ?? []),
    takesImages: decision.takesImages,
    ...{ ignore, replace, adopt, force },
  });
  return { ...desired, adoptFiles };
}

/** The extras, which survive a new setup. */
function keptExtras(
  config: Config | undefined,
  { takesImages, extras: beside = config ?? {}, blanked }: Pick<InitDecision, 'takesImages' | 'extras' | 'blanked'>,
): Kept & Pick<Config, 'blanked' | 'denyImages' | 'statusLine'> {
  const { denyImages, statusLine } = config ?? {};
  const { extras, profileExtras, pinRows } = beside;
  return defined({
    blanked: blanked.length === 0 ? undefined : [...blanked],
    denyImages: takesImages ? undefined : denyImages,
    ...{ extras, profileExtras, pinRows, statusLine },
  });
}

/** Named keys survive a new setup; the key in use keeps its name only if it stays the same key for the same address. */
function keptNames(machine: Machine, { baseUrl, key }: InitDecision): Names {
  const { keys, activeKey } = namesOf(machine);
  if (keys === undefined) return {};
  if (activeKey === undefined) return { keys };
  const storedFor = machine.config?.baseUrl ?? machine.state.keyUrl;
  return key.source === OWN_STORAGE && storedFor === baseUrl ? { keys, activeKey } : withoutActive({ keys, activeKey });
}

function configOf(decision: InitDecision, machine: Machine): Config {
  const { config } = machine;
  const { baseUrl, key, mapping, limits, autoMode } = decision;
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
    ...keptNames(machine, decision),
    ...keptExtras(config, decision),
    // The name says where the mapping came from, so it stays while the mapping does.
    ...(config?.activeProfile !== undefined && sameMapping(mappingOf(config), mapping) ? { activeProfile: config.activeProfile } : {}),
  };
}
