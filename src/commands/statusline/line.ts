import { describeAge } from '../../text/day.ts';
import { formatCount, formatUsd } from '../../text/format.ts';
import type { KeyFigures } from '../../openrouter/key-figures.ts';
import { stripControls } from '../../text/text.ts';
import type { Given } from './given.ts';
import type { Spending, Spent } from './spending.ts';

/** All that a line can show. */
export interface Parts {
  readonly given: Given;
  /** Tokens: from the catalog, or else what Claude Code assumes. */
  readonly window: number | undefined;
  /** undefined if no transcript could be read. */
  readonly spending: Spending | undefined;
  readonly key: KeyFigures | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Colours a text; `colour` is the terminal's code for it (SGR). */
type Paint = (text: string, colour: number) => string;

/** Leaves the text uncoloured. */
export const plain: Paint = (text) => text;
/** Written out here, since loading chalk would take longer than a status line may. */
export const coloured: Paint = (text, colour) => (text === '' ? '' : `\x1b[${String(colour)}m${text}\x1b[${colour === DIM ? '22' : '39'}m`);

const [DIM, RED, YELLOW, CYAN] = [2, 31, 33, 36];

/** The placeholders of `--format` and their values; empty if not known. */
export const PLACEHOLDERS: Readonly<Record<string, (parts: Parts) => string>> = {
  alias: ({ given }) => given.alias ?? '',
  model: ({ given }) => given.model,
  provider: ({ spending }) => spending?.provider ?? '',
  context: ({ given, window }) =>
    given.contextTokens === undefined || window === undefined || window === 0
      ? ''
      : `${String(Math.round((given.contextTokens / window) * 100))}%`,
  window: ({ window }) => (window === undefined ? '' : formatCount(window)),
  cache: ({ given, spending }) => {
    const ratio = given.hitRatio ?? spending?.hitRatio;
    return ratio === undefined ? '' : `${String(Math.round(Math.min(1, ratio) * 100))}%`;
  },
  session: ({ spending }) => (spending === undefined ? '' : formatSpent(spending.session)),
  today: ({ spending }) => (spending === undefined ? '' : formatSpent(spending.today)),
  left: ({ key }) => (key === undefined || key.remaining === null ? '' : formatUsd(key.remaining)),
  age: ({ key, now }) => (key === undefined || key.remaining === null ? '' : describeAge(Math.max(0, now - key.at))),
};

/** Colours of the placeholders that have one; undefined for none. Red and yellow are for what the user should act on. */
const COLOURS: Readonly<Record<string, (parts: Parts) => number | undefined>> = {
  model: () => CYAN,
  context: ({ given: { contextTokens = 0 }, window = Infinity }) =>
    contextTokens >= window * 0.9 ? RED : contextTokens >= window * 0.7 ? YELLOW : undefined,
  left: ({ key }) => ((key?.remaining ?? Infinity) <= 0 ? RED : undefined),
};

/** `$0.42`; `$0.42 + ?` with answers of an unknown price, `?` with those alone; `$0.42…` while more is being read. */
function formatSpent({ cost, unpriced, isWhole }: Spent): string {
  if (unpriced > 0 && cost === 0) return '?';
  return `${formatUsd(cost / 1e12)}${unpriced > 0 ? ' + ?' : ''}${isWhole ? '' : '…'}`;
}

/** The parts of the line, most important first: the last ones are dropped if the terminal is too narrow. */
const USUAL = [
  '{alias} {model}',
  '{session}',
  '{today} today',
  '{context} of {window}',
  '{provider}',
  'cache {cache}',
  '{left} left {age} ago',
] as const;

/** The order in which they are shown. */
const ORDER: readonly (typeof USUAL)[number][] = [
  '{alias} {model}',
  '{provider}',
  '{context} of {window}',
  'cache {cache}',
  '{session}',
  '{today} today',
  '{left} left {age} ago',
];

const BETWEEN = ' · ';

/** A template with every placeholder filled in, without control characters; `isWhole` if all of them are known. */
function fill(template: string, parts: Parts, paint: Paint): { readonly text: string; readonly isWhole: boolean } {
  let isWhole = true;
  const text = stripControls(template).replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(PLACEHOLDERS, name)) return whole;
    const value = stripControls(PLACEHOLDERS[name]?.(parts) ?? '');
    isWhole &&= value !== '';
    const colour = COLOURS[name]?.(parts);
    return colour === undefined ? value : paint(value, colour);
  });
  return { text, isWhole };
}

/** The usual line, at most `width` cells long but never without the model. */
export function usualLine(parts: Parts, width: number, paint: Paint): string {
  const [first] = USUAL;
  const lineOf = (chosen: readonly string[], brush: Paint): string =>
    ORDER.flatMap((template) => {
      const { text, isWhole } = fill(template, parts, brush);
      return chosen.includes(template) && (isWhole || template === first) ? [text.trim()] : [];
    }).join(brush(BETWEEN, DIM));
  // Names of models and providers are ASCII: one character is one cell, so the library that counts cells is not loaded.
  const fits = (count: number): boolean => [...lineOf(USUAL.slice(0, count), plain)].length <= width;
  const count = USUAL.findLastIndex((_, index) => index === 0 || fits(index + 1)) + 1;
  return lineOf(USUAL.slice(0, count), paint);
}

/** Fills in the user's template. What is not known is left out, and runs of blanks become one. */
export function formattedLine(template: string, parts: Parts, paint: Paint): string {
  return fill(template, parts, paint).text.replace(/ {2,}/g, ' ').trim();
}
