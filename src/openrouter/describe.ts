import type { CatalogModel } from './catalog-model.ts';
import { rateOf, showPrice } from './price.ts';
import { formatTokens } from '../text/format.ts';
import { clip } from '../text/text.ts';

/** The cells of one model in a table. Prices per million tokens, of the step that a session's requests reach. */
interface ModelCells {
  readonly id: string;
  readonly window: string;
  readonly output: string;
  readonly inPrice: string;
  readonly outPrice: string;
  readonly tools: 'yes' | 'no' | '?';
}

/** A model as tables show it. */
export function modelCells(model: CatalogModel): ModelCells {
  const { input, output } = rateOf(model);
  const price = (usd: number | null): string => showPrice(usd, model);
  return {
    id: model.id,
    window: formatTokens(model.context),
    output: formatTokens(model.maxOutput),
    inPrice: price(input),
    outPrice: price(output),
    tools: model.toolsUntold === true ? '?' : model.tools ? 'yes' : 'no',
  };
}

/** In and out per million tokens: `$0.60 / $2.20`, `free`. */
export function describePrices(model: CatalogModel): string {
  const { inPrice, outPrice } = modelCells(model);
  return inPrice === outPrice ? inPrice : `${inPrice} / ${outPrice}`;
}

/** Cells of an id, from a terminal of 60 columns on. */
const ID_CELLS = { least: 31, most: 44 };
/** Cells of a row beside the id, with the list's marks and the blanks between columns. */
const OTHER_CELLS = 39;
const PRICE_CELLS = 16;
/** Cells of a list's own mark, and one that stays free. */
const MARK_CELLS = 3;

function idCells(columns: number): number {
  return Math.max(ID_CELLS.least, Math.min(ID_CELLS.most, columns - OTHER_CELLS));
}

/** The titles over the lines of `describeModel`. */
export function modelHeading(columns: number): string {
  return `${'model'.padEnd(idCells(columns))}  ${'window'.padStart(6)}  ${'$/M in / out'.padEnd(PRICE_CELLS)}`;
}

interface ModelLine {
  /** Id, window, price in and out per million tokens, then what is wanting: tools, images. */
  readonly text: string;
  /** What does not fit in it, except missing tools, which the verdict on the model mentions. */
  readonly beside: readonly string[];
}

/** Cells that an id may lose to the mark behind it. */
const SHORT_MARK = 6;

/** A model as one line of a searchable list; `mark` stands behind the id. In 80 columns all fits but a long mark behind a long id. */
export function describeModel(model: CatalogModel, columns: number, mark = ''): ModelLine {
  const { id, window, tools } = modelCells(model);
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

/** What speaks for a model in one short phrase, from its figures alone: `agent score 59, reasons, 1M window, cheap`. */
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
