import { aliasOf, DEFAULT_ALIASES, type AliasId, type DefaultAlias } from './aliases.ts';
import { compareVersions } from './version.ts';

/** The ids that aliases use if their variable is not set, by first version (measured on these). OpenRouter may refuse them. */
const BUILT_IN_MODELS: readonly (readonly [from: string, ids: Readonly<Partial<Record<DefaultAlias, string>>>])[] = [
  ['2.1.330', { opus: 'claude-opus-5-5', sonnet: 'claude-sonnet-5-5', haiku: 'claude-haiku-5-5', fable: 'claude-fable-5-2' }],
  ['2.1.300', { opus: 'claude-opus-5-5', sonnet: 'claude-sonnet-5-5', haiku: 'claude-haiku-5-5', fable: 'claude-fable-5-1' }],
  ['2.1.260', { opus: 'claude-opus-5', sonnet: 'claude-sonnet-5', haiku: 'claude-haiku-4-5', fable: 'claude-fable-5-1' }],
  ['0', { opus: 'claude-opus-4-8', sonnet: 'claude-sonnet-5', haiku: 'claude-haiku-4-5', fable: 'claude-fable-5' }],
];

function builtIn(alias: DefaultAlias, version: string | undefined): string {
  const ids = BUILT_IN_MODELS.find(([from]) => version === undefined || compareVersions(version, from) >= 0)?.[1];
  // Older versions send an alias that they don't know unchanged.
  return (maps(version, alias) ? ids?.[alias] : undefined) ?? alias;
}

/** Whether this version of Claude Code supports mapping an alias; undefined counts as the newest. */
export function maps(version: string | undefined, alias: AliasId): boolean {
  const { since } = aliasOf(alias);
  return since === undefined || !isBelow(version, since);
}

/** Whether a version of Claude Code is older than `first`; false if it is not known. */
export function isBelow(version: string | undefined, first: string): boolean {
  return version !== undefined && compareVersions(version, first) < 0;
}

/** What Claude Code resolves a model name to. */
export interface ResolvedModel {
  /** The id that is sent to the gateway, never with a `[1m]` tag. */
  readonly model: string;
  /** The alias that it was resolved through; absent for a full id. */
  readonly alias?: AliasId;
  /** True if the alias's variable is not set, so that the id is Claude Code's own. */
  readonly builtIn: boolean;
  /** True with the million-token tag: the window is 1M, limits set by variables are ignored and nothing is compacted. */
  readonly million: boolean;
}

/**
 * The model that Claude Code asks the gateway for by a name: aliases in any case, `best` as opus (or fable, see `bestOf`),
 * `opusplan` as sonnet (outside plan mode); anything else unchanged (measured on 2.1.212, .260, .300 and .330).
 * @param variable returns the value of a variable; undefined or empty if unset
 * @param version of Claude Code; undefined counts as the newest
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

/** Up to 2.1.315, `best` is fable if that is mapped, and from 2.1.280 in any case; from 2.1.321 on it is opus (measured). */
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
