import { ALIAS_TABLE, type AliasRow } from './alias-table.ts';

type Row = (typeof ALIAS_TABLE)[number];
export type AliasId = Row['id'];
/** Aliases for which every mapping names a model. */
type RequiredAlias = Extract<Row, { readonly required: true }>['id'];
/** Aliases that can be the default (ANTHROPIC_MODEL). */
export type DefaultAlias = Extract<Row, { readonly selectable: true }>['id'];

interface Alias extends AliasRow {
  readonly id: AliasId;
  readonly follows?: AliasId;
}

export const ALIASES: readonly Alias[] = ALIAS_TABLE;
export const ALIAS_IDS: readonly AliasId[] = ALIASES.map(({ id }) => id);
export const REQUIRED_ALIASES: readonly RequiredAlias[] = ALIAS_TABLE.flatMap((row) => (row.required ? [row.id] : []));
export const DEFAULT_ALIASES: readonly DefaultAlias[] = ALIAS_TABLE.flatMap((row) => (row.selectable ? [row.id] : []));

/** The alias that Claude Code starts with where neither the user nor a preset, a file or an earlier setup names one. */
export const USUAL_DEFAULT: DefaultAlias = 'sonnet';

/** Alias -> OpenRouter model id. An absent `fable` follows opus, an absent `subagent` means inherit. */
export type AliasModels = Readonly<Record<RequiredAlias, string>> & Readonly<Partial<Record<AliasId, string>>>;

/** A model that Claude Code may ask for although no alias maps to it. */
export interface FurtherModel {
  readonly model: string;
  readonly as: 'fallback' | 'pin' | 'auto mode';
}

/** What makes Claude Code use a model. */
export type UseName = AliasId | FurtherModel['as'];

/** A mapping: the models, and the alias that Claude Code starts with. */
export interface Mapping {
  readonly models: AliasModels;
  readonly defaultAlias: DefaultAlias;
  /** Models named by extras (`EXTRAS`): they count for limits, tools and images as the mapped ones do. */
  readonly further?: readonly FurtherModel[];
}

/** The row of an alias. Throws only for a bug. */
export function aliasOf(id: AliasId): Alias {
  const found = ALIASES.find((row) => row.id === id);
  if (found === undefined) throw new Error(`no alias ${id}`);
  return found;
}

/** Whether every required alias has a model. */
export function isWhole(models: Readonly<Partial<Record<AliasId, string>>>): models is AliasModels {
  return REQUIRED_ALIASES.every((alias) => models[alias] !== undefined);
}

/** Whether an alias or other use serves whole conversations, not only short helper calls, with this default alias. */
export function servesSessions(alias: UseName, defaultAlias: AliasId | undefined): boolean {
  if (alias === 'auto mode') return false;
  if (alias === 'fallback' || alias === 'pin') return true;
  return aliasOf(alias).helper !== true || alias === defaultAlias;
}

/** Every alias that has a model, its own or that of the alias it follows. */
export function resolveAliases(models: AliasModels): ReadonlyArray<{ readonly alias: AliasId; readonly model: string }> {
  return ALIASES.flatMap(({ id, follows }) => {
    const model = models[id] ?? (follows === undefined ? undefined : models[follows]);
    return model === undefined ? [] : [{ alias: id, model }];
  });
}

/** Members for a schema, one for each alias: `required` for the required ones, `optional` for the rest. */
export function aliasMembers<R, O>(required: R, optional: O): { readonly [id in AliasId]: id extends RequiredAlias ? R : O };
export function aliasMembers(required: unknown, optional: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(ALIASES.map((row) => [row.id, row.required ? required : optional]));
}

/** A mapped model with all its uses: aliases, then `fallback`, `pin` and `auto mode`. */
export interface MappedModel {
  readonly model: string;
  readonly aliases: readonly [UseName, ...UseName[]];
}

/**
 * The distinct models that a mapping can make Claude Code ask for, in the order of the aliases, then those of the extras. Output caps,
 * windows, deferred tools and images are all decided from this set.
 */
export function mappedModels(mapping: Mapping): readonly MappedModel[] {
  const byModel = new Map<string, [UseName, ...UseName[]]>();
  const further = (mapping.further ?? []).map(({ model, as }) => ({ alias: as, model }));
  for (const { alias, model } of [...resolveAliases(mapping.models), ...further]) {
    const aliases = byModel.get(model);
    if (aliases === undefined) byModel.set(model, [alias]);
    else aliases.push(alias);
  }
  return [...byModel].map(([model, aliases]) => ({ model, aliases }));
}

/** Sorts uses in the order of the aliases; all others come last. */
export function inAliasOrder(names: readonly UseName[]): readonly UseName[] {
  const place = (name: UseName): number => {
    const at = ALIAS_IDS.findIndex((id) => id === name);
    return at < 0 ? ALIAS_IDS.length : at;
  };
  return names.toSorted((one, other) => place(one) - place(other));
}

/**
 * Whether an id is certainly one of Anthropic's models, the only ones that accept deferred tools on OpenRouter. True for
 * `~anthropic/…-latest`, since OpenRouter's aliases keep their author (all 12 of August 2026), and for `anthropic/…@preset/…`; false
 * for a preset alone, or anything else whose author is unknown.
 */
export function isAnthropicModel(id: string): boolean {
  return /^~?anthropic\/[^/@]/.test(id.trim().toLowerCase());
}
