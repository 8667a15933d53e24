import type { Mapping } from '../claude/aliases.ts';
import type { DerivedLimits } from '../claude/limits.ts';
import { buildVariables, type Label } from '../claude/variables.ts';
import type { Config } from '../config/config.ts';
import type { OwnFiles } from '../core/folder.ts';
import { keychainAccount, keychainHelper } from '../config/keychain/keychain.ts';
import { helperCommand } from '../config/storage.ts';
import type { ModelFacts } from '../openrouter/model-facts.ts';
import type { Setup } from './desired.ts';
import type { KeySource } from '../edit/shell/types.ts';
import { limitsOfFacts } from './limits-of-facts.ts';

export interface SetupInput {
  readonly mapping: Mapping;
  readonly baseUrl: string;
  readonly keyStorage: Config['keyStorage'];
  /** The key; may be unknown where no target holds it literally (`env:NAME`, `helper`). */
  readonly key: string | undefined;
  readonly facts: readonly ModelFacts[];
  /** The rows of Claude Code's picker. */
  readonly labels: readonly Label[];
  /** User settings are a target: they can hold per-model windows. */
  readonly userTarget: boolean;
  readonly limits: 'derived' | 'none';
  readonly own: OwnFiles;
  readonly platform: NodeJS.Platform;
}

/** What one set-up writes everywhere, and the reasons for its limits. Pure. */
export function buildSetup(input: SetupInput): { readonly setup: Setup; readonly limits: DerivedLimits } {
  const derive = (userTarget: boolean): DerivedLimits =>
    input.limits === 'none' ? { variables: [], modelSettings: [], warnings: [] } : limitsOfFacts(input.mapping, input.facts, userTarget);
  const { mapping, labels } = input;
  const limits = derive(input.userTarget);
  return {
    limits,
    setup: {
      baseUrl: input.baseUrl,
      ...keySources(input),
      variables: buildVariables({ mapping, labels, limits: limits.variables }),
      sharedVariables: buildVariables({ mapping, labels, limits: derive(false).variables, priceless: true }),
      modelSettings: limits.modelSettings,
    },
  };
}

/** How shells and settings files get the key, by its storage (design D3). */
export function keySources(
  input: Pick<SetupInput, 'keyStorage' | 'own' | 'key' | 'platform' | 'baseUrl'>,
): Pick<Setup, 'shellKey' | 'settingsKey'> {
  const { keyStorage, key, own, platform, baseUrl } = input;
  const settingsKey: Setup['settingsKey'] =
    keyStorage.kind === 'helper'
      ? { kind: 'helper', command: helperCommand(own.key, platform) }
      : keyStorage.kind === 'keychain'
        ? { kind: 'helper', command: keychainHelper(keyStorage.ref ?? keychainAccount(baseUrl), platform) }
        : { kind: 'token', value: key ?? '' };
  return { shellKey: shellKey(input), settingsKey };
}

function shellKey({ keyStorage, own, key }: Pick<SetupInput, 'keyStorage' | 'own' | 'key'>): KeySource {
  if (keyStorage.kind === 'env') return { kind: 'env', name: keyStorage.ref ?? '' };
  if (keyStorage.kind === 'profile') return { kind: 'literal', value: key ?? '' };
  return { kind: 'file', path: own.key };
}
