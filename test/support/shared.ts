import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BUILTIN_MODELS } from '../../src/openrouter/builtin.ts';
import { modelRow } from '../../src/simulator/catalog.ts';

/**
 * Path of a file of the OpenRouter test data that lies beside the repository,
 * or undefined where it is absent: the test then skips and says so.
 */
export function sharedFile(name: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../shared/${name}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** The title of what needs that data, with how many tests it stands for: a run without it adds them up at its end. */
export function besideTitle(what: string, tests: number): string {
  return `${what} (${String(tests)} more, skipped where ../shared/openrouter is absent)`;
}

/** One row of `GET /v1/models`, as loosely as tests need it. */
export interface CatalogRow {
  readonly id: string;
  readonly canonical_slug: string;
  readonly pricing: Readonly<Record<string, unknown>>;
}

/** Every row of August 2026 where that data is there, else the simulator's: what must hold for a whole catalog is tried either way. */
export function catalogRows(): readonly CatalogRow[] {
  const file = sharedFile('openrouter/models.json');
  if (file !== undefined) return (JSON.parse(readFileSync(file, 'utf8')) as { data: CatalogRow[] }).data;
  return BUILTIN_MODELS.map(modelRow) as unknown as CatalogRow[];
}
