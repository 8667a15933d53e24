import type { CatalogModel } from './catalog-model.ts';
import { rateOf } from './price.ts';
import { formatPrice, formatTokens } from '../text/format.ts';

/** The cells of one model in a table. Prices per million tokens, of the step that a session's requests reach. */
export interface ModelCells {
  readonly id: string;
  readonly window: string;
  readonly output: string;
  readonly inPrice: string;
  readonly outPrice: string;
  readonly tools: 'yes' | 'no';
}

/** A model as tables show it. */
export function modelCells(model: CatalogModel): ModelCells {
  const { input, output } = rateOf(model);
  const price = (usd: number | null): string => (usd === null && model.priceUntold === true ? '?' : formatPrice(usd));
  return {
    id: model.id,
    window: formatTokens(model.context),
    output: formatTokens(model.maxOutput),
    inPrice: price(input),
    outPrice: price(output),
    tools: model.tools ? 'yes' : 'no',
  };
}

const ID_CELLS = 38;
const PRICE_CELLS = 15;

/** The titles over the lines of `describeModel`. */
export function modelHeading(): string {
  return ` ${'model'.padEnd(ID_CELLS)}  ${'window'.padStart(6)}  ${'$/M in / out'.padEnd(PRICE_CELLS)}`;
}

/**
 * A model as one line of a searchable list: id, window, price in and out per million tokens, then what is wanting: tools, images.
 * `mark` stands behind the id. Columns line up for ids of up to 38 characters, and a line of 80 cells holds them.
 */
export function describeModel(model: CatalogModel, mark = ''): string {
  const { id, window, inPrice, outPrice, tools } = modelCells(model);
  const prices = inPrice === outPrice ? inPrice : `${inPrice} / ${outPrice}`;
  const wanting = tools === 'no' ? 'no tools' : model.textOnly === true ? 'no images' : '';
  return `${`${id}${mark}`.padEnd(ID_CELLS)}  ${window.padStart(6)}  ${prices.padEnd(PRICE_CELLS)} ${wanting}`.trimEnd();
}
