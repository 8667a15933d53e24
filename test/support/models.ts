import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';

/** A model that suits Claude Code in every way, with what a test wants different. */
export function makeModel(changes: Partial<CatalogModel> = {}): CatalogModel {
  return {
    id: 'acme/one',
    name: 'Acme: One',
    created: 1_780_000_000,
    context: 200_000,
    maxOutput: 64_000,
    inputPrice: 0.4,
    outputPrice: 1.6,
    tools: true,
    toolChoice: true,
    reasoning: true,
    textIn: true,
    textOut: true,
    batch: false,
    free: false,
    ...changes,
  };
}
