import { describe, expect, it } from 'vitest';
import { describeGuesses, gatherFacts } from '../../src/change/gather-facts.ts';
import type { Http } from '../../src/core/context.ts';
import { createCatalog, type Catalog } from '../../src/openrouter/catalog.ts';
import type { ModelFacts } from '../../src/openrouter/model-facts.ts';
import { makeModel } from '../support/models.ts';
import { contextFor } from '../support/temp-home.ts';

const catalog = (source: Catalog['source'] = 'cache'): Catalog =>
  createCatalog([makeModel()], { source, asOf: Date.UTC(2026, 10, 27, 12), stale: false });
const facts = (id: string, source: ModelFacts['source'], failure?: string): ModelFacts => ({
  ...{ id, window: null, maxOutput: null, known: true, source },
  ...(failure === undefined ? {} : { failure }),
});

describe('models whose providers could not be asked', () => {
  it('are named with where their limits come from: the catalog and its day, or the list that orcc brings', () => {
    const guessed = [facts('a/one', 'endpoints'), facts('a/two', 'catalog'), facts('a/three', 'none')];
    const [cached, builtin] = (['cache', 'builtin'] as const).map((source) => describeGuesses(guessed, catalog(source)) ?? '');
    expect(cached).toMatch(/ a\/two, a\/three .* 2026-11-27: /);
    expect(cached).not.toContain('a/one');
    expect(builtin).toMatch(/ a\/two, a\/three .*orcc/);
    expect(builtin).not.toContain('2026');
  });

  it('are named with the first reason, if there is one', () => {
    const reasons = [facts('a/one', 'endpoints', 'not told'), facts('a/two', 'catalog'), facts('a/three', 'catalog', 'no route')];
    expect(describeGuesses([...reasons, facts('a/four', 'catalog', 'late')], catalog())).toMatch(/ \(no route\)$/);
    expect(describeGuesses([facts('a/two', 'catalog')], catalog())).not.toMatch(/\(|undefined|x$/);
  });

  it('are none where all were asked, and a preset has no providers of its own', () => {
    expect(describeGuesses([facts('a/one', 'endpoints'), facts('@preset/mine', 'catalog')], catalog())).toBeUndefined();
    expect(describeGuesses([facts('a/one', 'catalog')], catalog())).toBeDefined();
  });
});

describe('the facts of a mapping', () => {
  const mapping = { models: { opus: 'acme/one', sonnet: 'acme/one', haiku: 'acme/one' }, defaultAlias: 'opus' } as const;
  const asked: string[] = [];
  const http: Http = {
    request: ({ url }) => {
      asked.push(url);
      return Promise.reject(new Error('no network'));
    },
    proxyFor: () => undefined,
  };
  const ctx = { ...contextFor('/home/u'), http, version: '0', signal: new AbortController().signal };

  it('are asked for, unless nobody may be', async () => {
    const endpoint = { baseUrl: 'https://openrouter.ai/api' };
    expect(await gatherFacts(ctx, endpoint, mapping, catalog(), true)).toMatchObject([{ id: 'acme/one', source: 'catalog' }]);
    expect(asked.splice(0)).toEqual([]);
    await gatherFacts(ctx, endpoint, mapping, catalog(), false).catch(() => undefined);
    expect(asked.splice(0)).toHaveLength(1);
  });
});
