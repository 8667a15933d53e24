import { SESSION_REQUEST_TOKENS } from '../claude/compaction.ts';
import type { CatalogModel } from './catalog-model.ts';
import { charge, USD } from './charge.ts';
import { rateOf, type Rate } from './price.ts';
import { priceOfModel } from './read-price.ts';

export type Sort = 'price' | 'context' | 'new' | 'score';

/** Conditions for a list of models. Prices in USD per million tokens, windows in tokens. */
export interface ModelFilter {
  readonly tools?: boolean | undefined;
  readonly free?: boolean | undefined;
  readonly minContext?: number | undefined;
  /** The highest input or output price of a session's requests; excludes models whose price is not fixed. */
  readonly maxPrice?: number | undefined;
  /** The part of the id before the slash, without `~`. */
  readonly author?: string | undefined;
}

/** The models that meet every condition, in the same order. */
export function narrowModels(models: readonly CatalogModel[], filter: ModelFilter): readonly CatalogModel[] {
  const author = filter.author === undefined ? undefined : `${filter.author.toLowerCase()}/`;
  const { maxPrice, minContext } = filter;
  return models.filter(
    (model) =>
      // The condition that excludes the most models comes first.
      (author === undefined || isBy(model.id, author)) &&
      (filter.tools !== true || model.tools) &&
      (filter.free !== true || model.free) &&
      (minContext === undefined || (model.context ?? 0) >= minContext) &&
      (maxPrice === undefined || isWithin(rateOf(model), maxPrice)),
  );
}

const isWithin = ({ input, output }: Rate, most: number): boolean => (input ?? Infinity) <= most && (output ?? Infinity) <= most;

/** Whether an id, such as `z-ai/glm-4.7` or `~z-ai/glm-latest`, is by an author, given in lower case with a slash: `z-ai/`. */
function isBy(id: string, author: string): boolean {
  const from = id.startsWith('~') ? 1 : 0;
  return id.slice(from, from + author.length).toLowerCase() === author;
}

const ORDER: Readonly<Record<Sort, (model: CatalogModel) => readonly number[]>> = {
  price: (model) => [priceOf(model)],
  context: (model) => [-(model.context ?? 0), priceOf(model)],
  new: (model) => [-model.created],
  score: (model) => [-(model.scores?.agentic ?? -1), -(model.scores?.coding ?? -1), priceOf(model)],
};

/** A sorted copy: cheapest, largest window, newest, or best at agent work first. Models without that figure come last. */
export function sortModels(models: readonly CatalogModel[], by: Sort): readonly CatalogModel[] {
  const keyed = models.map((model) => ({ model, keys: ORDER[by](model) }));
  return keyed.sort((a, b) => compare(a.keys, b.keys)).map((each) => each.model);
}

/** One price to sort by: input counts ten times, since agent work reads far more than it writes. */
function priceOf(model: CatalogModel): number {
  const { input, output } = rateOf(model);
  return input === null || output === null ? Infinity : input * 10 + output;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** What these tokens cost in USD at a session's prices, without discounts for cached input; null if the price is not fixed. */
export function costOf(model: CatalogModel, tokensIn: number, tokensOut: number): number | null {
  const price = priceOfModel(model);
  const moment = { at: 'dearest', promptTokens: SESSION_REQUEST_TOKENS } as const;
  return price === undefined ? null : charge(price, { input: tokensIn, output: tokensOut }, moment) / USD;
}
