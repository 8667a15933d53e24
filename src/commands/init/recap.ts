import { resolveAliases, type Mapping, isAnthropicModel } from '../../claude/aliases.ts';
import { findAutoModeOff } from '../../claude/auto-mode.ts';
import { FALLBACK_NOTE } from '../../claude/fallback.ts';
import { usableWindow } from '../../claude/compaction.ts';
import { MAX_CONTEXT, MAX_OUTPUT } from '../../claude/variables.ts';
import { extrasOf } from '../../config/config.ts';
import { describeExtras } from '../../config/describe-extras.ts';
import type { SetupLimits } from '../../change/build-setup.ts';
import { describeFiles, visibleEdits } from '../../change/visible-edits.ts';
import type { Planned } from '../../change/types.ts';
import type { Choice, Context } from '../../core/context.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import type { CatalogModel } from '../../openrouter/catalog-model.ts';
import { modelCells } from '../../openrouter/describe.ts';
import { targetOf } from '../../targets/index.ts';
import { priceOfModel } from '../../openrouter/read-price.ts';
import { describeEstimate, estimateCost } from '../../probe/cost.ts';
import { formatTokens } from '../../text/format.ts';
import type { Style } from '../../text/style.ts';
import { renderIfFitting, right } from '../../text/table.ts';
import { stripControls, shortenPaths, shortPath } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';
import type { InitDecision } from './decide.ts';
import type { Ground, Answers } from './types.ts';
import type { InitIntent } from './intent.ts';
import type { OtherPlace } from './target-step.ts';

/** What the recap is made from. */
export interface Recap {
  readonly answers: Answers;
  readonly decision: InitDecision;
  readonly ground: Ground;
  readonly planned: Planned;
}

/** The fewest calls that a working session takes. */
const ONE_SESSION = 100;

type Row = readonly [title: string, text: string];

/** Everything that is about to be written, and what it means, on one screen. */
export function renderRecap(ctx: Pick<Context, 'home'>, recap: Recap, intent: Pick<InitIntent, 'test' | 'quick'>, style: Style): string {
  const { answers, decision, planned } = recap;
  const { mapping, catalog } = answers.models;
  return [
    '',
    renderMapping(mapping, catalog, decision.limits, style),
    ...warningsOf(recap).map((text) => wrap(`${style.yellow('warning:')} ${text}`, style.width, '  ')),
    ...rowsOf(ctx, recap, intent).map(([title, text]) => wrap(`${style.bold(`${title}:`)} ${text}`, style.width, '  ')),
    ...planned.notes.map((note) => style.dim(wrap(shortenPaths(note, ctx.home), style.width, '  '))),
  ].join('\n');
}

function rowsOf(ctx: Pick<Context, 'home'>, recap: Recap, { test, quick }: Pick<InitIntent, 'test' | 'quick'>): readonly Row[] {
  const { answers, decision } = recap;
  return [
    ...placeRows(ctx, recap),
    ['Files', describeFiles(recap.planned, ctx.home) || 'nothing to change: every file is already as it should be'],
    ...keyRows(answers, ctx.home, recap.ground),
    ...autoModeRows(recap),
    ...(decision.limits.how === 'none' ? [['Limits', 'none are written, so long sessions may fail'] as const] : []),
    ...extraRows(decision),
    ...noticeRows(recap),
    ...(test ? [['Test', describeTest(decision, answers.models.catalog, quick)] as const] : []),
  ];
}

/** One row for each extra. */
export function extraRows({ extras }: Pick<InitDecision, 'extras'>): readonly Row[] {
  return describeExtras(extrasOf(extras)).map(({ id, name, value }) => [
    `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    id === 'fallback' ? `${value}; ${FALLBACK_NOTE}` : value,
  ]);
}

/** Warnings about single models and about extras, each once. */
export function warningsOf({ answers: { models }, decision: { limits } }: Pick<Recap, 'answers' | 'decision'>): readonly string[] {
  const all = [...models.remarks, ...limits.warnings.map(({ alias, model, reason }) => ({ alias, model, text: reason }))].map(
    // Most reasons already name alias and model.
    ({ alias, model, text }) => stripControls(text.startsWith(`${alias} (`) ? text : `${alias} -> ${model}: ${text}`),
  );
  return [...new Set(all), ...models.besideRemarks, ...(models.guesses === undefined ? [] : [models.guesses])];
}

/** Why these limits, one sentence for each variable. */
export function renderLimits(limits: SetupLimits, style: Style): string {
  return [
    ...limits.variables.map(({ name, value, reason }) => `  ${name}=${value}: ${reason}`),
    ...limits.modelSettings.map(({ id, autoCompactWindow, reason }) => `  ${id} compacts within ${autoCompactWindow}: ${reason}`),
  ]
    .map((line) => style.dim(wrap(line, style.width, '    ')))
    .join('\n');
}

/** The mapping as a table, with what the models lack: images, part of the window. Two lines for each alias if the table is too wide. */
export function renderMapping(mapping: Mapping, catalog: Catalog, limits: SetupLimits, style: Style): string {
  const rows = resolveAliases(mapping.models).map(({ alias, model }) => {
    const row = catalog.find(model);
    const { window, inPrice, outPrice } = modelCells(row, '?');
    const mark = alias === mapping.defaultAlias ? `${alias} *` : alias;
    const notes = [...(row?.textOnly === true ? ['no images'] : []), ...cutOff(model, row, limits)].join(', ');
    return [mark, stripControls(model), window, inPrice, outPrice, notes];
  });
  const table = renderIfFitting(['alias', 'model', right('window'), right('$/M in'), right('$/M out'), ''], rows, style);
  const narrow = rows.flatMap(([alias = '', model = '', window = '', input = '', output = '', notes = '']) => [
    `${alias.padEnd(9)} ${model}`,
    style.dim(
      `${' '.repeat(10)}${[window, input === output ? input : `${input} / ${output}`, notes].filter((part) => part !== '').join(', ')}`,
    ),
  ]);
  return `${table ?? narrow.join('\n')}\n${style.dim(wrap(`* Claude Code starts with it. ${ageOf(catalog)}`, style.width))}`;
}

/** `used up to 125K`, if Claude Code is told a smaller window than the model has. */
function cutOff(model: string, row: CatalogModel | undefined, limits: SetupLimits): readonly string[] {
  const [most, cap] = [MAX_CONTEXT, MAX_OUTPUT].map((name) => Number(limits.variables.find((each) => each.name === name)?.value));
  if (isAnthropicModel(model) || most === undefined || cap === undefined || Number.isNaN(most) || row === undefined || row.context === null)
    return [];
  const told = limits.modelSettings.find(({ id }) => id === model)?.autoCompactWindow ?? most;
  const full = usableWindow(row.context, cap);
  // Nobody notices a loss of less than a twentieth.
  return told < full * 0.95 ? [`used up to ${formatTokens(told)}`] : [];
}

function ageOf(catalog: Catalog): string {
  if (catalog.source === 'live') return 'Prices as of now.';
  const day = new Date(catalog.asOf).toISOString().slice(0, 10);
  return catalog.source === 'cache' ? `Prices from the cached catalog of ${day}.` : `Prices from orcc's built-in list of ${day}.`;
}

function placeRows({ home }: Pick<Context, 'home'>, { decision, ground }: Recap): readonly Row[] {
  return decision.targets.map((id, index) => {
    const paths = (ground.machine.located.get(id)?.files ?? []).map((file) => shortPath(file.path, home));
    return [index === 0 ? 'Where' : '  and', `${paths.join(', ')} (${targetOf(id).title})`] as const;
  });
}

const STORAGES: Readonly<Record<Answers['storage']['kind'], (file: string, ref: string) => string>> = {
  // The row `Files` lists it.
  file: () => '',
  profile: () => 'in the target files themselves, as most guides do',
  env: (_file, ref) => `from your own variable ${ref}`,
  helper: (file) => `in ${file}, read by apiKeyHelper (experimental)`,
  keychain: () => "in the system's keychain, read by apiKeyHelper (experimental)",
  command: (_file, ref) => `what \`${stripControls(ref)}\` prints, run when the key is needed`,
};

/** Where the key is kept, unless in a plain file, and its account after a login. */
function keyRows({ chosen, storage }: Answers, home: string, { machine }: Ground): readonly Row[] {
  const where = STORAGES[storage.kind](shortPath(machine.own.key, home), storage.ref ?? '');
  const said = [where, chosen.account ?? ''].filter((text) => text !== '').join('; ');
  return said === '' ? [] : [['Key', said]];
}

/** Auto mode, only if it is turned off, or left on at a first setup although a gateway can't answer its check. */
function autoModeRows({ decision, ground: { config, layers } }: Recap): readonly Row[] {
  if (extrasOf(decision.extras).autoModeModel !== undefined) return [];
  if (decision.autoMode === 'off') return [['Auto mode', "off, since a gateway can't answer its check; Claude Code asks you"]];
  if (config !== undefined || findAutoModeOff(layers) !== undefined) return [];
  return [['Auto mode', "left on, though its safety check goes to Anthropic's servers and a gateway does not answer it"]];
}

/** What a user is told once (design D21). */
export function noticeRows({
  answers: { chosen },
  decision,
  ground: { config },
}: Pick<Recap, 'answers' | 'decision' | 'ground'>): readonly Row[] {
  if (config !== undefined) return [];
  const models = resolveAliases(decision.mapping.models).map(({ model }) => model);
  const guaranteed = models.every(isAnthropicModel) ? '' : "; OpenRouter guarantees Claude Code only for Anthropic's own models";
  const free = models.some((model) => model.endsWith(':free')) ? `; free models allow ${describeFree(chosen.freeCalls)}` : '';
  return [['Note', `prompts and code go to the providers behind these models${guaranteed}${free}`]];
}

/** The free calls that the key itself allows, else those of most accounts (design D21). */
function describeFree(calls: number | undefined): string {
  if (calls === undefined) return 'about 50 calls a day, less than one session';
  return `${calls} calls a day${calls < ONE_SESSION ? ', less than one session' : ''}`;
}

function describeTest(decision: InitDecision, catalog: Catalog, quick: boolean): string {
  const most = decision.limits.variables.find(({ name }) => name === MAX_OUTPUT)?.value;
  const cost = estimateCost(
    resolveAliases(decision.mapping.models).map(({ model }) => model),
    (id) => priceOfModel(catalog.find(id)),
    { quick, maxTokens: most === undefined ? undefined : Number(most) },
  );
  return `calls each model, ${describeEstimate(cost)}`;
}

type Answer = 'write' | 'change' | 'place' | 'diff' | 'stop';

/** Asks what to do with the recap above; shows the diff as often as it is chosen. The other usual place is one key press away. */
export async function askRecap(
  ctx: Pick<Context, 'ask'>,
  planned: Planned,
  { test }: Pick<InitIntent, 'test'>,
  place: OtherPlace | undefined,
  showDiff: () => Promise<void>,
): Promise<Exclude<Answer, 'diff'>> {
  const hasEdits = visibleEdits(planned).length > 0;
  const go = hasEdits ? (test ? 'Write and test' : 'Write') : test ? 'Test' : 'Done, nothing to write';
  const choices: Choice<Answer>[] = [
    { value: 'write', name: go },
    { value: 'change', name: 'Change something' },
    ...(hasEdits ? [{ value: 'diff' as const, name: 'Show the diff' }] : []),
    { value: 'stop', name: 'Cancel' },
    ...(place === undefined ? [] : [{ value: 'place' as const, key: 'p', name: `writes ${place.name} instead`, short: place.name }]),
  ];
  for (;;) {
    const answer = await ctx.ask.select<Answer>(hasEdits ? 'Write this?' : 'And now?', choices, 'write');
    if (answer !== 'diff') return answer;
    await showDiff();
  }
}
