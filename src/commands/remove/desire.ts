import type { Desired } from '../../change/desired.ts';
import type { Machine } from '../../change/machine.ts';
import type { RemoveDecision } from './decide.ts';

/**
 * Nothing in the given targets; base URL and token leave a file together, the key goes after all of them. Pure. Throws exit 6
 * where a configuration is to be kept that does not parse.
 */
export function desireRemove({ targets, isWhole, isFinal, keepKey, force }: RemoveDecision, machine: Machine): Desired {
  if (!isFinal && machine.configBroken !== undefined) throw machine.configBroken;
  return {
    setup: undefined,
    targets: targets.map((id) => ({ id, carries: 'nothing', remember: false, ...(isWhole ? { allFolders: true } : {}) })),
    key: { action: keepKey ? 'keep' : 'delete' },
    config: isFinal ? undefined : machine.config,
    disableAutoMode: false,
    ignore: undefined,
    replace: true,
    adopt: false,
    force,
  };
}
