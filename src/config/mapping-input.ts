import {
  ALIAS_IDS,
  aliasOf,
  DEFAULT_ALIASES,
  isWhole,
  REQUIRED_ALIASES,
  type AliasId,
  type DefaultAlias,
  type Mapping,
  USUAL_DEFAULT,
} from '../claude/aliases.ts';
import { OrccError, unknownWord } from '../core/errors.ts';
import { parseModelWord } from '../openrouter/model-id.ts';
import { findPreset, PRESET_NAMES } from '../claude/presets.ts';
import type { TeamFile } from './team-file.ts';

/** Parses an alias that can be the default. Throws exit 2 with the nearest valid ones. */
export function parseDefaultAlias(word: string): DefaultAlias {
  const found = DEFAULT_ALIASES.find((alias) => alias === word);
  if (found === undefined) throw unknownWord('default alias', word, DEFAULT_ALIASES);
  return found;
}

/** The mapping of a preset by name, from `shared` or orcc's own. Throws exit 2 with the nearest valid names. */
export function parsePreset(name: string, shared: TeamFile['presets'] = {}): Mapping {
  const team = Object.hasOwn(shared, name) ? shared[name] : undefined;
  if (team !== undefined) return { models: team.mapping, defaultAlias: team.defaultAlias };
  const preset = findPreset(name);
  if (preset === undefined) throw unknownWord('preset', name, [...Object.keys(shared), ...PRESET_NAMES]);
  return preset.mapping;
}

/** The alias of that name, in any case; undefined if there is none. */
export function parseAlias(word: string): AliasId | undefined {
  const name = word.toLowerCase();
  return ALIAS_IDS.find((each) => each === name);
}

/**
 * Parses `alias=model`, with the model as typed: `nameModels` later finds what a slug without an author means. Undefined if the word
 * has no `=`. Throws exit 2 for an unknown alias or a malformed id.
 */
export function parseAssignment(word: string): { readonly alias: AliasId; readonly model: string | undefined } | undefined {
  const at = word.indexOf('=');
  if (at < 0) return undefined;
  const name = word.slice(0, at);
  const alias = parseAlias(name);
  if (alias === undefined) throw unknownWord('alias', name, ALIAS_IDS);
  const value = word.slice(at + 1);
  if (value === '' && !aliasOf(alias).required) return { alias, model: undefined };
  if (value.trim() === '')
    throw new OrccError('usage', `\`${alias}=\` names no model`, { hint: '`orcc models` lists them; for example `z-ai/glm-4.7`' });
  return { alias, model: parseModelWord(value) };
}

/**
 * The mapping after a change. `base` is the present one, undefined for a first setup. An undefined model in `models` removes an
 * optional alias. Throws exit 2 if an alias that needs a model ends up without one.
 */
export function changeMapping(
  base: Mapping | undefined,
  models: Partial<Record<AliasId, string | undefined>>,
  defaultAlias: DefaultAlias | undefined,
): Mapping {
  const merged: Partial<Record<AliasId, string | undefined>> = { ...base?.models, ...models };
  const changed: Partial<Record<AliasId, string>> = {};
  for (const alias of ALIAS_IDS) {
    const model = merged[alias];
    if (model !== undefined) changed[alias] = model;
  }
  if (!isWhole(changed)) {
    const missing = REQUIRED_ALIASES.filter((alias) => merged[alias] === undefined);
    throw new OrccError('usage', `No model for ${missing.join(', ')}`, {
      hint: `Use \`--preset NAME\` (${PRESET_NAMES.join(', ')}) or ${missing.map((alias) => `\`--${alias} ID\``).join(' ')}`,
    });
  }
  return { models: changed, defaultAlias: defaultAlias ?? base?.defaultAlias ?? USUAL_DEFAULT };
}

/** Whether two mappings name the same models and the same default alias. */
export function sameMapping(a: Mapping, b: Mapping): boolean {
  return a.defaultAlias === b.defaultAlias && ALIAS_IDS.every((alias) => a.models[alias] === b.models[alias]);
}
