import { resolveAliases, type AliasModels } from '../../claude/aliases.ts';
import type { Named } from '../../config/named-mapping.ts';
import { describePrices, modelCells } from '../../openrouter/describe.ts';
import type { Catalog } from '../../openrouter/catalog.ts';
import type { Style } from '../../text/style.ts';
import { renderTable, right, type Column } from '../../text/table.ts';
import { stripControls } from '../../text/text.ts';

/** A profile or preset in the list. */
interface ListedProfile {
  readonly name: string;
  readonly source: Named['source'];
  readonly active: boolean;
  /** It is active, but the mapping in effect has been changed since. */
  readonly changed: boolean;
  readonly mapping: AliasModels;
}

const SOURCES: Record<Named['source'], string> = { profile: 'yours', team: 'orcc.json', preset: 'preset' };

const NAME: Column = { title: 'name' };
const COLUMNS: readonly Column[] = [
  NAME,
  { title: 'aliases' },
  { title: 'model' },
  ...['window', 'in', 'out', '$/M in/out'].map(right),
  { title: 'from' },
];
/** The columns to show, the widest layout first: the first one that fits the terminal is used. */
const LAYOUTS: readonly (readonly string[])[] = [
  ['name', 'aliases', 'model', 'window', 'in', 'out', 'from'],
  ['name', 'aliases', 'model', 'in', 'out', 'from'],
  ['name', 'aliases', 'model', 'in', 'out'],
  ['name', 'aliases', 'model', '$/M in/out'],
  ['name', 'aliases', 'model'],
];

/** One row for each model of each profile, with window and price if the catalog knows them and the terminal is wide enough. */
export function renderProfiles(profiles: readonly ListedProfile[], catalog: Pick<Catalog, 'find'>, style: Style): string {
  const rows = profiles.flatMap(({ name, source, active, changed, mapping }) =>
    groupAliases(mapping).map(({ model, aliases }, index) => {
      const row = catalog.find(model);
      const { window, inPrice, outPrice } = modelCells(row);
      const head = index === 0 ? `${stripControls(name)}${active ? (changed ? ' * (changed)' : ' *') : ''}` : '';
      const price = row === undefined ? '' : describePrices(row).replace(' / ', '/');
      return [head, aliases.join(', '), stripControls(model), window, inPrice, outPrice, price, index === 0 ? SOURCES[source] : ''];
    }),
  );
  const withOnly = (columns: readonly Column[]): string =>
    renderTable(
      columns,
      rows.map((row) => row.filter((_, index) => columns.includes(COLUMNS[index] ?? NAME))),
      style,
    );
  const choices = LAYOUTS.map((titles) => withOnly(COLUMNS.filter(({ title }) => titles.includes(title))));
  // If a layout does not fit, `renderTable` gives a list, whose first line is not the headings.
  return choices.find((text) => text.split('\n', 1)[0]?.includes('aliases')) ?? choices.at(-1) ?? '';
}

/** The aliases mapped to each model, without those that only follow another alias. */
function groupAliases(mapping: AliasModels): ReadonlyArray<{ readonly model: string; readonly aliases: readonly string[] }> {
  const named = resolveAliases(mapping).filter(({ alias }) => mapping[alias] !== undefined);
  return [...new Set(named.map(({ model }) => model))].map((model) => ({
    model,
    aliases: named.flatMap((each) => (each.model === model ? [each.alias] : [])),
  }));
}
