import { aliasOf, DEFAULT_ALIASES, type AliasId, type DefaultAlias } from './aliases.ts';
import { compareVersions } from './version.ts';

/** What an alias asks for where its variable is not set, from which version on: ids that OpenRouter may refuse (measured at these versions). */
const BUILT_IN_MODELS: readonly (readonly [from: string, ids: Readonly<Partial<Record<DefaultAlias, string>>>])[] = [
  ['2.1.330', { opus: 'claude-opus-5-5', sonnet: 'claude-sonnet-5-5', haiku: 'claude-haiku-5-5', fable: 'claude-fable-5-2' }],
  ['2.1.300', { opus: 'claude-opus-5-5', sonnet: 'claude-sonnet-5-5', haiku: 'claude-haiku-5-5', fable: 'claude-fable-5-1' }],
  ['2.1.260', { opus: 'claude-opus-5', sonnet: 'claude-sonnet-5', haiku: 'claude-haiku-4-5', fable: 'claude-fable-5-1' }],
  ['0', { opus: 'claude-opus-4-8', sonnet: 'claude-sonnet-5', haiku: 'claude-haiku-4-5', fable: 'claude-fable-5' }],
];

function builtIn(alias: DefaultAlias, version: string | undefined): string {
  const ids = BUILT_IN_MODELS.find(([from]) => version === undefined || compareVersions(version, from) >= 0)?.[1];
  // Older ones pass it on as it stands.
  return (maps(version, alias) ? ids?.[alias] : undefined) ?? alias;
}

/** Whether this version of Claude Code maps an alias; undefined is taken for a new one. */
export function maps(version: string | undefined, alias: AliasId): boolean {
  const { since } = aliasOf(alias);
  return since === undefined || !isBelow(version, since);
}

/** Whether a version of Claude Code is known, and older than this one. */
export function isBelow(version: string | undefined, first: string): boolean {
  return version !== undefined && compareVersions(version, first) < 0;
}

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
 * `opusplan` as sonnet (outside plan mode); anything else as it stands (measured on 2.1.212, .260, .300 and .330).
 * @param variable the value of an alias's variable; undefined or empty where unset
 * @param version of Claude Code; undefined is taken for a new one
 */
export function resolveModel(named: string, variable: (name: string) => string | undefined, version?: string): ResolvedModel {
  const trimmed = named.trim();
  const million = /\[1m\]$/i.test(trimmed);
  const bare = trimmed.replace(/\[1m\]$/i, '');
  const mappedTo = (each: DefaultAlias): string => (variable(aliasOf(each).variable) ?? '').trim();
  const alias = aliasNamed(bare.toLowerCase(), () => bestOf(mappedTo('fable') !== '', version));
  if (alias === undefined) return { model: bare, builtIn: false, million };
  const mapped = maps(version, alias) ? mappedTo(alias) : '';
  if (mapped === '') return { model: builtIn(alias, version), alias, builtIn: true, million };
  return { model: mapped.replace(/\[1m\]$/i, ''), alias, builtIn: false, million: million || /\[1m\]$/i.test(mapped) };
}

/** Until 2.1.315 `best` is fable where that is mapped, and from 2.1.280 in any case (measured). */
function bestOf(isFableMapped: boolean, version: string | undefined): DefaultAlias {
  return isBelow(version, '2.1.321') && (isFableMapped || !isBelow(version, '2.1.280')) ? 'fable' : 'opus';
}

function aliasNamed(name: string, best: () => DefaultAlias): DefaultAlias | undefined {
  switch (name) {
    case 'best':
      return best();
    case 'opusplan':
      return 'sonnet';
    default:
      return DEFAULT_ALIASES.find((alias) => alias === name);
  }
}
