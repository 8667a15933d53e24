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
  return {
    id: model.id,
    window: formatTokens(model.context),
    output: formatTokens(model.maxOutput),
    inPrice: formatPrice(input),
    outPrice: formatPrice(output),
    tools: model.tools ? 'yes' : 'no',
  };
}

/**
 * A model as one line of a searchable list: id, window, price in and out per
 * million tokens, tools, images. Columns line up for ids of up to 44 characters.
 */
export function describeModel(model: CatalogModel): string {
  const { id, window, inPrice, outPrice, tools } = modelCells(model);
  const prices = inPrice === outPrice ? inPrice : `${inPrice} / ${outPrice}`;
  return `${id.padEnd(44)} ${window.padStart(6)}  ${prices.padEnd(15)}  ${tools === 'yes' ? 'tools' : 'no tools'}${model.textOnly === true ? ', no images' : ''}`;
}
