import type { CatalogModel } from './catalog-model.ts';
import { rateOf, showPrice } from './price.ts';
import { formatTokens } from '../text/format.ts';
import { clip } from '../text/text.ts';

/** The cells of a model in a table. Prices per million tokens, of the step for a session's requests. */
interface ModelCells {
  readonly window: string;
  readonly output: string;
  readonly inPrice: string;
  readonly outPrice: string;
  readonly tools: 'yes' | 'no' | '?';
}

/** The table cells of a model; for one that the catalog doesn't have, `unknown` in place of each number. */
export function modelCells(model: CatalogModel | undefined, unknown = ''): ModelCells {
  if (model === undefined) return { window: unknown, output: unknown, inPrice: unknown, outPrice: unknown, tools: '?' };
  const { input, output } = rateOf(model);
  const price = (usd: number | null): string => showPrice(usd, model);
  return {
    window: formatTokens(model.context),
    output: formatTokens(model.maxOutput),
    inPrice: price(input),
    outPrice: price(output),
    tools: model.toolsUntold === true ? '?' : model.tools ? 'yes' : 'no',
  };
}

/** Input and output price per million tokens: `$0.60 / $2.20`, or one if both are equal, such as `free`. */
export function describePrices(model: CatalogModel): string {
  const { inPrice, outPrice } = modelCells(model);
  return inPrice === outPrice ? inPrice : `${inPrice} / ${outPrice}`;
}

/** The width of the id column, in cells, for terminals of at least 60 columns. */
const ID_CELLS = { least: 31, most: 44 };
/** The cells of a row apart from the id, including the list's marks and the blanks between columns. */
const OTHER_CELLS = 39;
const PRICE_CELLS = 16;
/** The cells of a list's own mark, and one that is kept free. */
const MARK_CELLS = 3;

function idCells(columns: number): number {
  return Math.max(ID_CELLS.least, Math.min(ID_CELLS.most, columns - OTHER_CELLS));
}

/** The column titles for the lines of `describeModel`. */
export function modelHeading(columns: number): string {
  return `${'model'.padEnd(idCells(columns))}  ${'window'.padStart(6)}  ${'$/M in / out'.padEnd(PRICE_CELLS)}`;
}

interface ModelLine {
  /** Id, window, input and output price per million tokens, then what it does not support: tools, images. */
  readonly text: string;
  /** What did not fit in `text`, except missing tools, which the verdict on the model mentions anyway. */
  readonly beside: readonly string[];
}

/** A mark of up to this length is always shown, even if it shortens the id. */
const SHORT_MARK = 6;

/** A model as a line of a searchable list; `mark` follows the id. In 80 columns everything fits except a long mark after a long id. */
export function describeModel(model: CatalogModel, columns: number, mark = ''): ModelLine {
  const { id } = model;
  const { window, tools } = modelCells(model);
  const wanting = tools === 'no' ? 'no tools' : model.textOnly === true ? 'no images' : '';
  const cells = idCells(columns);
  const isMarked = id.length + mark.length <= cells || mark.length <= SHORT_MARK;
  const shown = isMarked ? clip(id, cells - mark.length) + mark : clip(id, cells);
  const known = `${shown.padEnd(cells)}  ${window.padStart(6)}  ${describePrices(model).padEnd(PRICE_CELLS)}`;
  const isWhole = known.length + 1 + wanting.length <= columns - MARK_CELLS;
  return {
    text: (isWhole ? `${known} ${wanting}` : known).trimEnd(),
    beside: [...(isMarked ? [] : [mark.trim().replace(/^\((.*)\)$/, '$1')]), ...(isWhole || wanting !== 'no images' ? [] : [wanting])],
  };
}

/** A short description of a model, derived from its figures: `agent score 59, reasons before it answers, 1M window, cheap`. */
export function strengthsOf(model: CatalogModel): string {
  const parts: string[] = [];
  const { agentic, coding } = model.scores ?? {};
  const { output } = rateOf(model);
  if (agentic !== undefined) parts.push(`agent score ${Math.round(agentic)}`);
  if (coding !== undefined) parts.push(`coding score ${Math.round(coding)}`);
  parts.push(model.reasoning ? 'reasons before it answers' : 'answers at once, without reasoning');
  if ((model.context ?? 0) >= 500_000) parts.push(`${formatTokens(model.context)} window`);
  if (model.free) parts.push('free');
  else if (output !== null && output <= 1) parts.push('cheap');
  else if (output !== null && output >= 10) parts.push('dear');
  return parts.join(', ');
}
