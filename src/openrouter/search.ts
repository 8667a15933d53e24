import type { CatalogModel } from './catalog-model.ts';
import { formatTokens } from '../text/format.ts';

/** A model with its searchable texts, prepared once per catalog. */
interface Entry {
  readonly model: CatalogModel;
  /** Id and name in lower case. */
  readonly text: string;
  /** The letters and digits of `text` only, so that `glm47` finds `glm-4.7`. */
  readonly bare: string;
  readonly slug: string;
  /** The letters and digits of the slug only. */
  readonly bareSlug: string;
}

const indexes = new WeakMap<readonly CatalogModel[], readonly Entry[]>();

/**
 * The models that match every word of `term`, in any order, best first; all models for an
 * empty term. Dots, dashes and case do not matter; if no model contains the
 * whole words, their letters in order are enough (`qwcoder`). `free`, `tools`, `images`, `200K`, `>=200K` and `<1` test a model's
 * properties, not its name. The first call for
 * a catalog builds its index; after that, 10 000 models take a few milliseconds.
 *
 * @param models the same array each time, since the index is stored by it
 * @returns `isLoose` is true if no name contains the words, and only their letters were found
 */
export function searchModels(
  models: readonly CatalogModel[],
  term: string,
): { readonly found: readonly CatalogModel[]; readonly isLoose: boolean } {
  const words = plain(term)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 8);
  if (words.length === 0) return { found: models, isLoose: false };
  const { texts, tests } = readWords(words);
  const index = indexOf(models).filter(({ model }) => tests.every((test) => test(model)));
  if (texts.length === 0) return { found: index.map(({ model }) => model), isLoose: false };
  const found = rank(index, texts, scoreWhole);
  return found.length > 0 ? { found, isLoose: false } : { found: rank(index, texts, scoreScattered), isLoose: true };
}

function indexOf(models: readonly CatalogModel[]): readonly Entry[] {
  const known = indexes.get(models);
  if (known !== undefined) return known;
  const made = models.map((model) => {
    const text = plain(`${model.id} ${model.name}`);
    const slug = plain(model.id.slice(model.id.indexOf('/') + 1));
    return { model, text, bare: squash(text), slug, bareSlug: squash(slug) };
  });
  indexes.set(models, made);
  return made;
}

/** Lower case without accents. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const squash = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '');

type Score = (entry: Entry, word: string, bareWord: string) => number;

/** Sorts by score, keeping the catalog's order within a score. A model that scores 0 for any word is left out. */
function rank(index: readonly Entry[], words: readonly string[], score: Score): readonly CatalogModel[] {
  const pairs = words.map((word) => ({ word, bare: squash(word) }));
  const found: { model: CatalogModel; score: number }[] = [];
  for (const entry of index) {
    let total = 0;
    for (const { word, bare } of pairs) {
      const each = score(entry, word, bare);
      if (each === 0) {
        total = 0;
        break;
      }
      total += each;
    }
    if (total > 0) found.push({ model: entry.model, score: total + coverage(entry, pairs) });
  }
  return found.sort((a, b) => b.score - a.score).map((each) => each.model);
}

/** How much of the slug the words cover, at most 1: `glm 4.7` covers all of glm-4.7 and half of glm-4.7-flash. */
function coverage({ bareSlug }: Entry, words: ReadonlyArray<{ readonly bare: string }>): number {
  const letters = words.reduce((sum, { bare }) => sum + (bareSlug.includes(bare) ? bare.length : 0), 0);
  return bareSlug === '' ? 0 : Math.min(1, letters / bareSlug.length);
}

const scoreWhole: Score = (entry, word, bare) => {
  if (entry.text.includes(word)) {
    if (entry.model.id === word || entry.slug === word) return 8;
    if (entry.slug.startsWith(word)) return 6;
    return entry.model.id.startsWith(word) ? 5 : 4;
  }
  return bare !== '' && entry.bare.includes(bare) ? 3 : 0;
};

/** Scores letters that occur in order: the closer together, the higher. */
const scoreScattered: Score = (entry, _word, bare) => {
  if (bare.length < 3) return 0;
  let at = entry.bare.indexOf(bare[0] ?? '');
  const start = at;
  for (let i = 1; i < bare.length && at >= 0; i++) at = entry.bare.indexOf(bare[i] ?? '', at + 1);
  return at < 0 || start < 0 ? 0 : bare.length / (at - start + 1);
};

type ModelTest = (model: CatalogModel) => boolean;

interface SearchWords {
  /** Words to find in id and name. */
  readonly texts: readonly string[];
  /** Tests that a model must all pass. */
  readonly tests: readonly ModelTest[];
}

const UNITS: Readonly<Record<string, number>> = { k: 1000, m: 1_000_000 };

type Compare = (value: number, limit: number) => boolean;
const COMPARISONS: Readonly<Record<string, Compare>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

const FLAGS: Readonly<Record<string, ModelTest>> = {
  free: (model) => model.free,
  tools: (model) => model.tools,
  images: (model) => model.textIn && model.textOnly !== true,
};

/** Splits lower-case search words into tests (`free`, `tools`, `images`, `200K` and `>=200K` for windows, `<1` for prices) and texts. */
function readWords(words: readonly string[]): SearchWords {
  const texts: string[] = [];
  const tests: ModelTest[] = [];
  for (const word of words) {
    const test = FLAGS[word] ?? windowTest(word) ?? priceTest(word);
    if (test !== undefined) tests.push(test);
    // A comparison that is still being typed excludes nothing.
    else if (!/^[<>]=?\$?$/.test(word)) texts.push(word);
  }
  return { texts, tests };
}

/** The test for a window. Without a comparison, it matches the window as shown, or an id or name that contains it. */
function windowTest(word: string): ModelTest | undefined {
  const [, sign, digits = '', unit = ''] = /^([<>]=?)?(\d+(?:\.\d+)?)([km])$/.exec(word) ?? [];
  const limit = Number(digits) * (UNITS[unit] ?? 0);
  if (limit === 0) return undefined;
  const compare = COMPARISONS[sign ?? ''];
  // 1 048 576 tokens are shown as 1M, and count as exactly that.
  const isEqual = (context: number): boolean => formatTokens(context).toLowerCase() === digits + unit;
  if (compare !== undefined)
    return ({ context }) => context !== null && (isEqual(context) ? compare(limit, limit) : compare(context, limit));
  return ({ context, id, name }) => formatTokens(context).toLowerCase() === word || `${id} ${name}`.toLowerCase().includes(word);
}

function priceTest(word: string): ModelTest | undefined {
  const [, sign = '', digits] = /^([<>]=?)\$?(\d+\.?\d*|\.\d+)$/.exec(word) ?? [];
  const compare = COMPARISONS[sign];
  if (compare === undefined || digits === undefined) return undefined;
  const limit = Number(digits);
  return ({ inputPrice, outputPrice }) => inputPrice !== null && outputPrice !== null && compare(Math.max(inputPrice, outputPrice), limit);
}
