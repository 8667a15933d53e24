import { noAnswer } from './no-answer.ts';
import { catalogRemark } from '../../openrouter/catalog-view.ts';
import { formatCsv } from '../../text/csv.ts';
import { renderModelList } from '../../openrouter/list-view.ts';
import { rateOf } from '../../openrouter/price.ts';
import { searchModels } from '../../openrouter/search.ts';
import { narrowModels, sortModels, type ModelFilter, type Sort } from '../../openrouter/sort.ts';
import { judgeModel } from '../../openrouter/suitability.ts';
import type { Context } from '../../core/context.ts';
import type { CatalogModel } from '../../openrouter/catalog-model.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import type { KeyedEndpoint } from '../../openrouter/endpoint.ts';
import type { CatalogOptions } from '../../openrouter/catalog.ts';
import { holdsKeyShape } from '../../config/key-shape.ts';
import { foreignVendor } from '../../openrouter/key-vendor.ts';
import { stripControls } from '../../text/text.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Routing } from '../../openrouter/routing.ts';

/** The part of the Context that the model commands use. */
export type ModelsContext = Pick<Context, 'fs' | 'platform' | 'clock' | 'http' | 'version' | 'signal'>;

/** Where the catalog comes from, and whether OpenRouter may be asked. */
export interface ModelsSource extends Omit<CatalogOptions, 'keep'> {
  /** The same endpoint with the key, for what only an account knows; undefined if the key may not be sent there unasked. */
  readonly keyed?: () => Promise<KeyedEndpoint | undefined>;
  /** The machine's routing rules, for `show`. */
  readonly rules?: Routing | undefined;
}

export interface ModelsQuery extends ModelFilter {
  /** Words to search for; empty for all models. */
  readonly query: string;
  readonly sort?: Sort | undefined;
  readonly csv?: boolean;
}

/**
 * `orcc models [query]`: searches, narrows and sorts the catalog; models that Claude Code can't use are dimmed, with the reason.
 * Batch ids show only if asked for.
 */
export async function runModels(ctx: ModelsContext, source: ModelsSource, query: ModelsQuery): Promise<Outcome> {
  const catalog = await loadCatalog(ctx, source);
  const findings = await noAnswer(catalog.failure, 'catalog');
  const now = ctx.clock.now();
  const words = query.query.trim();
  const { found: matching, isLoose } = searchModels(catalog.models, words);
  const found = narrowModels(matching, query).filter((model) => !model.batch || words.includes('batch'));
  const models = query.sort === undefined ? found : sortModels(found, query.sort);
  return {
    exit: 'ok',
    data: {
      source: catalog.source,
      asOf: new Date(catalog.asOf).toISOString(),
      stale: catalog.stale,
      warning: catalog.warning ?? null,
      models: models.map((model) => ({ ...model, ...judgeModel(model, now) })),
    },
    findings,
    isLong: true,
    isVerbatim: query.csv === true,
    text: (style) => (query.csv === true ? renderCsv(models) : renderModelList(models, now, style, query.sort === 'score')),
    remarks: (style) => {
      const count =
        models.length === 0
          ? `no model matches${quoteWords(words)}`
          : `${isLoose ? `no model name contains${quoteWords(words)}; these have its letters in order: ` : ''}${models.length} model${models.length === 1 ? '' : 's'}; prices in USD per million tokens`;
      // A search wants all words in one model; who names several means to compare them.
      const named = models.length === 0 ? words.split(/\s+/).map((id) => catalog.find(id)?.id) : [];
      const isComparison = named.length > 1 && !named.includes(undefined);
      const hint = isComparison ? `\n${style.cyan('hint:')} \`orcc models compare ${stripControls(named.join(' '))}\` compares them` : '';
      return `${style.dim(count)}${hint}\n${catalogRemark(catalog, now, style, findings)}`;
    },
  };
}

/** The search words for a message; a key pasted in the wrong place is not repeated. */
function quoteWords(words: string): string {
  if (words === '') return '';
  return holdsKeyShape(words) || words.split(/\s+/).some((word) => foreignVendor(word) !== undefined)
    ? ': that looks like a key, which does not belong on a command line'
    : ` \`${stripControls(words)}\``;
}

function renderCsv(models: readonly CatalogModel[]): string {
  return formatCsv(models, {
    id: (model) => model.id,
    name: (model) => model.name,
    window: (model) => model.context,
    max_output: (model) => model.maxOutput,
    usd_in_per_million: (model) => model.inputPrice,
    usd_out_per_million: (model) => model.outputPrice,
    usd_cache_read_per_million: (model) => model.cacheRead,
    tools: (model) => (model.toolsUntold === true ? undefined : model.tools),
    reasoning: (model) => model.reasoning,
    free: (model) => model.free,
    expires: (model) => model.expires,
    coding_score: (model) => model.scores?.coding,
    agentic_score: (model) => model.scores?.agentic,
    usd_in_per_million_in_sessions: (model) => rateOf(model).input,
    usd_out_per_million_in_sessions: (model) => rateOf(model).output,
    from_prompt_tokens: (model) => model.session?.from,
  });
}
