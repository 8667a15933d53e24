import { formatTokens } from '../text/format.ts';
import type { CatalogModel } from './catalog-model.ts';

type ModelTest = (model: CatalogModel) => boolean;

interface SearchWords {
  /** To be found in id and name. */
  readonly texts: readonly string[];
  /** All of them hold. */
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

/** Takes a search apart, small letters: `free`, `tools`, `images`, `200K`, `>=200K` (window), `<1` (USD per million, in and out), and words. */
export function readWords(words: readonly string[]): SearchWords {
  const texts: string[] = [];
  const tests: ModelTest[] = [];
  for (const word of words) {
    const test = FLAGS[word] ?? windowTest(word) ?? priceTest(word);
    if (test !== undefined) tests.push(test);
    // A comparison that is still being typed leaves nothing out.
    else if (!/^[<>]=?\$?$/.test(word)) texts.push(word);
  }
  return { texts, tests };
}

/** Without a comparison the window as it is shown, or a name that says so. */
function windowTest(word: string): ModelTest | undefined {
  const [, sign, digits = '', unit = ''] = /^([<>]=?)?(\d+(?:\.\d+)?)([km])$/.exec(word) ?? [];
  const limit = Number(digits) * (UNITS[unit] ?? 0);
  if (limit === 0) return undefined;
  const compare = COMPARISONS[sign ?? ''];
  // 1 048 576 tokens are shown as 1M, and count as such.
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
