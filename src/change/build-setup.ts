import type { Mapping } from '../claude/aliases.ts';
import type { DerivedLimits } from '../claude/limits.ts';
import { buildVariables, EFFORT, type Label, type Variable } from '../claude/variables.ts';
import type { Config } from '../config/config.ts';
import type { OwnFiles } from '../core/folder.ts';
import { keychainAccount, keychainHelper } from '../config/keychain.ts';
import { helperCommand } from '../config/storage.ts';
import { type ModelFacts, basesOf } from '../openrouter/model-facts.ts';
import type { PresetBases } from '../openrouter/catalog.ts';
import type { Setup } from './desired.ts';
import { limitsOfFacts } from './limits-of-facts.ts';

export interface SetupInput {
  readonly mapping: Mapping;
  readonly baseUrl: string;
  readonly keyStorage: Config['keyStorage'];
  readonly limits: SetupLimits;
  /** The rows of Claude Code's model picker. */
  readonly labels: readonly Label[];
  /** The variables of the extras. */
  readonly extras?: readonly Variable[];
  readonly own: OwnFiles;
  readonly platform: NodeJS.Platform;
}

/** The limits of one setup, and the variables of a committed file if they differ. */
export interface SetupLimits extends DerivedLimits {
  readonly shared?: DerivedLimits['variables'];
  /** The models behind the account's presets, which the presets' limits come from. */
  readonly bases?: PresetBases;
}

/** A setup that leaves the limits out. */
export const NO_LIMITS: SetupLimits = { variables: [], modelSettings: [], warnings: [] };

/** The limits of a mapping for the places that it goes to: user settings can hold a window for each model, a committed file can't. Pure. */
export function limitsFor(
  how: Config['limits']['how'],
  mapping: Mapping,
  facts: readonly ModelFacts[],
  { hasUser, hasProject }: { readonly hasUser: boolean; readonly hasProject: boolean },
): SetupLimits {
  const bases = basesOf(facts);
  const about = bases === undefined ? {} : { bases };
  if (how === 'none') return { ...NO_LIMITS, ...about };
  const limits = limitsOfFacts(mapping, facts, hasUser);
  const isShared = hasProject && limits.modelSettings.length > 0;
  return { ...limits, ...about, ...(isShared ? { shared: limitsOfFacts(mapping, facts, false).variables } : {}) };
}

/** What one setup writes everywhere. Pure. */
export function buildSetup({ mapping, labels, limits, extras = [], ...rest }: SetupInput): Setup {
  return {
    baseUrl: rest.baseUrl,
    ...keySources(rest),
    variables: buildVariables({ mapping, labels, extras, limits: limits.variables }),
    // A variable is kept empty because a value was in the way on this machine; that of the effort also makes room for each model's own.
    sharedVariables: buildVariables({
      mapping,
      labels,
      extras: extras.filter(({ name, value }) => value !== '' || name === EFFORT),
      limits: limits.shared ?? limits.variables,
      priceless: true,
    }),
    modelSettings: limits.modelSettings,
  };
}

/** How shells and settings files get the key, by its storage (design D3). */
export function keySources(
  input: Pick<SetupInput, 'keyStorage' | 'own' | 'platform' | 'baseUrl'>,
): Pick<Setup, 'shellKey' | 'settingsKey'> {
  const { keyStorage, own, platform, baseUrl } = input;
  const settingsKey: Setup['settingsKey'] =
    keyStorage.kind === 'helper'
      ? { kind: 'helper', command: helperCommand(own.key, platform) }
      : keyStorage.kind === 'keychain'
        ? { kind: 'helper', command: keychainHelper(keyStorage.ref ?? keychainAccount(baseUrl), platform) }
        : keyStorage.kind === 'command'
          ? { kind: 'helper', command: keyStorage.ref ?? '' }
          : { kind: 'token' };
  return { shellKey: shellKey(input), settingsKey };
}

function shellKey({ keyStorage, own }: Pick<SetupInput, 'keyStorage' | 'own'>): Setup['shellKey'] {
  if (keyStorage.kind === 'env') return { kind: 'env', name: keyStorage.ref ?? '' };
  if (keyStorage.kind === 'profile') return { kind: 'literal' };
  if (keyStorage.kind === 'command') return { kind: 'command', command: keyStorage.ref ?? '' };
  return { kind: 'file', path: own.key };
}
