import { describe, expect, it } from 'vitest';
import { checkModels, describeTextOnly, takesImages } from '../../src/change/check-models.ts';
import type { AliasModels } from '../../src/claude/aliases.ts';
import { createCatalog, type Catalog } from '../../src/openrouter/catalog.ts';
import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import { makeModel } from '../support/models.ts';

const catalogOf = (rows: readonly Partial<CatalogModel>[], source: Catalog['source'] = 'live'): Catalog =>
  createCatalog(rows.map(makeModel), { source, asOf: 0, stale: false });
const ROWS: readonly Partial<CatalogModel>[] = [{ id: 'acme/one' }, { id: 'acme/two' }];
const models = (opus: string, more: Partial<AliasModels> = {}): AliasModels => ({ opus, sonnet: 'acme/two', haiku: 'acme/two', ...more });
const options = { force: false, now: 0, baseUrl: 'https://openrouter.ai/api' };

describe('a mapped model', () => {
  it.each(['acme/one', 'acme/one:nitro', 'acme/one@preset/mine', '@preset/mine'])(
    'that is there, or that the catalog can not know, needs no word: %s',
    (id) => {
      expect(checkModels(models(id), catalogOf(ROWS), options)).toEqual([]);
    },
  );

  it.each(['acme/onee', 'named-by-a-gateway'])('that is not there stops with exit 2, and by force with a remark: %s', (id) => {
    const catalog = catalogOf([...ROWS, ...['a', 'b', 'c', 'd'].map((end) => ({ id: `acme/one${end}` }))]);
    expect(() => checkModels(models(id, { sonnet: id }), catalog, options)).toThrow(
      expect.objectContaining({
        exit: 'usage',
        code: 'MODEL_UNKNOWN',
        data: { alias: 'opus', model: id, nearest: catalog.nearest(id, 3) },
      }),
    );
    for (const from of [catalog, catalogOf(ROWS, 'builtin')]) {
      const isBuiltin = from.source === 'builtin';
      const text = expect.stringContaining(isBuiltin ? 'built-in' : 'in the catalog') as string;
      expect(checkModels(models(id, { sonnet: id }), from, { ...options, force: !isBuiltin })).toEqual([
        { alias: 'opus', model: id, text },
      ]);
    }
  });

  it.each([
    ['acme/onee', 'orcc switch opus=acme/one'],
    ['zzzzzzzzzzzz/qqqqqqqqqqqqqq', 'orcc switch opus=MODEL'],
  ])('that was mapped before and has gone stands in no other’s way: %s', (id, command) => {
    const before = { before: models(id) };
    const [remark, ...more] = checkModels(models(id), catalogOf(ROWS), { ...options, ...before });
    expect([remark, more]).toEqual([{ alias: 'opus', model: id, text: expect.stringContaining(command) as string }, []]);
    expect(checkModels(models(id), catalogOf(ROWS, 'builtin'), { ...options, ...before })[0]?.text).not.toContain('orcc switch');
    expect(() => checkModels(models('acme/other', { sonnet: id }), catalogOf(ROWS), { ...options, ...before })).toThrow('acme/other');
  });

  it('with drawbacks is told of with each of them', () => {
    const rows = [
      { id: 'acme/one', tools: false, batch: true },
      { id: 'acme/two' },
      { id: 'anthropic/claude-haiku-4.5', canonicalSlug: 'anthropic/claude-4.5-haiku-20251001' },
    ];
    const remarks = checkModels(models('acme/one', { haiku: 'anthropic/claude-4.5-haiku-20251001' }), catalogOf(rows), options);
    expect(remarks.map(({ alias, model }) => [alias, model])).toEqual([
      ['opus', 'acme/one'],
      ['opus', 'acme/one'],
      ['haiku', 'anthropic/claude-4.5-haiku-20251001'],
    ]);
  });
});

describe('images', () => {
  const rows: readonly Partial<CatalogModel>[] = [{ id: 'acme/sees' }, { id: 'acme/blind', textOnly: true }];
  const mapped = (opus: string, others: string, haiku = others) => ({
    models: { opus, sonnet: others, haiku },
    defaultAlias: 'sonnet' as const,
  });

  it.each<[string, string, Catalog['source'], boolean]>([
    ['acme/blind', 'acme/sees', 'live', true],
    ['acme/blind', 'acme/sees', 'cache', true],
    ['acme/blind', 'acme/blind', 'live', false],
    ['acme/unknown', 'acme/blind', 'live', false],
    ['acme/sees', 'acme/sees', 'builtin', false],
  ])('are taken where a mapped model is known to: %s, %s, of a %s catalog', (opus, others, source, takes) => {
    expect(takesImages(mapped(opus, others), catalogOf(rows, source))).toBe(takes);
  });

  it('are told of by the aliases whose models take none, in their order, with the fix where all of them are', () => {
    const catalog = catalogOf(rows);
    const [some, one, all] = [
      mapped('acme/sees', 'acme/blind'),
      mapped('acme/sees', 'acme/sees', 'acme/blind'),
      mapped('acme/blind', 'acme/blind'),
    ];
    expect(describeTextOnly(mapped('acme/sees', 'acme/sees'), catalog)).toBeUndefined();
    expect(describeTextOnly(some, catalog)).toMatch(/ sonnet, haiku take .* on$/);
    expect(describeTextOnly(one, catalog)).toContain('haiku takes ');
    expect([some, one, all].map((each) => describeTextOnly(each, catalog)?.includes('IMAGES_UNGUARDED'))).toEqual([false, false, true]);
    const guarded = describeTextOnly(all, catalog, true) ?? '';
    expect(guarded).not.toContain('IMAGES_UNGUARDED');
    expect(guarded.length).toBeGreaterThan((describeTextOnly(some, catalog, true) ?? '').length);
  });
});
