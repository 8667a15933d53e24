import { describe, expect, it } from 'vitest';

import { searchModels } from '../../src/openrouter/search.ts';
import { BUILTIN_MODELS } from '../../src/openrouter/builtin.ts';
import { makeModel } from '../support/models.ts';

const models = BUILTIN_MODELS.map((row) => makeModel({ id: row.id, name: row.name }));
const ids = (term: string): string[] => searchModels(models, term).found.map((model) => model.id);

describe('the model search', () => {
  it('gives all models for an empty term', () => {
    expect(searchModels(models, '  ').found).toBe(models);
  });

  it('puts the exact id first, then ids that begin so', () => {
    expect(ids('z-ai/glm-4.7')[0]).toBe('z-ai/glm-4.7');
    expect(ids('glm-4.7').slice(0, 2)).toEqual(['z-ai/glm-4.7', 'z-ai/glm-4.7-flash']);
  });

  it('does not mind dots, dashes, case and the order of words', () => {
    expect(ids('GLM47')).toContain('z-ai/glm-4.7');
    expect(ids('flash glm')).toEqual(ids('glm flash'));
    expect(ids('flash glm')).toContain('z-ai/glm-4.7-flash');
  });

  it('puts the model first that the words are the whole of', () => {
    expect(ids('glm 4.7')[0]).toBe('z-ai/glm-4.7');
    expect(ids('4.7 glm')[0]).toBe('z-ai/glm-4.7');
  });

  it('finds by author, price, window, tools and images, in any order with a name', () => {
    const some = [
      makeModel({ id: 'a/big-coder', context: 1_000_000, inputPrice: 2, outputPrice: 8 }),
      makeModel({ id: 'a/coder', context: 204_800, inputPrice: 0.1, outputPrice: 0.9, textOnly: true }),
      makeModel({ id: 'b/coder:free', context: 131_072, inputPrice: 0, outputPrice: 0, free: true, tools: false }),
      makeModel({ id: 'b/router', context: null, inputPrice: null, outputPrice: null }),
    ];
    const found = (term: string): string[] => searchModels(some, term).found.map(({ id }) => id);
    expect(found('free')).toEqual(['b/coder:free']);
    expect(found('tools coder')).toEqual(['a/coder', 'a/big-coder']);
    expect(found('coder tools')).toEqual(['a/coder', 'a/big-coder']);
    expect(found('images')).toEqual(['a/big-coder', 'b/coder:free', 'b/router']);
    expect(found('200k')).toEqual(['a/coder']);
    expect(found('>=200K')).toEqual(['a/big-coder', 'a/coder']);
    expect(found('<200k coder')).toEqual(['b/coder:free']);
    // What is shown as 256K counts as that.
    expect(searchModels([makeModel({ id: 'c/binary', context: 262_144 })], '>256k').found).toEqual([]);
    expect(found('<1')).toEqual(['a/coder', 'b/coder:free']);
    expect(found('>=$8')).toEqual(['a/big-coder']);
    expect(found('coder <1 >0')).toEqual(['a/coder']);
    for (const typing of ['>', '>=', '<$']) expect(found(typing)).toHaveLength(4);
  });

  it('takes letters in order where no word holds whole', () => {
    expect(ids('qwcodernxt')[0]).toBe('qwen/qwen3-coder-next');
    // Such a match has to be labelled where it is shown.
    expect(searchModels(models, 'qwcodernxt').isLoose).toBe(true);
    expect(searchModels(models, 'qwen').isLoose).toBe(false);
  });

  it('gives nothing for what is nowhere, however long or odd', () => {
    expect(ids('zzzz')).toEqual([]);
    expect(ids('('.repeat(1000))).toEqual([]);
  });
});

describe('the model search over 10 000 models', () => {
  it('takes less than a frame per key', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => {
      const row = models[index % models.length];
      return makeModel({ ...row, id: `${row?.id ?? 'a/b'}-${index}` });
    });
    searchModels(many, 'warm');
    const times = ['c', 'cl', 'claude', 'claude opus', 'qwen coder 4', 'glm4'].map((term) => {
      const started = performance.now();
      expect(searchModels(many, term).found.length).toBeGreaterThan(0);
      return performance.now() - started;
    });
    // The benchmark prints the real figure; this only catches a search that has become slow by an order.
    expect(Math.min(...times)).toBeLessThan(60);
    console.info(`filter over 10 000 models: ${times.map((time) => time.toFixed(1)).join(', ')} ms`);
  });
});
