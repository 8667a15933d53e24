import { didYouMean, OrccError, orUndefined, passStop } from '../../core/errors.ts';
import { defined } from '../../text/defined.ts';
import { noAnswer } from './no-answer.ts';
import { catalogRemark } from '../../openrouter/catalog-view.ts';
import { formatPrice, formatTokens } from '../../text/format.ts';
import { disabledPreset, unknownPreset } from '../../openrouter/preset-errors.ts';
import { ApiError } from '../../openrouter/error-body.ts';
import { describeHiddenName, findHiddenName } from '../../openrouter/hidden-name.ts';
import { judgeModel, type Suitability } from '../../openrouter/suitability.ts';
import { type Catalog, presetRow } from '../../openrouter/catalog.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import type { CatalogModel } from '../../openrouter/catalog-model.ts';
import { fetchModel, fetchModelEndpoints, fetchPreset, fetchZdrEndpoints } from '../../openrouter/client.ts';
import { isGatewayName, parseModelId, presetOf } from '../../openrouter/model-id.ts';
import { normaliseModel } from '../../openrouter/normalise.ts';
import { describeStep, perMillion, rateOf, showPrice } from '../../openrouter/price.ts';
import { applyRules, type RuledEndpoint } from '../../openrouter/remaining.ts';
import { barWord, describeRules } from '../../openrouter/routing.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Style } from '../../text/style.ts';
import { renderTable, right } from '../../text/table.ts';
import { wrap, pad } from '../../text/wrap.ts';
import { stripControls } from '../../text/text.ts';
import type { ModelsContext, ModelsSource } from './models.ts';

/** One provider behind a model. Prices in USD per million tokens. */
interface ProviderFacts {
  readonly name: string;
  readonly quantization: string | null;
  readonly window: number | null;
  readonly maxOutput: number | null;
  readonly inputPrice: number | null;
  readonly outputPrice: number | null;
  /** null if not stated. */
  readonly tools: boolean | null;
  /** Not marked as down by OpenRouter. */
  readonly up: boolean;
  /** Percent over the last day, or the last 30 minutes if that is missing; null if not stated. */
  readonly uptime: number | null;
  /** Keeps no prompts (zero data retention); null if not known. */
  readonly zdr: boolean | null;
  /** The user's rules that keep it out, and `tools`; empty if it may answer. */
  readonly barredBy: RuledEndpoint['barredBy'];
}

/**
 * `orcc models show ID`: limits, prices, providers with their health, expiry, and whether it suits Claude Code, with reasons.
 *
 * @throws OrccError 'usage' MODEL_UNKNOWN with the nearest ids
 */
export async function showModel(ctx: ModelsContext, source: ModelsSource, given: string): Promise<Outcome> {
  const isOther = isGatewayName(given.trim()) || !given.includes('/');
  const { id, preset } = isOther ? { id: stripControls(given.trim()).slice(0, 256), preset: false } : parseModelId(given);
  const catalog = await loadCatalog(ctx, source);
  // People type a bare slug: the catalog can suggest the whole id. At a gateway a bare slug may be the whole id.
  if (isOther && catalog.find(id) === undefined) throw unknownModel(catalog, id);
  const base = preset ? await requireBase(ctx, source, id) : id;
  const found = await findModel(ctx, source, catalog, base);
  const model = preset ? presetRow(id, found) : found;
  const providers: Providers = source.offline === true || isOther ? { list: undefined } : await findProviders(ctx, source, base);
  // Both mostly fail for the same reason, so only one finding is shown.
  const findings = await noAnswer(providers.failure ?? catalog.failure, providers.failure === undefined ? 'catalog' : 'providers');
  const now = ctx.clock.now();
  const verdict = judgeModel(model, now);
  const hidden = findHiddenName(id, model);
  return {
    exit: 'ok',
    data: {
      model,
      ...verdict,
      hiddenName: hidden ?? null,
      providers: providers.list ?? null,
      source: catalog.source,
      asOf: new Date(catalog.asOf).toISOString(),
    },
    findings,
    isLong: true,
    text: (style) => renderModel(model, verdict, providers.list, style, describeRules(source.rules)),
    remarks: (style) => {
      const warn = (text: string): string => `${style.yellow('warning:')} ${text}`;
      const lines = hidden === undefined ? [] : [warn(describeHiddenName(hidden))];
      return [...lines, catalogRemark(catalog, now, style, findings)].join('\n');
    },
  };
}

/** The model behind a preset of the account. Throws exit 2 if there is no such preset, it names no model, or nobody can be asked. */
async function requireBase(ctx: ModelsContext, source: ModelsSource, id: string): Promise<string> {
  const endpoint = source.offline === true ? undefined : await source.keyed?.();
  const known = source.bases?.[id];
  if (endpoint === undefined) {
    if (known !== undefined) return known;
    throw new OrccError(
      'usage',
      `\`${id}\` is a preset of your OpenRouter account: ${source.offline === true ? 'offline nothing' : 'without a key nobody'} can tell what it stands for`,
      {
        hint: '`orcc init` stores a key; `orcc models show author/slug` shows a model',
      },
    );
  }
  const slug = presetOf(id) ?? '';
  const { model, disabled } = await fetchPreset(ctx, endpoint, slug).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) throw unknownPreset(undefined, slug);
    throw error;
  });
  if (disabled) throw disabledPreset(undefined, slug);
  if (model !== null && !model.startsWith('@')) return model;
  throw new OrccError('usage', `The preset \`${slug}\` does not name a model`, {
    hint: 'It works after a model id: `author/slug@preset/' + slug + '`; `orcc models show author/slug` shows that model',
  });
}

async function findModel(ctx: ModelsContext, source: ModelsSource, catalog: Catalog, id: string): Promise<CatalogModel> {
  const known = catalog.find(id);
  if (known !== undefined) return known;
  // OpenRouter resolves old names and variants that its list does not contain.
  const live =
    source.offline === true || catalog.warning !== undefined ? undefined : await orUndefined(fetchModel(ctx, source.endpoint, id));
  const model = live === undefined ? undefined : normaliseModel(live);
  if (model !== undefined) return model;
  throw unknownModel(catalog, id);
}

function unknownModel(catalog: Catalog, id: string): OrccError {
  const nearest = catalog.nearest(id, 3);
  return new OrccError('usage', `No model is called \`${id}\``, {
    code: 'MODEL_UNKNOWN',
    hint: didYouMean(nearest).trim() || '`orcc models WORD` searches the catalog',
    data: { id, nearest },
  });
}

/** `list` is undefined if nobody was asked or no answer came; `failure` then says why. */
interface Providers {
  readonly list: ProviderFacts[] | undefined;
  readonly failure?: OrccError;
}

async function findProviders(ctx: ModelsContext, source: ModelsSource, id: string): Promise<Providers> {
  try {
    const [rows, zdrList] = await Promise.all([
      fetchModelEndpoints(ctx, source.endpoint, id),
      orUndefined(fetchZdrEndpoints(ctx, source.endpoint)),
    ]);
    return { list: applyRules(id, rows, source.rules ?? {}, zdrList).map(readProvider) };
  } catch (error) {
    passStop(error);
    return { list: undefined, failure: error };
  }
}

function readProvider({ row, zdr, barredBy }: RuledEndpoint): ProviderFacts {
  return {
    name: stripControls(row.provider_name ?? row.tag ?? '(unnamed)'),
    quantization: row.quantization === null || row.quantization === 'unknown' ? null : stripControls(row.quantization),
    window: row.context_length,
    maxOutput: row.max_completion_tokens,
    inputPrice: perMillion(row.pricing.prompt),
    outputPrice: perMillion(row.pricing.completion),
    tools: row.supported_parameters?.includes('tools') ?? null,
    up: (row.status ?? 0) >= 0,
    uptime: row.uptime_last_1d ?? row.uptime_last_30m,
    zdr,
    barredBy,
  };
}

function renderModel(
  model: CatalogModel,
  verdict: Suitability,
  providers: readonly ProviderFacts[] | undefined,
  style: Style,
  rules: string | undefined,
): string {
  const lines = [style.bold(model.id), ...facts(model).map(([label, value]) => `  ${style.dim(pad(label, 14))}${value}`)];
  lines.push(
    '',
    verdict.suitable
      ? `${style.green('suits Claude Code')}${verdict.problems.length === 0 ? '' : ', but note:'}`
      : style.red('does not suit Claude Code:'),
  );
  for (const problem of verdict.problems) lines.push(`  - ${problem.severity === 'unusable' ? style.red(problem.reason) : problem.reason}`);
  if (providers !== undefined && providers.length > 0)
    lines.push('', ...describeRemaining(providers, rules, style), renderProviders(providers, style, rules !== undefined));
  return lines.join('\n');
}

function facts(model: CatalogModel): [string, string][] {
  const exact = (tokens: number | null): string => (tokens === null ? 'not stated' : `${formatTokens(tokens)} (${tokens} tokens)`);
  const rate = rateOf(model);
  const step = describeStep(model);
  const isPeak = (model.peakInput ?? 0) > (rate.input ?? 0) || (model.peakOutput ?? 0) > (rate.output ?? 0);
  const peak = `${showPrice(model.peakInput ?? model.inputPrice, model)} / ${showPrice(model.peakOutput ?? model.outputPrice, model)}`;
  const steps = `${step === undefined ? '' : ` (${step})`}${isPeak ? `, up to ${peak} for longer prompts or at some hours` : ''}`;
  const { agentic, coding, intelligence } = model.scores ?? {};
  const scores = Object.entries(defined({ agent: agentic, coding, intelligence })).map(([name, score]) => `${name} ${String(score)}`);
  const written = model.cacheWrite === undefined ? '' : `, ${formatPrice(model.cacheWrite)} written`;
  const price =
    model.inputPrice === null
      ? model.priceUntold === true
        ? 'not stated'
        : 'not fixed'
      : `${showPrice(rate.input, model)} in / ${showPrice(rate.output, model)} out per million tokens${steps}`;
  const all: readonly (readonly [string, string | undefined])[] = [
    ['name', model.name],
    ['stands for', model.base],
    ['stands for', model.aliasTarget],
    ['window', exact(model.context)],
    ['output cap', exact(model.maxOutput)],
    ['price', price],
    ['cached input', model.cacheRead === undefined ? undefined : `${formatPrice(model.cacheRead)} read${written}`],
    ['tools', model.toolsUntold === true ? 'not stated' : model.tools ? (model.toolChoice ? 'yes' : 'yes, but no tool choice') : 'no'],
    ['images', model.textOnly === true ? 'text only, no images' : undefined],
    ['reasoning', model.reasoning ? 'yes' : 'no'],
    ['scores', scores.length === 0 ? undefined : `${scores.join(', ')} (Artificial Analysis)`],
    ['listed since', model.created > 0 ? new Date(model.created * 1000).toISOString().slice(0, 10) : undefined],
    ['retired on', model.expires],
  ];
  return all.flatMap(([label, value]): [string, string][] => (value === undefined ? [] : [[label, value]]));
}

/** How many providers the user's rules leave; empty without rules. */
function describeRemaining(providers: readonly ProviderFacts[], rules: string | undefined, style: Style): readonly string[] {
  if (rules === undefined) return [];
  const left = providers.filter(({ barredBy }) => barredBy.length === 0).length;
  const count = `${left} of ${providers.length} may answer under your rules`;
  return [wrap(`${left === 0 ? style.red(count) : count}: ${rules}`, style.width, '  ')];
}

function renderProviders(providers: readonly ProviderFacts[], style: Style, isRuled: boolean): string {
  return renderTable(
    ['provider', ...['window', 'output', 'in', 'out'].map(right), 'tools', 'health', 'ZDR', isRuled ? 'kept out by' : ''],
    providers.map((each) => [
      each.quantization === null ? each.name : `${each.name} (${each.quantization})`,
      formatTokens(each.window),
      each.maxOutput === null ? 'no cap' : formatTokens(each.maxOutput),
      each.inputPrice === null ? '?' : formatPrice(each.inputPrice),
      each.outputPrice === null ? '?' : formatPrice(each.outputPrice),
      each.tools === null ? '?' : each.tools ? 'yes' : 'no',
      each.up ? (each.uptime === null ? 'up' : `up ${each.uptime.toFixed(1)} %`) : style.red('down'),
      each.zdr === null ? '' : each.zdr ? 'yes' : 'no',
      isRuled ? each.barredBy.map(barWord).join(', ') : '',
    ]),
    style,
  );
}
