import type { Config } from '../config/config.ts';
import type { TargetState } from '../config/state.ts';
import type { Machine } from '../change/machine.ts';
import { type Desired, type DesiredTarget, AS_IT_IS } from '../change/desired.ts';
import { keySources } from '../change/build-setup.ts';
import { isShared } from '../targets/types.ts';
import { readPresentSetup } from '../change/present-setup.ts';
import { filedKeys, type NamedKeys } from '../config/named-keys.ts';
import { holdsLiterally, waitsInKeyFile, type KeyStorage, type KeyHandle } from '../config/storage.ts';

/** The switch to another named key. */
export interface NamedUse {
  readonly name: string;
  readonly baseUrl: string;
  /** All named keys, as the configuration will list them. */
  readonly keys: NamedKeys;
}

/** Where the key will live, and where the previous one lived. */
export interface KeyDecision {
  readonly named?: NamedUse;
  readonly key: KeyHandle;
  /** The storage until now; undefined if there was no key. */
  readonly oldStorage: KeyStorage | undefined;
  /** The base URL that the key is stored for. */
  readonly keyUrl: string;
  readonly replace: boolean;
  readonly force: boolean;
}

/**
 * The same setup with another key, or with the key elsewhere: in every recorded file that holds the key or refers to it, in whatever
 * folder, that part is rewritten and the rest is kept. Pure.
 */
export function desireKey(machine: Machine, decision: KeyDecision): Desired {
  const { config } = machine;
  const { storage } = decision.key;
  const targets = config === undefined ? [] : machine.state.targets.flatMap((target) => rekey(target, machine, config, decision));
  return {
    ...AS_IT_IS,
    setup: undefined,
    targets,
    key: waitsInKeyFile({ keyStorage: storage, native: config?.native === true })
      ? { action: 'write' }
      : hasKeyFile(machine)
        ? { action: 'delete' }
        : { action: 'keep' },
    config: config === undefined ? undefined : configWith(config, decision),
    keyUrl: decision.keyUrl,
    ...namedFiles(decision),
    replace: decision.replace,
    force: decision.force,
  };
}

function configWith(config: Config, { key, keyUrl, named }: KeyDecision): Config {
  const use = named === undefined ? {} : { baseUrl: named.baseUrl, keys: named.keys, activeKey: named.name };
  return { ...config, keyStorage: key.storage, keyUrl, ...use };
}

function namedFiles({ named }: KeyDecision): Pick<Desired, 'namedKeys'> {
  return named === undefined ? {} : { namedKeys: filedKeys({ keys: named.keys, activeKey: named.name }) };
}

/** Whether two storages are different places. */
export function isMoved(from: KeyStorage, to: KeyStorage): boolean {
  return from.kind !== to.kind || from.ref !== to.ref;
}

/** Whether orcc's key file is there. */
export function hasKeyFile(machine: Machine): boolean {
  return (machine.files.get(machine.own.key)?.bytes ?? null) !== null;
}

function rekey(target: TargetState, machine: Machine, config: Config, decision: KeyDecision): DesiredTarget[] {
  const present = readPresentSetup(target, machine);
  if (present === undefined || isShared(target.id)) return [];
  const { storage } = decision.key;
  const isElsewhere = decision.oldStorage !== undefined && isMoved(decision.oldStorage, storage);
  const baseUrl = decision.named?.baseUrl ?? present.baseUrl;
  if (!isElsewhere && !holdsLiterally(target, storage) && baseUrl === present.baseUrl) return [];
  const sources = keySources({
    keyStorage: storage,
    own: machine.own,
    platform: machine.platform,
    baseUrl: decision.named?.baseUrl ?? config.baseUrl,
  });
  const { extras, ...rest } = present;
  return [{ id: target.id, carries: 'setup', remember: true, path: target.path, setup: { ...rest, ...sources, baseUrl }, extras }];
}
