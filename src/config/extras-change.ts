import { ALIAS_IDS, DEFAULT_ALIASES, resolveAliases, type AliasId, type Mapping } from '../claude/aliases.ts';
import { EFFORT_LEVELS } from '../claude/effort.ts';
import { OrccError, unknownWord } from '../core/errors.ts';
import { parseModelId, parseModelWord } from '../openrouter/model-id.ts';
import type { Routing } from '../openrouter/routing.ts';
import { parseAlias } from './mapping-input.ts';
import { extrasSchema, namedEfforts, MOST_FALLBACKS, type Extras } from './extras.ts';

/** The change to the extras that flags ask for. `null` removes a setting. */
export interface ExtrasChange {
  readonly routing?: { readonly reset: boolean; readonly drop: readonly (keyof Routing)[]; readonly set: Routing };
  readonly fallback?: readonly string[] | null;
  readonly pins?: { readonly add: readonly string[]; readonly drop: readonly string[] };
  /** By alias, or `all`; the level `default` removes the setting. */
  readonly effort?: Readonly<Record<string, string>>;
  readonly autoModeModel?: string | null;
}

/** Flags that `init` and `switch` share. Only `init` has `pin`; later pins are made with `orcc models pin`. */
interface ExtraFlags {
  readonly pin?: string | undefined;
  readonly fallback?: string | undefined;
  readonly effort?: string | undefined;
  readonly autoModeModel?: string | undefined;
}

/** Parses a model to pin: one that gets its own row in /model. Throws exit 2 for an alias, which already has a row. */
export function parsePin(word: string): string {
  if (parseAlias(word) !== undefined)
    throw new OrccError('usage', `\`${word}\` is an alias, and already has a row in /model`, {
      hint: 'Pass a model id: `orcc models QUERY` finds one',
    });
  return parseModelWord(word);
}

/** The change that the flags ask for; undefined if none is given. Throws exit 2 and lists what is valid. */
export function parseExtraFlags({ fallback, effort, autoModeModel, pin }: ExtraFlags): ExtrasChange | undefined {
  if ([fallback, effort, autoModeModel, pin].every((each) => each === undefined)) return undefined;
  return {
    ...(pin === undefined ? {} : { pins: { add: pin.split(',').map((word) => parsePin(word.trim())), drop: [] } }),
    ...(fallback === undefined ? {} : { fallback: parseFallback(fallback) }),
    ...(effort === undefined ? {} : { effort: parseEffort(effort) }),
    ...(autoModeModel === undefined ? {} : { autoModeModel: autoModeModel === 'none' ? null : parseModelWord(autoModeModel) }),
  };
}

/** A fallback: a model id, or an alias that a session can start with. */
function parseFallbackWord(word: string): string {
  if (DEFAULT_ALIASES.some((alias) => alias === word)) return word;
  return ALIAS_IDS.some((alias) => alias === word) ? parseModelId(word).id : parseModelWord(word);
}

function parseFallback(text: string): readonly string[] | null {
  if (text === 'none') return null;
  const words = text.split(',').map((word) => word.trim());
  const ids = words.map(parseFallbackWord);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new OrccError('usage', `\`--fallback\` names \`${twice}\` twice`);
  if (ids.length > MOST_FALLBACKS)
    throw new OrccError('usage', `Claude Code takes at most ${MOST_FALLBACKS} fallbacks, and \`--fallback\` names ${ids.length}`, {
      hint: 'It silently drops any others',
    });
  return ids;
}

/** Parses `high`, `unset` or `opus=high,haiku=low`. */
function parseEffort(text: string): Readonly<Record<string, string>> {
  const levels = text.split(',').map((word): [string, string] => {
    const at = word.indexOf('=');
    const [name, level] = at < 0 ? ['all', word.trim()] : [word.slice(0, at).trim(), word.slice(at + 1).trim()];
    if (name !== 'all' && !ALIAS_IDS.some((alias) => alias === name)) throw unknownWord('alias', name, ALIAS_IDS);
    const valid = [...EFFORT_LEVELS, 'default', ...(name === 'all' ? ['unset'] : [])];
    if (!valid.includes(level)) throw unknownWord(name === 'all' ? 'effort' : `effort for ${name}`, level, valid);
    return [name, level];
  });
  const twice = levels.find(([name], index) => levels.findIndex(([other]) => other === name) !== index);
  if (twice !== undefined)
    throw new OrccError('usage', `\`--effort\` names ${twice[0] === 'all' ? 'one for all' : `\`${twice[0]}\``} twice`);
  return Object.fromEntries(levels);
}

/** The extras after a change. Pure. */
export function changeExtras(extras: Extras, change: ExtrasChange): Extras {
  const { routing, fallback, pins, effort, autoModeModel } = extras;
  const next = {
    routing: change.routing === undefined ? routing : changeRouting(routing ?? {}, change.routing),
    fallback: change.fallback === undefined ? fallback : (change.fallback ?? undefined),
    pins:
      change.pins === undefined
        ? pins
        : [...new Set([...(pins ?? []), ...change.pins.add])].filter((id) => change.pins?.drop.includes(id) === false),
    effort: change.effort === undefined ? effort : changeEffort(effort, change.effort),
    autoModeModel: change.autoModeModel === undefined ? autoModeModel : (change.autoModeModel ?? undefined),
  };
  return Object.fromEntries(
    Object.entries(next).filter(([, value]) => value !== undefined && (typeof value !== 'object' || Object.keys(value).length > 0)),
  );
}

/** A level for all replaces those of single aliases. */
function changeEffort(effort: Extras['effort'], change: NonNullable<ExtrasChange['effort']>): Readonly<Record<string, string>> {
  const isForAll = (change['all'] ?? 'default') !== 'default';
  const joined: Readonly<Record<string, string>> = { ...(isForAll ? {} : effort), ...change };
  return Object.fromEntries(Object.entries(joined).filter(([, level]) => level !== 'default'));
}

/** `order` and `sort` replace each other, since OpenRouter accepts only one of them. */
function changeRouting(routing: Routing, { reset, drop, set }: NonNullable<ExtrasChange['routing']>): Routing {
  const kept = Object.entries(reset ? {} : routing).filter(
    ([rule]) =>
      !drop.some((each) => each === rule) && !(rule === 'sort' && set.order !== undefined) && !(rule === 'order' && set.sort !== undefined),
  );
  return { ...Object.fromEntries(kept), ...set };
}

/**
 * Throws exit 2 for extras that can't be meant: a fallback that is the default model or listed twice, two efforts for one model, one
 * beside `unset`, rules that exclude each other, more entries than the schema allows.
 */
export function checkExtras(extras: Extras, mapping: Mapping): void {
  const kept = extrasSchema.safeParse(extras);
  if (!kept.success)
    throw new OrccError('usage', `${kept.error.issues[0]?.message ?? "It can't be kept"} (${kept.error.issues[0]?.path.join('.') ?? ''})`);
  const models = new Map<string, string>(resolveAliases(mapping.models).map(({ alias, model }) => [alias, model]));
  checkFallback(extras.fallback ?? [], models, mapping.defaultAlias);
  const levels = new Map<string, { readonly alias: AliasId; readonly level: string }>();
  const [first] = namedEfforts(extras.effort);
  if (first !== undefined && extras.effort?.all === 'unset')
    throw new OrccError('usage', `An effort for \`${first.alias}\` has no effect while \`unset\` asks none of any model`, {
      hint: '`orcc switch --effort default` ends that',
    });
  for (const { alias, level } of namedEfforts(extras.effort)) {
    const model = models.get(alias);
    const other = model === undefined ? undefined : levels.get(model);
    if (other !== undefined && other.level !== level)
      throw new OrccError('usage', `\`${other.alias}\` and \`${alias}\` are the same model, which takes one effort`, {
        hint: `Use the same level for both, or map another model: \`${model ?? ''}\` is behind both`,
      });
    if (model !== undefined) levels.set(model, { alias, level });
  }
  if (extras.routing !== undefined) checkRouting(extras.routing);
}

function checkFallback(fallback: readonly string[], models: ReadonlyMap<string, string>, defaultAlias: string): void {
  const ids = fallback.map((each) => models.get(each) ?? each);
  const hint = '`--fallback` with a model of another provider (`orcc models` searches them), or `--fallback none`';
  const itself = fallback[ids.indexOf(models.get(defaultAlias) ?? '')];
  if (itself !== undefined)
    throw new OrccError('usage', `The fallback \`${itself}\` is the same model that it would replace (${defaultAlias})`, { hint });
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice >= 0)
    throw new OrccError(
      'usage',
      `The fallback \`${fallback[twice] ?? ''}\` is already listed: \`${ids[twice] ?? ''}\` can only be listed once`,
      {
        hint,
      },
    );
}

function checkRouting({ only, ignore, order, max_price: most }: Routing): void {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const both = ignore?.find((each) => only?.some((other) => same(each, other)) === true);
  if (both !== undefined) throw excluding(`\`--only\` and \`--ignore\` both name \`${both}\``);
  const never = order?.find((each) => ignore?.some((other) => same(each, other)) === true);
  if (never !== undefined) throw excluding(`\`--order\` names \`${never}\`, which \`--ignore\` excludes`);
  const outside = only === undefined ? undefined : order?.find((each) => !only.some((other) => same(each, other)));
  if (outside !== undefined) throw excluding(`\`--order\` names \`${outside}\`, which \`--only\` excludes`);
  if (most !== undefined && Object.keys(most).length === 0) throw excluding('`--max-price` contains no price');
}

function excluding(message: string): OrccError {
  return new OrccError('usage', message, { hint: '`orcc route` shows the rules; `--drop RULE` removes one, `--reset` removes all' });
}
