import { aliasOf, resolveAliases, type AliasId, type AliasModels } from '../../claude/aliases.ts';
import { noAnswer } from './no-answer.ts';
import { catalogRemark } from '../../openrouter/catalog-view.ts';
import { formatCsv } from '../../text/csv.ts';
import { modelCells, strengthsOf } from '../../openrouter/describe.ts';
import { formatUsd } from '../../text/format.ts';
import { describeStep, rateOf } from '../../openrouter/price.ts';
import { costOf } from '../../openrouter/sort.ts';
import { judgeModel } from '../../openrouter/suitability.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { loadCatalog } from '../../openrouter/load-catalog.ts';
import type { CatalogModel } from '../../openrouter/catalog-model.ts';
import { parseModelWord } from '../../openrouter/model-id.ts';
import { findPreset } from '../../claude/presets.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Style } from '../../text/style.ts';
import { renderIfFitting, renderTable, right } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { ModelsContext, ModelsSource } from './models.ts';

/** Tokens of a typical working day of Claude Code, unless flags say otherwise: much is read, little written. */
const TYPICAL_DAY = { tokensIn: 5_000_000, tokensOut: 100_000 } as const;

interface CompareQuery {
  /** Ids to compare; empty for the mapping next to Claude's own models. */
  readonly ids: readonly string[];
  /** The mapping in effect; undefined: the preset `guide`. */
  readonly models?: AliasModels | undefined;
  readonly tokensIn?: number | undefined;
  readonly tokensOut?: number | undefined;
  readonly csv?: boolean;
}

interface Row {
  readonly alias: AliasId | null;
  readonly id: string;
  /** One of Claude's own models, for comparison. */
  readonly own: boolean;
  readonly model: CatalogModel | undefined;
  /** USD; null if the price is not known. */
  readonly day: number | null;
}

/**
 * `orcc models compare [ID…]`: the mapped models next to Claude's own, or the given ones, with windows, prices, scores, what each
 * is good for, and what a typical day costs.
 */
export async function compareModels(ctx: ModelsContext, source: ModelsSource, query: CompareQuery): Promise<Outcome> {
  const wanted = query.ids.map((id) => parseModelWord(id));
  const catalog = await loadCatalog(ctx, source);
  const findings = await noAnswer(catalog.failure, 'catalog');
  const tokensIn = query.tokensIn ?? TYPICAL_DAY.tokensIn;
  const tokensOut = query.tokensOut ?? TYPICAL_DAY.tokensOut;
  const rows = chooseRows(wanted, query.models, catalog).map((row) => ({
    ...row,
    day: row.model === undefined ? null : costOf(row.model, tokensIn, tokensOut),
  }));
  const now = ctx.clock.now();
  const mapped = rows.filter((row) => !row.own);
  return {
    exit: 'ok',
    data: {
      source: catalog.source,
      asOf: new Date(catalog.asOf).toISOString(),
      tokensIn,
      tokensOut,
      rows: rows.map((row) => ({
        ...row,
        model: row.model ?? null,
        strengths: row.model === undefined ? null : strengthsOf(row.model),
        ...(row.model === undefined ? {} : judgeModel(row.model, now)),
      })),
    },
    findings,
    isLong: true,
    isVerbatim: query.csv === true,
    text: (style) => (query.csv === true ? renderCsv(rows) : [renderRows(rows, style), '', ...renderUses(mapped, style)].join('\n')),
    remarks: (style) => {
      const day = `day: ${(tokensIn / 1_000_000).toString()} million tokens in, ${(tokensOut / 1_000_000).toString()} million out, no discount for cached input (\`--tokens-in\`, \`--tokens-out\`)`;
      return `${style.dim(day)}\n${catalogRemark(catalog, now, style, findings)}`;
    },
  };
}

function chooseRows(ids: readonly string[], models: AliasModels | undefined, catalog: Catalog): Omit<Row, 'day'>[] {
  if (ids.length > 0) return ids.map((id) => ({ alias: null, id, own: false, model: findWithScores(catalog, id) }));
  const mapping = models ?? findPreset('guide')?.mapping.models;
  const own = findPreset('anthropic')?.mapping.models;
  if (mapping === undefined || own === undefined) return [];
  const natives = new Map(resolveAliases(own).map(({ alias, model }) => [alias, model]));
  return resolveAliases(mapping)
    .filter(({ alias }) => mapping[alias] !== undefined)
    .flatMap(({ alias, model }) => {
      const native = aliasOf(alias).required ? natives.get(alias) : undefined;
      return [
        { alias, id: model, own: false, model: findWithScores(catalog, model) },
        ...(native === undefined || native === model ? [] : [{ alias, id: native, own: true, model: findWithScores(catalog, native) }]),
      ];
    });
}

/** A `~…-latest` id has no scores of its own, so it gets those of the model it stands for. */
function findWithScores(catalog: Catalog, id: string): CatalogModel | undefined {
  const model = catalog.find(id);
  const scores = model?.scores ?? (model?.aliasTarget === undefined ? undefined : catalog.find(model.aliasTarget)?.scores);
  return model === undefined || scores === undefined ? model : { ...model, scores };
}

const score = (value: number | undefined): string => (value === undefined ? '' : String(Math.round(value)));

function renderRows(rows: readonly Row[], style: Style): string {
  const columns = ['alias', 'model', ...['window', 'in', 'out', 'coding', 'agent', 'day'].map(right)];
  const table = (isNarrow: boolean): string[][] =>
    rows.map((row) => {
      const { window, inPrice, outPrice } = modelCells(row.model);
      // The full ids follow below the table.
      const id = isNarrow ? row.id.slice(row.id.indexOf('/') + 1) : row.id;
      return [
        row.own ? '' : (row.alias ?? ''),
        row.own ? style.dim(id) : id,
        row.model === undefined ? 'unknown' : window,
        inPrice,
        outPrice,
        score(row.model?.scores?.coding),
        score(row.model?.scores?.agentic),
        row.day === null ? '' : formatUsd(row.day),
      ];
    });
  return renderIfFitting(columns, table(false), style) ?? renderTable(columns, table(true), style);
}

function renderUses(rows: readonly Row[], style: Style): string[] {
  return rows.map((row) => {
    const known = row.model === undefined ? [] : [strengthsOf(row.model), describeStep(row.model)].filter((note) => note !== undefined);
    const what = known.length === 0 ? 'not in the catalog' : known.join('; ');
    const use = row.alias === null ? '' : `; ${row.alias} is for ${aliasOf(row.alias).use}`;
    return wrap(`${style.bold(row.id)}: ${what}${use}`, style.width, '  ');
  });
}

function renderCsv(rows: readonly Row[]): string {
  return formatCsv(rows, {
    alias: ({ alias }) => alias,
    id: ({ id }) => id,
    window: ({ model }) => model?.context,
    max_output: ({ model }) => model?.maxOutput,
    usd_in_per_million: ({ model }) => (model === undefined ? undefined : rateOf(model).input),
    usd_out_per_million: ({ model }) => (model === undefined ? undefined : rateOf(model).output),
    coding_score: ({ model }) => model?.scores?.coding,
    agentic_score: ({ model }) => model?.scores?.agentic,
    usd_per_day: ({ day }) => day,
    from_prompt_tokens: ({ model }) => model?.session?.from,
  });
}
