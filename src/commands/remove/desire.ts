import { type Desired, type DesiredTarget, AS_IT_IS } from '../../change/desired.ts';
import type { Machine } from '../../change/machine.ts';
import { unrecorded } from '../../change/strays.ts';
import { isMany } from '../../targets/types.ts';
import type { RemoveDecision } from './decide.ts';

/**
 * Nothing of orcc's in the given targets: base URL and token leave a file together, and the key is deleted after all of them, or saved
 * if it was in one of them only. Pure.
 * Throws exit 6 if the configuration is to be kept but does not parse.
 */
export function desireRemove(decision: RemoveDecision, machine: Machine): Desired {
  const { targets, files, blocks, strays, isWhole, isFinal, keepKey, force } = decision;
  if (!isFinal && machine.configBroken !== undefined) throw machine.configBroken;
  const recorded = targets.flatMap((id): DesiredTarget[] => {
    const target = { id, carries: 'nothing', remember: false } as const;
    if (isMany(id) && files !== undefined) return files.map((path) => ({ ...target, path }));
    return [{ ...target, ...(isWhole ? { allFolders: true } : {}) }];
  });
  return {
    ...AS_IT_IS,
    targets: [...recorded, ...unrecorded([...blocks, ...strays], machine)],
    key: { action: keepKey ? 'save' : 'delete' },
    ...(isFinal && !keepKey ? { namedKeys: [] } : {}),
    config: isFinal ? undefined : machine.config,
    strays,
    replace: true,
    force,
  };
}
