import { REQUIRED_ALIASES, type Mapping } from '../../claude/aliases.ts';
import { findPreset } from '../../claude/presets.ts';
import type { Named, NamedSource } from '../../config/named-mapping.ts';
import type { Choice } from '../../core/context.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import { modelCells } from '../../openrouter/describe.ts';
import { rateOf } from '../../openrouter/price.ts';
import { formatPrice, formatTokens } from '../../text/format.ts';
import { clip, stripControls } from '../../text/text.ts';

/** Width of the first column, in cells. */
export const NAME_CELLS = 19;
const WINDOW_CELLS = 10;
const SOURCES: Readonly<Record<NamedSource, string>> = { profile: 'your profile', team: 'preset of orcc.json', preset: 'preset' };

/** The heading above rows of `describeNamed`. */
export function headingOfNamed(): string {
  return `${'models'.padEnd(NAME_CELLS)}  ${'window'.padEnd(WINDOW_CELLS)}  $/M in / out`;
}

/** A profile or preset as one line, with the ranges of windows and prices; its description, shown below the list, has its models. */
export function describeNamed(named: Named, catalog: Catalog, isNow: boolean): Omit<Choice<string>, 'value'> {
  const { name, source, mapping } = named;
  const preset = source === 'preset' ? findPreset(name) : undefined;
  const mark = isNow ? ' (now)' : named.recommended === true ? ' (recommended)' : '';
  const shown = `${clip(stripControls(name), NAME_CELLS - mark.length)}${mark}`;
  const key = named.otherKey === undefined ? '' : `, with the key ${named.otherKey}`;
  const about = preset === undefined ? `${SOURCES[source]}${key}` : `${preset.title}. ${preset.note} (as of ${preset.asOf})`;
  return {
    name: `${shown.padEnd(NAME_CELLS)}  ${rangeCells(mapping, catalog)}`,
    short: stripControls(name),
    description: `${about}\n${pricesOf(mapping, catalog)}`,
  };
}

/** `128K-256K  0.06-0.60 / 0.40-2.20`: ranges of window and price over the aliases that every mapping names. */
export function rangeCells(mapping: Mapping, catalog: Catalog): string {
  const rows = [...new Set(REQUIRED_ALIASES.map((alias) => mapping.models[alias]))].map((id) => catalog.find(id));
  const known = rows.flatMap((row) => row ?? []);
  const rates = known.filter(({ priceUntold }) => priceUntold !== true).map(rateOf);
  const windows = range(
    known.map((row) => row.context),
    formatTokens,
  );
  const prices = [rates.map(({ input }) => input), rates.map(({ output }) => output)].map((each) => range(each, roundPrice));
  const price = new Set(prices).size === 1 ? prices[0] : prices.join(' / ');
  return `${windows.padEnd(WINDOW_CELLS)}  ${known.length === 0 ? '?' : (price ?? '')}`;
}

/** Rounds to cents, which is enough for a comparison. */
function roundPrice(usd: number | null): string {
  return usd !== null && usd >= 0.01 ? `$${usd.toFixed(2)}` : formatPrice(usd);
}

function range(values: readonly (number | null)[], format: (value: number | null) => string): string {
  if (values.length === 0) return '?';
  if (values.includes(null)) return format(null);
  const sorted = [...values].sort((a, b) => (a ?? 0) - (b ?? 0));
  const [low = '', high = ''] = [format(sorted[0] ?? null), format(sorted.at(-1) ?? null)];
  return low === high ? low : `${low}-${high.replace(/^\$/, '')}`;
}

function pricesOf(mapping: Mapping, catalog: Catalog): string {
  const lines = REQUIRED_ALIASES.map((alias) => {
    const row = catalog.find(mapping.models[alias]);
    const { window, inPrice, outPrice } = modelCells(row);
    const price = row === undefined ? 'price unknown' : `${window}, ${inPrice} / ${outPrice}`;
    const barred = row?.barred === true ? ', not allowed for this key' : '';
    return `${alias.padEnd(6)}  ${stripControls(mapping.models[alias])}  ${price}${barred}`;
  });
  return lines.join('\n');
}
