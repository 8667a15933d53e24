import { describe, expect, it } from 'vitest';

import { createCatalog, type Catalog } from '../../src/openrouter/catalog.ts';
import { readRows } from '../../src/openrouter/fetch-catalog.ts';
import { isSameModel } from '../../src/openrouter/same-model.ts';
import { makeModel } from '../support/models.ts';
import { catalogRows } from '../support/shared.ts';

const about = { source: 'live', asOf: 0, stale: false } as const;

describe('whether the model that answered is the one that was asked for', () => {
  const catalog = createCatalog(
    [
      makeModel({ id: 'acme/edition', canonicalSlug: 'venice/uncensored' }),
      makeModel({ id: 'acme/edition:free', variant: 'free', canonicalSlug: 'venice/uncensored' }),
      makeModel({ id: 'acme/v4', canonicalSlug: 'acme/v4-20260423' }),
      makeModel({ id: 'acme/v4-0731', canonicalSlug: 'acme/v4-20260731' }),
      makeModel({ id: '~acme/latest', aliasTarget: 'acme/v4' }),
    ],
    about,
  );

  it.each([
    ['acme/edition', 'venice/uncensored'],
    ['acme/edition:free', 'venice/uncensored'],
    ['acme/edition:nitro', 'venice/uncensored'],
    ['acme/edition@preset/mine', 'Venice/Uncensored'],
    ['venice/uncensored', 'acme/edition'],
    ['acme/v4', 'acme/v4-20260423'],
    ['~acme/latest', 'acme/v4-20260423'],
    ['acme/unlisted', 'acme/unlisted-20260101'],
  ])('is told by the full name that the catalog has: %s, %s', (asked, answered) => {
    expect(isSameModel(asked, answered, catalog)).toBe(true);
  });

  it.each([
    ['acme/v4', 'acme/v4-20260731'],
    ['acme/v4', 'acme/v4-0731'],
    ['~acme/latest', 'acme/v4-20260731'],
    ['acme/edition', 'acme/v4'],
  ])('is denied where the catalog has another one by that name: %s, %s', (asked, answered) => {
    expect(isSameModel(asked, answered, catalog)).toBe(false);
  });

  it('counts the words of a version without a catalog', () => {
    expect(isSameModel('openai/gpt-5.5', 'openai/gpt-5-2025-08-07')).toBe(false);
    expect(isSameModel('openai/gpt-5', 'openai/gpt-5.5-20260423')).toBe(false);
    expect(isSameModel('openai/gpt-5.5', 'openai/gpt-5.5-20260423')).toBe(true);
  });

  it('is right for every row of a whole catalog, and takes no two for one', () => {
    const data = catalogRows();
    const real: Catalog = createCatalog(readRows(data), about);
    const answers = (id: string): string => data.find((row) => row.id === (real.find(id)?.aliasTarget ?? id))?.canonical_slug ?? id;
    const denied = data.filter(({ id }) => !isSameModel(id, answers(id), real)).map(({ id }) => id);
    expect(data.length).toBeGreaterThan(20);
    expect(denied).toEqual([]);
    const fixed = data.filter(({ id }) => !id.startsWith('~') && !id.startsWith('openrouter/'));
    const slugs = [...new Set(fixed.map((row) => row.canonical_slug))];
    const mixed = fixed.flatMap(({ id, canonical_slug }) => slugs.filter((slug) => slug !== canonical_slug && isSameModel(id, slug, real)));
    expect(mixed).toEqual([]);
  });
});
