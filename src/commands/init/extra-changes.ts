import { resolveAliases, type AliasId } from '../../claude/aliases.ts';
import { AUTO_MODE_EXPLANATION } from '../../claude/auto-mode.ts';
import { EFFORT_LEVELS } from '../../claude/effort.ts';
import { changeKept } from '../../change/settle-extras.ts';
import { extrasOf } from '../../config/config.ts';
import { describeExtras } from '../../config/describe-extras.ts';
import type { ExtrasChange } from '../../config/extras-change.ts';
import type { ExtraName, Extras } from '../../config/extras.ts';
import type { Choice, Context } from '../../core/context.ts';
import type { Routing } from '../../openrouter/routing.ts';
import { stripControls } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';
import { lookUpModels } from './answers.ts';
import type { Ground, Answers, Models, Deciding } from './types.ts';
import { askFromCatalog } from './model-picker.ts';

/** The extras in the list of "Change something". */
export const EXTRA_CHANGES: readonly ChangeRow[] = [
  {
    id: 'auto-mode',
    title: 'auto mode',
    now: ({ autoMode, models }) => describeOne(models, 'autoModeModel') ?? (autoMode === 'off' ? 'off' : 'on'),
    change: async (answers, slice) => changeAutoMode(answers, slice),
  },
  {
    id: 'routing',
    title: 'routing',
    now: ({ models }) => describeOne(models, 'routing') ?? 'no rules',
    change: async (answers, slice) => withBeside(answers, slice, { routing: await askRouting(slice.ctx, extrasOf(answers.models.beside)) }),
  },
  {
    id: 'fallback',
    title: 'fallback',
    now: ({ models }) => describeOne(models, 'fallback') ?? 'none',
    change: async (answers, slice) => {
      const fallback = await askFallback(slice.ctx, answers.models);
      return fallback === undefined ? answers : withBeside(answers, slice, { fallback });
    },
  },
  {
    id: 'pins',
    title: 'rows in /model',
    now: ({ models }) => describeOne(models, 'pins') ?? 'the aliases alone',
    change: async (answers, slice) => {
      const pins = await askPins(slice.ctx, answers.models);
      return pins === undefined ? answers : withBeside(answers, slice, { pins });
    },
  },
  {
    id: 'effort',
    title: 'effort',
    now: ({ models }) => describeOne(models, 'effort') ?? "Claude Code's own",
    change: async (answers, slice) => withBeside(answers, slice, { effort: await askEffort(slice.ctx, answers.models) }),
  },
];

function describeOne({ beside }: Models, id: ExtraName): string | undefined {
  return describeExtras(extrasOf(beside)).find((line) => line.id === id)?.value;
}

/** The answers with changed extras, checked as those of flags are. Throws exit 2 for an extra that can't be used. */
async function withBeside(answers: Answers, { ctx, intent, say }: ChangeSlice, change: ExtrasChange): Promise<Answers> {
  const { models, chosen } = answers;
  const { mapping, beside, catalog } = models;
  const wanted = { mapping, beside: changeKept(beside, change, undefined), before: extrasOf(beside) };
  return { ...answers, models: await lookUpModels(ctx, intent, wanted, chosen.endpoint, catalog, say) };
}

async function changeAutoMode(answers: Answers, slice: ChangeSlice): Promise<Answers> {
  const { ctx, say } = slice;
  const { autoModeModel } = extrasOf(answers.models.beside);
  for (const line of AUTO_MODE_EXPLANATION) say.line(say.style.dim(wrap(line, say.style.width)));
  const answer = await ctx.ask.select(
    'Auto mode?',
    [
      { value: 'off', name: 'off in user settings: Claude Code asks you', short: 'off' },
      { value: 'kept', name: 'on: nothing answers its check', short: 'on' },
      {
        value: 'model',
        name: 'a model answers its check (experimental; about 144 KB each)',
        short: 'a model answers',
      },
    ],
    autoModeModel === undefined ? answers.autoMode : 'model',
  );
  const model =
    answer === 'model'
      ? await askFromCatalog(ctx, "Model that answers auto mode's check:", { present: autoModeModel }, answers.models.catalog)
      : undefined;
  const changed = model === autoModeModel ? answers : await withBeside(answers, slice, { autoModeModel: model ?? null });
  return { ...changed, autoMode: answer === 'off' ? 'off' : 'kept' };
}

/** Asks for the privacy rules that most people want; `orcc route` sets all others, which stay as they are. */
async function askRouting(ctx: Pick<Context, 'ask'>, { routing }: Extras): Promise<NonNullable<ExtrasChange['routing']>> {
  const now = routing?.zdr === true ? 'zdr' : routing?.data_collection === 'deny' ? 'training' : 'any';
  const answer = await ctx.ask.select(
    'Which providers may answer? (`orcc route` has more rules)',
    [
      { value: 'any', name: 'any', short: 'any' },
      { value: 'training', name: 'only those that do not collect prompts or train on them', short: 'no training' },
      { value: 'zdr', name: 'only those that keep no prompts (zero data retention)', short: 'zero data retention' },
    ],
    now,
  );
  const set: Routing = { ...(answer === 'zdr' ? { zdr: true } : {}), ...(answer === 'any' ? {} : { data_collection: 'deny' }) };
  return { reset: false, drop: ['zdr', 'data_collection'], set };
}

/** Asks for a fallback model; null for none, undefined to leave it as it is. */
async function askFallback(
  ctx: Pick<Context, 'ask' | 'clock' | 'stderr'>,
  { mapping, beside, catalog }: Models,
): Promise<string[] | null | undefined> {
  const { fallback = [] } = extrasOf(beside);
  const aliases = resolveAliases(mapping.models);
  const main = aliases.find(({ alias }) => alias === mapping.defaultAlias)?.model;
  const others = aliases.filter(
    ({ alias, model }, index) =>
      model !== main && aliases.findIndex((each) => each.model === model) === index && alias !== mapping.defaultAlias,
  );
  const choices: Choice<string>[] = [
    ...(fallback.length === 0 ? [] : [{ value: 'now', name: `as now: ${stripControls(fallback.join(', then '))}`, short: 'as now' }]),
    { value: 'none', name: 'no other model', short: 'none' },
    ...others.map(({ alias, model }) => ({ value: `alias:${alias}`, name: `${alias.padEnd(9)} ${stripControls(model)}`, short: alias })),
    { value: 'other', name: 'another model…', short: 'another model' },
  ];
  const answer = await ctx.ask.select(
    'Which model answers when the first one has no provider? (`orcc switch --fallback` takes up to 3)',
    choices,
    fallback.length === 0 ? 'none' : 'now',
  );
  if (answer === 'now') return undefined;
  if (answer === 'none') return null;
  if (answer.startsWith('alias:')) return [answer.slice('alias:'.length)];
  const model = await askFromCatalog(ctx, 'Fallback model:', { present: undefined }, catalog);
  return model === undefined ? undefined : [model];
}

/** Asks which row of /model to add or remove; undefined to leave them as they are. */
async function askPins(ctx: Pick<Context, 'ask' | 'clock' | 'stderr'>, { beside, catalog }: Models): Promise<ExtrasChange['pins']> {
  const { pins = [] } = extrasOf(beside);
  const answer = await ctx.ask.select("More rows in Claude Code's /model?", [
    { value: '', name: 'as now', short: 'as now' },
    { value: 'add', name: 'one more…', short: 'one more' },
    ...pins.map((id) => ({ value: id, name: `without ${stripControls(id)}`, short: `without ${stripControls(id)}` })),
  ]);
  if (answer === '') return undefined;
  if (answer !== 'add') return { add: [], drop: [answer] };
  const model = await askFromCatalog(ctx, 'Model for a row of its own:', { present: undefined }, catalog);
  return model === undefined ? undefined : { add: [model], drop: [] };
}

/** Asks for one effort level for all aliases, or for one; the others stay. */
async function askEffort(ctx: Pick<Context, 'ask'>, { mapping, beside }: Models): Promise<NonNullable<ExtrasChange['effort']>> {
  const { effort = {} } = extrasOf(beside);
  const aliases = resolveAliases(mapping.models);
  const levels = EFFORT_LEVELS.map((level): Choice<string> => ({ value: level, name: level, short: level }));
  const unset = "Claude Code's default";
  const all = await ctx.ask.select<string>(
    'How hard should the models think?',
    [
      { value: 'default', name: unset, short: 'by itself' },
      ...levels,
      { value: 'unset', name: 'unset: no effort is requested, for providers that refuse it', short: 'unset' },
      { value: 'one', name: 'for one alias…', short: 'for one alias' },
    ],
    effort.all ?? 'default',
  );
  if (all !== 'one') return { ...(all === 'default' ? Object.fromEntries(Object.keys(effort).map((name) => [name, 'default'])) : {}), all };
  const alias = await ctx.ask.select<AliasId>(
    'For which alias?',
    aliases.map(({ alias: id, model }) => ({ value: id, name: `${id.padEnd(9)} ${stripControls(model)}`, short: id })),
  );
  const level = await ctx.ask.select<string>(
    `How hard should ${alias} think?`,
    [{ value: 'default', name: unset, short: 'by itself' }, ...levels],
    effort[alias] ?? 'default',
  );
  return { [alias]: level };
}

/** What a change of one answer is based on. */
export interface ChangeSlice extends Omit<Deciding, 'agree'> {
  readonly ctx: Context;
}

/** One thing that can be changed from the recap. */
export interface ChangeRow {
  readonly id: string;
  readonly title: string;
  /** Its present value, in a few words. */
  readonly now: (answers: Answers, ground: Ground) => string;
  /** Asks, and returns the answers with this one changed. Throws if the change is impossible. */
  readonly change: (answers: Answers, slice: ChangeSlice) => Promise<Answers>;
}
