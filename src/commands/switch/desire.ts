import { desireSetup } from '../../change/desire.ts';
import type { Desired } from '../../change/desired.ts';
import { requireConfig, type Machine } from '../../change/machine.ts';
import type { Config } from '../../config/config.ts';
import { holdsLiterally, waitsInKeyFile } from '../../config/storage.ts';
import { hasKeyFile } from '../../keys/desire-key.ts';
import type { SwitchDecision } from './decide.ts';

/** The mapping in every target of the decision; if Claude Code stays on Anthropic, in the configuration only. Pure. */
export function desireSwitch(decision: SwitchDecision, machine: Machine): Desired {
  const { mapping, limits, labels, extras, targets, here, ignore, replace, adopt, force } = decision;
  const present = requireConfig(machine);
  const config = here
    ? { ...withExtras(present, extras), mapping: { ...mapping.models }, defaultAlias: mapping.defaultAlias }
    : configWith(decision, present);
  const desired = desireSetup(machine, {
    config,
    limits,
    labels,
    takesImages: decision.takesImages,
    // Once the shell profiles hold the key again, the one that waited in orcc's file would be a second copy.
    key: { action: !waitsInKeyFile(config) && bringsKey(decision, config) && hasKeyFile(machine) ? 'delete' : 'keep' },
    targets: isNative(decision, machine) ? targets.map((target) => ({ ...target, carries: 'nothing' as const })) : targets,
    ...{ ignore, replace, adopt, force },
  });
  return here ? { ...desired, config: present } : desired;
}

/** True if this switch writes the key into shell profiles. */
function bringsKey({ targets }: SwitchDecision, { keyStorage }: Config): boolean {
  return keyStorage.kind === 'profile' && targets.some((target) => target.carries === 'setup' && holdsLiterally(target, keyStorage));
}

/** True if Claude Code stays on Anthropic after this switch. */
export function isNative({ here, back }: SwitchDecision, machine: Machine): boolean {
  return machine.config?.native === true && (here || !back);
}

function withExtras(
  { extras: _own, profileExtras: _profile, pinRows: _rows, ...config }: Config,
  extras: SwitchDecision['extras'],
): Config {
  return { ...config, ...extras };
}

function configWith({ mapping, profile, extras, back, takesImages }: SwitchDecision, config: Config): Config {
  const { denyImages, ...rest } = withExtras(config, extras);
  return {
    ...rest,
    ...(denyImages === undefined || takesImages ? {} : { denyImages }),
    mapping: { ...mapping.models },
    defaultAlias: mapping.defaultAlias,
    native: config.native && !back,
    // `orcc status` shows `work (changed)`: the name stays, since it says where the mapping came from.
    ...(profile === undefined ? {} : { activeProfile: profile }),
  };
}
