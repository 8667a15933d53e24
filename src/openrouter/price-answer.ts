import { originOf, type Answer, type Origin } from '../claude/transcript-answer.ts';
import { dayOf } from '../text/day.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './catalog-model.ts';
import { charge, type ModelPrice } from './charge.ts';
import type { KnownPrice, PriceBook } from './price-log.ts';
import { priceOfModel } from './read-price.ts';
import { isSameModel } from './same-model.ts';

/** How an answer is priced; one value for all answers of a model, a provider and a day. */
export interface Pricing {
  readonly origin: Origin;
  /** The catalog's id; the name in the transcript where the catalog has none. */
  readonly model: string;
  /** undefined if not known, which is not the same as free. */
  readonly price: ModelPrice | undefined;
  readonly source: KnownPrice['source'];
  /** Not at the price of its day, which is not known, but at the latest one. */
  readonly isEstimate: boolean;
}

/** An answer and what it cost. */
export interface PricedAnswer {
  readonly answer: Answer;
  readonly pricing: Pricing;
  /** Whole 10^-12 USD; undefined where no price is known. */
  readonly cost: number | undefined;
}

type Named = Pick<Answer, 'id' | 'model' | 'requested' | 'provider'>;

/**
 * The row of the model that answered. OpenRouter answers under the full name without the variant, so that what was asked for
 * decides where it is the same model: `…:free` costs nothing.
 */
export function findAnswered(catalog: Pick<Catalog, 'find'>, answer: Named): CatalogModel | undefined {
  const { model, requested } = answer;
  if (originOf(answer) === 'anthropic') return catalog.find(nativeId(model));
  const asked = catalog.find(requested);
  if (asked === undefined || !isSameModel(requested, model, catalog)) return catalog.find(model);
  const target = asked.aliasTarget ?? (asked.inputPrice === null ? model : undefined);
  return target === undefined ? asked : (catalog.find(model) ?? catalog.find(target));
}

/** `anthropic/claude-opus-4.5` for Anthropic's own `claude-opus-4-5-20251101`. */
function nativeId(model: string): string {
  const plain = model.replace(/\[.*\]$/, '').replace(/-(?:\d{8}|latest)$/, '');
  return `anthropic/${plain.replace(/(\d)-(\d)/, '$1.$2')}`;
}

/** A function that prices answers by this catalog and the prices of their days; it looks each model, provider and day up once. */
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
