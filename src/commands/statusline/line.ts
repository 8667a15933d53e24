import { describeAge } from '../../text/age.ts';
import { formatCount, formatUsd } from '../../text/format.ts';
import type { KeyFigures } from '../../openrouter/key-figures.ts';
import type { Given } from './given.ts';
import type { Spending, Spent } from './spending.ts';

/** All that a line can show. */
export interface Parts {
  readonly given: Given;
  /** Tokens; of the catalog, else Claude Code's own idea of it. */
  readonly window: number | undefined;
  /** undefined where no transcript could be read. */
  readonly spending: Spending | undefined;
  readonly key: KeyFigures | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The words that `--format` takes in braces, and what each stands for; empty where it is not known. */
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

/** `$0.42`; `$0.42 + ?` with answers of an unknown price, `?` with those alone; `$0.42…` while more is being read. */
function formatSpent({ cost, unpriced, isWhole }: Spent): string {
  if (unpriced > 0 && cost === 0) return '?';
  return `${formatUsd(cost / 1e12)}${unpriced > 0 ? ' + ?' : ''}${isWhole ? '' : '…'}`;
}

/** What the line says, most important first: where it gets too long for the terminal, the last ones go. */
const USUAL = [
  '{alias} {model}',
  '{session}',
  '{today} today',
  '{context} of {window}',
  '{provider}',
  'cache {cache}',
  '{left} left {age} ago',
] as const;

/** The order in which they stand. */
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

/** A template with every placeholder filled in; undefined where one of them is not known. */
function fill(template: string, parts: Parts): { readonly text: string; readonly isWhole: boolean } {
  let isWhole = true;
  const text = template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(PLACEHOLDERS, name) ? (PLACEHOLDERS[name]?.(parts) ?? '') : whole;
    isWhole &&= value !== '';
    return value;
  });
  return { text, isWhole };
}

/** The usual line, at most `width` cells long but never without the model. */
export function usualLine(parts: Parts, width: number): string {
  const [first] = USUAL;
  const known = new Map(
    ORDER.flatMap((template) => {
      const { text, isWhole } = fill(template, parts);
      return isWhole || template === first ? [[template, text.trim()] as const] : [];
    }),
  );
  const lineOf = (chosen: readonly string[]): string =>
    ORDER.flatMap((template) => (chosen.includes(template) ? (known.get(template) ?? []) : [])).join(BETWEEN);
  for (let count = USUAL.length; count > 1; count -= 1) {
    const line = lineOf(USUAL.slice(0, count));
    if ([...line].length <= width) return line;
  }
  return lineOf([first]);
}

/** The line of a template; what is not known is left out, and blanks that meet become one. */
export function formattedLine(template: string, parts: Parts): string {
  return fill(template, parts).text.replace(/ {2,}/g, ' ').trim();
}
