import {
  ALIASES,
  DEFAULT_ALIASES,
  REQUIRED_ALIASES,
  resolveAliases,
  type AliasId,
  type DefaultAlias,
  type Mapping,
} from '../../claude/aliases.ts';
import { findPreset, PRESETS, RECOMMENDED } from '../../claude/presets.ts';
import { changeMapping, parsePreset, sameMapping } from '../../config/mapping-input.ts';
import type { Extras } from '../../config/extras.ts';
import type { Named } from '../../config/named-mapping.ts';
import type { Choice, Context, Listed } from '../../core/context.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { stripControls } from '../../text/text.ts';
import type { InitIntent } from './intent.ts';
import { askModel } from './model-picker.ts';
import { describeNamed, headingOfNamed } from './named-rows.ts';

type Slice = Pick<Context, 'ask' | 'interactive' | 'clock' | 'stderr'>;

/** A mapping with its extras; without `extras` the present ones stay. */
export interface Chosen {
  readonly mapping: Mapping;
  readonly extras?: Extras;
}

/** The mappings that can be chosen as a whole. */
export interface Offers {
  /** The present mapping of the configuration; undefined at a first setup. */
  readonly present: Mapping | undefined;
  /** A mapping set up by hand, proposed at a first setup. */
  readonly byHand?: Mapping | undefined;
  /** What the repository's orcc.json asks for; the default answer. */
  readonly team: Mapping | undefined;
  /** The extras that it asks for. */
  readonly teamExtras?: Extras;
  /** Own profiles, the repository's presets, then orcc's. */
  readonly named: readonly Named[];
}

/**
 * The mapping: from flags, else a preset, or alias by alias from a searchable list. The default answer is what the repository asks
 * for, else the present mapping (also one set up by hand), else the recommended preset. Each brings its default alias along. Throws
 * as `fillMapping`.
 */
export async function chooseMapping(
  ctx: Slice,
  intent: Pick<InitIntent, 'preset' | 'presetMapping' | 'presetExtras' | 'models' | 'defaultAlias'>,
  offers: Offers,
  catalog: Catalog,
): Promise<Chosen> {
  const start = offers.team ?? offers.present;
  if (!ctx.interactive || intent.preset !== undefined || Object.keys(intent.models).length > 0) {
    const extras = intent.preset === undefined ? offers.team && offers.teamExtras : intent.presetExtras;
    return { mapping: fillMapping(intent, start), ...(extras === undefined ? {} : { extras }) };
  }
  const { mapping, ...rest } = await askMapping(ctx, offers, catalog);
  return { mapping: { ...mapping, defaultAlias: intent.defaultAlias ?? mapping.defaultAlias }, ...rest };
}

/** The mapping from flags, laid over a preset or the present one. Throws exit 2 with the missing flags if an alias has no model. */
export function fillMapping(
  intent: Pick<InitIntent, 'preset' | 'presetMapping' | 'models' | 'defaultAlias'>,
  present: Mapping | undefined,
): Mapping {
  const base = intent.presetMapping ?? (intent.preset === undefined ? present : parsePreset(intent.preset));
  return changeMapping(base, intent.models, intent.defaultAlias);
}

/** Asks for a mapping as a whole. */
export async function askMapping(
  ctx: Slice,
  { byHand, present = byHand, team, teamExtras, named }: Offers,
  catalog: Catalog,
): Promise<Chosen> {
  const known = present === undefined ? undefined : named.find(({ mapping }) => isSameModels(mapping, present));
  const choices: Listed<string>[] = [
    { heading: headingOfNamed() },
    ...(team === undefined ? [] : [{ value: 'team', name: `as orcc.json asks: ${shortMapping(team)}`, short: 'as orcc.json asks' }]),
    ...(present === undefined || known !== undefined
      ? []
      : [{ value: 'present', name: `as now: ${shortMapping(present)}`, short: 'as now' }]),
    ...named.map((each): Choice<string> => ({ ...describeNamed(each, catalog, each === known), value: valueOf(each) })),
    { value: 'own', name: 'choose for each alias' },
  ];
  const kept = known === undefined ? 'present' : valueOf(known);
  const initial = team !== undefined ? 'team' : present === undefined ? (RECOMMENDED ?? PRESETS[0])?.name : kept;
  const answer = await ctx.ask.select('Which models?', choices, initial);
  if (answer === 'team' && team !== undefined) return { mapping: team, extras: teamExtras ?? {} };
  if (answer === 'present' && present !== undefined) return { mapping: present };
  const chosen = named.find((each) => valueOf(each) === answer);
  if (chosen === undefined) return { mapping: await askEach(ctx, team ?? present, catalog) };
  // A preset's default alias counts only for a first choice; later, the default alias in use is the user's choice.
  if (chosen === known && chosen.source === 'preset' && present !== undefined) return { mapping: present };
  return { mapping: chosen.mapping, extras: chosen.extras ?? {} };
}

/** True if two mappings differ at most in the default alias. */
export function isSameModels(one: Mapping, other: Mapping): boolean {
  return sameMapping({ ...one, defaultAlias: other.defaultAlias }, other);
}

function valueOf({ name, source }: Named): string {
  return source === 'preset' ? name : `${source}:${name}`;
}

/** One question for each alias, with the present model preselected, or else the recommended preset's. */
async function askEach(ctx: Slice, present: Mapping | undefined, catalog: Catalog): Promise<Mapping> {
  const models: Partial<Record<AliasId, string | undefined>> = {};
  const suggested = findPreset(RECOMMENDED?.name ?? '')?.mapping;
  for (const { id } of ALIASES)
    models[id] = await askModel(ctx, id, { present: present?.models[id], suggested: suggested?.models[id] }, catalog);
  return changeMapping(undefined, models, present?.defaultAlias);
}

/** Asks which alias Claude Code starts with. */
export async function askDefault(ctx: Pick<Context, 'ask'>, mapping: Mapping): Promise<DefaultAlias> {
  const models = new Map(resolveAliases(mapping.models).map(({ alias, model }) => [alias, model]));
  return ctx.ask.select<DefaultAlias>(
    'Which alias should Claude Code start with? (It overrides a saved /model choice.)',
    DEFAULT_ALIASES.flatMap((alias) => {
      const model = models.get(alias);
      return model === undefined ? [] : [{ value: alias, name: `${alias.padEnd(6)}  ${stripControls(model)}`, short: alias }];
    }),
    mapping.defaultAlias,
  );
}

/** `opus z-ai/glm-5.3; sonnet, haiku z-ai/glm-4.7`: each model once, behind its aliases. */
export function shortMapping({ models }: Mapping): string {
  const each = [...new Set(REQUIRED_ALIASES.map((alias) => models[alias]))];
  return each
    .map((model) => `${REQUIRED_ALIASES.filter((alias) => models[alias] === model).join(', ')} ${stripControls(model)}`)
    .join('; ');
}
