import type { AliasId } from './aliases.ts';
import { ALIASES } from './aliases.ts';

/** What an alias asks for where its variable is not set (Claude Code 2.1.330): ids that OpenRouter may refuse. */
export const BUILT_IN_MODELS: Readonly<Record<'opus' | 'sonnet' | 'haiku' | 'fable', string>> = {
  opus: 'claude-opus-5-5',
  sonnet: 'claude-sonnet-5-5',
  haiku: 'claude-haiku-5-5',
  fable: 'claude-fable-5-2',
};

/** A model name as Claude Code resolves it. */
export interface ResolvedModel {
  /** What is asked of the gateway; a `[1m]` tag never is. */
  readonly model: string;
  /** The alias it went through; absent for a full id. */
  readonly alias?: AliasId;
  /** The alias's variable is not set: the id is Claude Code's own. */
  readonly builtIn: boolean;
  /** It carries the million-token tag: the window is 1M, limits by variable are ignored and nothing is compacted. */
  readonly million: boolean;
}

/**
 * What Claude Code asks the gateway for when a model is named: aliases in any case, `best` as opus,
 * `opusplan` as sonnet (outside plan mode); anything else as it stands (measured on 2.1.330).
 * @param variable the value of an alias's variable; undefined or empty where unset
 */
export function resolveModel(named: string, variable: (name: string) => string | undefined): ResolvedModel {
  const trimmed = named.trim();
  const million = /\[1m\]$/i.test(trimmed);
  const bare = trimmed.replace(/\[1m\]$/i, '');
  const alias = aliasOf(bare.toLowerCase());
  if (alias === undefined) return { model: bare, builtIn: false, million };
  const row = ALIASES.find(({ id }) => id === alias);
  const mapped = row === undefined ? '' : (variable(row.variable) ?? '').trim();
  if (mapped === '') return { model: BUILT_IN_MODELS[alias], alias, builtIn: true, million };
  return { model: mapped.replace(/\[1m\]$/i, ''), alias, builtIn: false, million: million || /\[1m\]$/i.test(mapped) };
}

function aliasOf(name: string): 'opus' | 'sonnet' | 'haiku' | 'fable' | undefined {
  switch (name) {
    case 'opus':
    case 'sonnet':
    case 'haiku':
    case 'fable':
      return name;
    case 'best':
      return 'opus';
    case 'opusplan':
      return 'sonnet';
    default:
      return undefined;
  }
}
