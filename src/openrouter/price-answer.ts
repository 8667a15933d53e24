import { originOf, type Answer, type Origin } from '../claude/transcript-answer.ts';
import { dayOf } from '../text/day.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './catalog-model.ts';
import { charge, type ModelPrice } from './charge.ts';
import type { KnownPrice, PriceBook } from './price-log.ts';
import { priceOfModel } from './read-price.ts';
import { isSameModel } from './same-model.ts';

/** How an answer is priced; shared by all answers of a model from a provider on one day. */
interface Pricing {
  readonly origin: Origin;
  /** The id in the catalog, or the name in the transcript if the catalog doesn't have the model. */
  readonly model: string;
  /** undefined if not known, which does not mean free. */
  readonly price: ModelPrice | undefined;
  readonly source: KnownPrice['source'];
  /** True if the price of its day is not known and the latest one is used instead. */
  readonly isEstimate: boolean;
}

/** An answer and what it cost. */
export interface PricedAnswer {
  readonly answer: Answer;
  readonly pricing: Pricing;
  /** In whole 10^-12 USD; undefined if no price is known. */
  readonly cost: number | undefined;
}

type Named = Pick<Answer, 'id' | 'model' | 'requested' | 'provider'>;

/**
 * The row of the model that answered; undefined if the catalog has none. OpenRouter's answers contain the full name without the
 * variant, so if it is the same model, the requested id decides: `…:free` costs nothing.
 */
export function findAnswered(catalog: Pick<Catalog, 'find'>, answer: Named): CatalogModel | undefined {
  const { model, requested } = answer;
  if (originOf(answer) === 'anthropic') return catalog.find(nativeId(model));
  const asked = catalog.find(requested);
  if (asked === undefined || !isSameModel(requested, model, catalog)) return catalog.find(model);
  const target = asked.aliasTarget ?? (asked.inputPrice === null ? model : undefined);
  return target === undefined ? asked : (catalog.find(model) ?? catalog.find(target));
}

/** OpenRouter's id for a model name of Anthropic's: `anthropic/claude-opus-4.5` for `claude-opus-4-5-20251101`. */
function nativeId(model: string): string {
  const plain = model.replace(/\[.*\]$/, '').replace(/-(?:\d{8}|latest)$/, '');
  return `anthropic/${plain.replace(/(\d)-(\d)/, '$1.$2')}`;
}

/** Returns a function that prices answers by the price log and this catalog; it looks up each model, provider and day only once. */
export function createPricer(catalog: Pick<Catalog, 'find'>, book: PriceBook): (answer: Answer) => PricedAnswer {
  const found = new Map<string, Pricing>();
  return (answer) => {
    const day = dayOf(answer.at);
    const key = `${day}\n${answer.model}\n${answer.requested}\n${answer.provider ?? originOf(answer)}`;
    let pricing = found.get(key);
    if (pricing === undefined) found.set(key, (pricing = findPrice(catalog, book, answer, day)));
    const { price } = pricing;
    return { answer, pricing, cost: price === undefined ? undefined : charge(price, answer.tokens, { at: answer.at }) };
  };
}

function findPrice(catalog: Pick<Catalog, 'find'>, book: PriceBook, answer: Answer, day: string): Pricing {
  const origin = originOf(answer);
  const row = origin === 'other' ? undefined : findAnswered(catalog, answer);
  if (row === undefined) return { origin, model: answer.model, price: undefined, source: 'catalog', isEstimate: false };
  const about = { origin, model: row.id };
  const logged = book.priceOn(row.id, origin === 'openrouter' ? answer.provider : undefined, day);
  if (logged !== undefined) return { ...about, price: logged.price, source: logged.source, isEstimate: !logged.isOfThatDay };
  const price = priceOfModel(row);
  return { ...about, price, source: 'catalog', isEstimate: price !== undefined };
}
