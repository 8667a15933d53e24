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
import { PRESETS, RECOMMENDED } from '../../claude/presets.ts';
import { stripControls } from '../../text/text.ts';
import { changeMapping, parsePreset, sameMapping } from '../../config/mapping-input.ts';
import type { InitIntent } from './intent.ts';
import type { Say } from '../../core/say.ts';

type Slice = Pick<Context, 'ask' | 'interactive' | 'clock'>;

/**
 * The mapping: from flags where they say enough, else a preset or alias by alias from a searchable list; then
 * the default alias. The present mapping is the default answer.
 */
export async function chooseMapping(
  ctx: Slice,
  intent: Pick<InitIntent, 'preset' | 'presetMapping' | 'models' | 'defaultAlias'>,
  present: Mapping | undefined,
  catalog: Catalog,
  say: Say,
): Promise<Mapping> {
  if (!ctx.interactive || intent.preset !== undefined || Object.keys(intent.models).length > 0) return fillMapping(intent, present);
  const chosen = await askMapping(ctx, present, catalog, say);
  const isPresent = present !== undefined && sameMapping({ ...chosen, defaultAlias: present.defaultAlias }, present);
  const defaultAlias = intent.defaultAlias ?? (await askDefault(ctx, isPresent ? present : chosen));
  return { ...chosen, defaultAlias };
}

/** The mapping from flags, over a preset or the present one. Throws exit 2 naming the flags where a model is missing. */
export function fillMapping(
  intent: Pick<InitIntent, 'preset' | 'presetMapping' | 'models' | 'defaultAlias'>,
  present: Mapping | undefined,
): Mapping {
  const base = intent.presetMapping ?? (intent.preset === undefined ? present : parsePreset(intent.preset));
  return changeMapping(base, intent.models, intent.defaultAlias);
}

async function askMapping(ctx: Slice, present: Mapping | undefined, catalog: Catalog, say: Say): Promise<Mapping> {
  const isPreset =
    present !== undefined && PRESETS.some((preset) => sameMapping({ ...preset.mapping, defaultAlias: present.defaultAlias }, present));
  const choices: Choice<string>[] = [
    ...(present === undefined || isPreset ? [] : [{ value: 'present', name: `keep: ${shortMapping(present)}` }]),
    ...PRESETS.map((preset) => ({
      value: preset.name,
      name: preset.recommended === true ? `${preset.title} (recommended)` : preset.title,
      description: `${pricesOf(preset.mapping, catalog)}\n${preset.note} (as of ${preset.asOf})`,
    })),
    { value: 'own', name: 'choose a model for each alias' },
  ];
  const initial = isPreset
    ? PRESETS.find((preset) => sameMapping({ ...preset.mapping, defaultAlias: present.defaultAlias }, present))?.name
    : present === undefined
      ? (RECOMMENDED ?? PRESETS[0])?.name
      : 'present';
  const answer = await ctx.ask.select('Which models?', choices, initial);
  if (answer === 'present' && present !== undefined) return present;
  if (answer !== 'own') return parsePreset(answer);
  return askEach(ctx, present, catalog, say);
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
    return `${alias.padEnd(6)}  ${mapping.models[alias]}  ${price}`;
  });
  return lines.join('\n');
}
