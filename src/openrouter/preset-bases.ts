import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './catalog-model.ts';
import { catalogOver } from './catalog-over.ts';
import type { ModelFacts } from './model-facts.ts';

/** The model behind each preset of the account that is mapped alone, by its id: `@preset/cheap` -> `z-ai/glm-4.7-flash`. */
export type PresetBases = Readonly<Record<string, string>>;

/** A catalog in which `@preset/x` has the row of the model behind it, as far as that is known. */
export function withBases(catalog: Catalog, bases: PresetBases | undefined): Catalog {
  if (bases === undefined || Object.keys(bases).length === 0) return catalog;
  return catalogOver(catalog, (id) => {
    const base = Object.hasOwn(bases, id) ? bases[id] : undefined;
    const row = base === undefined ? undefined : catalog.find(base);
    return row === undefined ? catalog.find(id) : presetRow(id, row);
  });
}

/** The row of a preset: all of its model's, under its own id. */
export function presetRow(id: string, row: CatalogModel): CatalogModel {
  return { ...row, id, base: row.base ?? row.id };
}

/** What the facts of mapped models tell of presets; undefined where they tell nothing. */
export function basesOf(facts: readonly ModelFacts[]): PresetBases | undefined {
  const found = facts.flatMap(({ id, row }): [string, string][] => (row?.base === undefined ? [] : [[id, row.base]]));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
