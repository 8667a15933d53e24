import {
  ALIASES,
  DEFAULT_ALIASES,
  REQUIRED_ALIASES,
  resolveAliases,
  type AliasId,
  type DefaultAlias,
  type Mapping,
} from '../../claude/aliases.ts';
import type { Choice, Context } from '../../core/context.ts';
import { describeModel, modelCells } from '../../openrouter/describe.ts';
import { describeStep } from '../../openrouter/price.ts';
import { filterModels } from '../../openrouter/search.ts';
import { judgeModel } from '../../openrouter/suitability.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { findPreset, PRESETS, RECOMMENDED } from '../../claude/presets.ts';
import type { Named, NamedSource } from '../../config/named-mapping.ts';
import { stripControls } from '../../text/text.ts';
import { changeMapping, parsePreset, sameMapping } from '../../config/mapping-input.ts';
import type { InitIntent } from './intent.ts';
import type { Say } from '../../core/say.ts';

type Slice = Pick<Context, 'ask' | 'interactive' | 'clock'>;

/** What can be chosen as a whole. */
export interface Offers {
  /** In use now. */
  readonly present: Mapping | undefined;
  /** What the repository's orcc.json asks for: the first answer. */
  readonly team: Mapping | undefined;
  /** Own profiles, the repository's presets, then orcc's. */
  readonly named: readonly Named[];
}

/** What was chosen, and under which name where it has one. */
export interface Chosen {
  readonly mapping: Mapping;
  readonly named?: Named;
}

/**
 * The mapping: from flags where they say enough, else a preset or alias by alias from a searchable list; then
 * the default alias. What the repository asks for is the default answer, else the present mapping.
 */
export async function chooseMapping(
  ctx: Slice,
  intent: Pick<InitIntent, 'preset' | 'presetMapping' | 'models' | 'defaultAlias'>,
  offers: Offers,
  catalog: Catalog,
  say: Say,
): Promise<Chosen> {
  const start = offers.team ?? offers.present;
  if (!ctx.interactive || intent.preset !== undefined || Object.keys(intent.models).length > 0)
    return { mapping: fillMapping(intent, start) };
  const { mapping, named } = await askMapping(ctx, offers, catalog, say);
  // A profile brings its own default alias along.
  const isPresent = start !== undefined && isSameModels(mapping, start) && (named === undefined || named.source === 'preset');
  const defaultAlias = intent.defaultAlias ?? (await askDefault(ctx, isPresent ? start : mapping));
  return { mapping: { ...mapping, defaultAlias }, ...(named === undefined ? {} : { named }) };
}

/** Whether two mappings differ in the default alias at most. */
function isSameModels(one: Mapping, other: Mapping): boolean {
  return sameMapping({ ...one, defaultAlias: other.defaultAlias }, other);
}

/** The mapping from flags, over a preset or the present one. Throws exit 2 naming the flags where a model is missing. */
export function fillMapping(
  intent: Pick<InitIntent, 'preset' | 'presetMapping' | 'models' | 'defaultAlias'>,
  present: Mapping | undefined,
): Mapping {
  const base = intent.presetMapping ?? (intent.preset === undefined ? present : parsePreset(intent.preset));
  return changeMapping(base, intent.models, intent.defaultAlias);
}

async function askMapping(ctx: Slice, { present, team, named }: Offers, catalog: Catalog, say: Say): Promise<Chosen> {
  const known = present === undefined ? undefined : named.find(({ mapping }) => isSameModels(mapping, present));
  const start = team ?? present;
  const choices: Choice<string>[] = [
    ...(team === undefined
      ? []
      : [{ value: 'team', name: `as orcc.json asks: ${shortMapping(team)}`, description: pricesOf(team, catalog) }]),
    ...(present === undefined || known !== undefined ? [] : [{ value: 'present', name: `keep: ${shortMapping(present)}` }]),
    ...named.map((each) => describeNamed(each, catalog)),
    { value: 'own', name: 'choose a model for each alias' },
  ];
  const kept = known === undefined ? 'present' : valueOf(known);
  const answer = await ctx.ask.select(
    'Which models?',
    choices,
    team !== undefined ? 'team' : present === undefined ? (RECOMMENDED ?? PRESETS[0])?.name : kept,
  );
  if (answer === 'team' && team !== undefined) return { mapping: team };
  if (answer === 'present' && present !== undefined) return { mapping: present };
  const chosen = named.find((each) => valueOf(each) === answer);
  return chosen === undefined ? { mapping: await askEach(ctx, start, catalog, say) } : { mapping: chosen.mapping, named: chosen };
}

const SOURCES: Readonly<Record<NamedSource, string>> = { profile: 'your profile', team: 'preset of orcc.json', preset: 'preset' };

/** A profile or a preset as a line of the list. */
function describeNamed(named: Named, catalog: Catalog): Choice<string> {
  const { name, source, mapping } = named;
  const preset = source === 'preset' ? findPreset(name) : undefined;
  const about = preset === undefined ? '' : `\n${preset.note} (as of ${preset.asOf})`;
  return {
    value: valueOf(named),
    name:
      preset === undefined
        ? `${name} (${SOURCES[source]}): ${shortMapping(mapping)}`
        : `${preset.title}${preset.recommended === true ? ' (recommended)' : ''}`,
    description: `${pricesOf(mapping, catalog)}${about}`,
  };
}

function valueOf({ name, source }: Named): string {
  return source === 'preset' ? name : `${source}:${name}`;
}

async function askEach(ctx: Slice, present: Mapping | undefined, catalog: Catalog, say: Say): Promise<Mapping> {
  say.line(
    say.style.dim('Type to search; id, window, price in/out per million tokens, tools. Unsuitable ones are dimmed with the reason.'),
  );
  const models: Partial<Record<AliasId, string | undefined>> = {};
  for (const { id, unset } of ALIASES) models[id] = await askModel(ctx, id, present?.models[id], catalog, unset, say);
  return changeMapping(undefined, models, present?.defaultAlias);
}

/** One alias. `unset` names the choice that leaves the alias out. */
export async function askModel(
  ctx: Slice,
  alias: AliasId,
  present: string | undefined,
  catalog: Catalog,
  unset: string | undefined,
  say: Say,
): Promise<string | undefined> {
  const now = ctx.clock.now();
  const NONE = '';
  const answer = await ctx.ask.search<string>(`Model for ${alias}:`, (term) => {
    const found = filterModels(catalog.models, term).filter((model) => !model.batch);
    const kept = term === '' && present !== undefined ? catalog.find(present) : undefined;
    const rows = (kept === undefined ? found : [kept, ...found.filter((model) => model !== kept)]).slice(0, 60);
    const list: Choice<string>[] = rows.map((model) => {
      const verdict = judgeModel(model, now);
      const line = describeModel(model);
      const notes = [...verdict.problems.map((problem) => problem.reason), describeStep(model)];
      const why = notes.filter((note) => note !== undefined).join('; ');
      return verdict.suitable
        ? { value: model.id, name: line, ...(why === '' ? {} : { description: why }) }
        : { value: model.id, name: say.style.dim(line), disabled: say.style.dim(`(${why})`) };
    });
    const first: Choice<string>[] = unset !== undefined && term === '' ? [{ value: NONE, name: unset }] : [];
    return [...first, ...list];
  });
  return answer === NONE ? undefined : answer;
}

async function askDefault(ctx: Slice, mapping: Mapping): Promise<DefaultAlias> {
  const models = new Map(resolveAliases(mapping.models).map(({ alias, model }) => [alias, model]));
  return ctx.ask.select<DefaultAlias>(
    'Which alias does Claude Code start with? (It outranks a saved /model pick.)',
    DEFAULT_ALIASES.flatMap((alias) => {
      const model = models.get(alias);
      return model === undefined ? [] : [{ value: alias, name: `${alias} -> ${model}` }];
    }),
    mapping.defaultAlias,
  );
}

/** `z-ai/glm-4.7, qwen/qwen3-coder-next, z-ai/glm-4.7-flash`. */
export function shortMapping(mapping: Mapping): string {
  return REQUIRED_ALIASES.map((alias) => stripControls(mapping.models[alias])).join(', ');
}

function pricesOf(mapping: Mapping, catalog: Catalog): string {
  const lines = REQUIRED_ALIASES.map((alias) => {
    const row = catalog.find(mapping.models[alias]);
    const cells = row === undefined ? undefined : modelCells(row);
    const price = cells === undefined ? 'price unknown' : `${cells.inPrice} in, ${cells.outPrice} out`;
    const barred = row?.barred === true ? ', not allowed for this key' : '';
    return `${alias.padEnd(6)}  ${mapping.models[alias]}  ${price}${barred}`;
  });
  return lines.join('\n');
}
