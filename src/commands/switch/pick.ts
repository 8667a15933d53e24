import { ALIASES, resolveAliases, type AliasId, type Mapping } from '../../claude/aliases.ts';
import { changeMapping } from '../../config/mapping-input.ts';
import type { Named } from '../../config/named-mapping.ts';
import type { Choice, Context, Listed } from '../../core/context.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { stripControls } from '../../text/text.ts';
import { isSameModels, shortMapping, type Offers } from '../init/mapping-step.ts';
import { askModel } from '../init/model-picker.ts';
import { describeNamed, headingOfNamed, NAME_CELLS, rangeCells } from '../init/named-rows.ts';

/** What was picked: a mapping, with its name if it has one; back to Anthropic (`native`), or from there back to OpenRouter (`back`). */
type Picked =
  { readonly kind: 'mapping'; readonly mapping: Mapping; readonly named?: Named } | { readonly kind: 'native' } | { readonly kind: 'back' };

/** Values of the rows that are neither a named mapping nor an alias. */
const NOW = 'now';
const TEAM = 'team';
const NATIVE = 'native';

/**
 * Asks what to switch to: the present mapping, own profiles, the repository's presets, orcc's, a single alias (whose model is asked
 * for next), or Anthropic. `isNative`: whether Claude Code is on Anthropic at present; undefined if only this folder changes.
 */
export async function pickSwitch(
  ctx: Pick<Context, 'ask' | 'clock' | 'stderr'>,
  offers: Offers & { readonly present: Mapping },
  isNative: boolean | undefined,
  catalog: Catalog,
): Promise<Picked> {
  const { present, team, named } = offers;
  const answer = await ctx.ask.select('Switch to what?', listRows(offers, isNative, catalog), team === undefined ? NOW : TEAM);
  if (answer === NATIVE) return { kind: 'native' };
  if (answer === NOW) return isNative === true ? { kind: 'back' } : { kind: 'mapping', mapping: present };
  if (answer === TEAM && team !== undefined) return { kind: 'mapping', mapping: team };
  const chosen = named.find((each) => valueOf(each) === answer);
  if (chosen !== undefined) return { kind: 'mapping', mapping: chosen.mapping, named: chosen };
  const alias = ALIASES.find(({ id }) => id === answer)?.id ?? 'haiku';
  return { kind: 'mapping', mapping: await pickModel(ctx, alias, present, catalog) };
}

/** Asks for another model for one alias, and returns the present mapping with it. */
export async function pickModel(
  ctx: Pick<Context, 'ask' | 'clock' | 'stderr'>,
  alias: AliasId,
  present: Mapping,
  catalog: Catalog,
): Promise<Mapping> {
  return changeMapping(present, { [alias]: await askModel(ctx, alias, { present: present.models[alias] }, catalog) }, undefined);
}

function listRows(
  { present, team, named }: Offers & { readonly present: Mapping },
  isNative: boolean | undefined,
  catalog: Catalog,
): readonly Listed<string>[] {
  const known = named.find(({ mapping, otherKey }) => otherKey === undefined && isSameModels(mapping, present));
  const models = new Map(resolveAliases(present.models).map(({ alias, model }) => [alias, model]));
  const own = (isNative === true ? 'back to OpenRouter' : 'own choice (now)').padEnd(NAME_CELLS);
  const now: Choice<string> = {
    ...(known === undefined || isNative === true
      ? { name: `${own}  ${rangeCells(present, catalog)}`, description: shortMapping(present) }
      : describeNamed(known, catalog, true)),
    value: NOW,
    short: isNative === true ? 'back to OpenRouter' : 'as now',
  };
  return [
    { heading: headingOfNamed() },
    now,
    ...(team === undefined ? [] : [{ value: TEAM, name: `as orcc.json asks: ${shortMapping(team)}`, short: 'as orcc.json asks' }]),
    ...named
      .filter((each) => each !== known)
      .map((each): Choice<string> => ({ ...describeNamed(each, catalog, false), value: valueOf(each) })),
    { heading: 'one alias…' },
    ...ALIASES.map(({ id, purpose, unset }): Choice<string> => ({
      value: id,
      name: `${id.padEnd(NAME_CELLS)}  ${stripControls(models.get(id) ?? unset ?? '')}`,
      short: id,
      description: purpose,
    })),
    ...(isNative === false
      ? [{ heading: '' }, { value: NATIVE, name: 'back to Anthropic', description: 'keeps the key and the mapping' }]
      : []),
  ];
}

function valueOf({ name, source }: Named): string {
  return `${source}:${name}`;
}
