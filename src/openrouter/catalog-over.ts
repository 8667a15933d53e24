import { defined } from '../text/defined.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './catalog-model.ts';

/** A catalog whose rows are another one's, looked up or changed on the way. Reads no row before it is asked for. */
export function catalogOver(
  catalog: Catalog,
  find: (id: string) => CatalogModel | undefined,
  change: (row: CatalogModel) => CatalogModel = (row) => row,
): Catalog {
  let all: readonly CatalogModel[] | undefined;
  const { source, asOf, stale, etag, warning, failure } = catalog;
  return {
    ...{ source, asOf, stale, etag },
    ...defined({ warning, failure }),
    get models() {
      return (all ??= catalog.models.map(change));
    },
    find(id) {
      const row = find(id);
      return row && change(row);
    },
    nearest: (id, count) => catalog.nearest(id, count),
  };
}
