import { describe, expect, it } from 'vitest';
import { nameKept, nameModels } from '../../src/change/name-models.ts';
import { createCatalog } from '../../src/openrouter/catalog.ts';
import { makeModel } from '../support/models.ts';

const OPENROUTER = 'https://openrouter.ai/api';
const catalog = createCatalog(
  ['a/one', 'b/two', 'c/two', 'D/Three', ...['e', 'f', 'g', 'h', 'i', 'j'].map((author) => `${author}/many`)].map((id) =>
    makeModel({ id }),
  ),
  { source: 'live', asOf: 0, stale: false },
);
const mapping = (haiku: string) => ({ models: { opus: 'a/one', sonnet: 'x/unknown', haiku }, defaultAlias: 'sonnet' as const });

describe('a mapped slug without an author', () => {
  it('is the model that one author alone has, in upper or lower case', () => {
    expect(nameModels(mapping('three'), catalog, OPENROUTER)).toEqual(mapping('D/Three'));
    expect(nameModels(mapping('THREE'), catalog, OPENROUTER)).toEqual(mapping('D/Three'));
  });

  it('leaves a mapping of full ids as it is, with what else it has', () => {
    const whole = { ...mapping('y/z'), further: [{ model: 'one', as: 'pin' as const }] };
    expect(nameModels(whole, catalog, OPENROUTER)).toEqual(whole);
  });

  it('of several authors is refused with at most five of them, an unknown one with the three nearest', () => {
    const dataOf = (haiku: string): unknown => {
      try {
        return nameModels(mapping(haiku), catalog, OPENROUTER);
      } catch (error) {
        return error;
      }
    };
    expect(dataOf('many')).toMatchObject({
      exit: 'usage',
      code: 'MODEL_UNKNOWN',
      data: { model: 'many', nearest: ['e/many', 'f/many', 'g/many', 'h/many', 'i/many'] },
    });
    expect(dataOf('two')).toMatchObject({ exit: 'usage', code: 'MODEL_UNKNOWN', data: { nearest: ['b/two', 'c/two'] } });
    expect(dataOf('manyy')).toMatchObject({ exit: 'usage', code: 'MODEL_UNKNOWN', data: { nearest: catalog.nearest('manyy', 3) } });
  });

  it('of several authors is refused at a gateway too, where an unknown one is kept', () => {
    const gateway = 'https://llm.example';
    expect(() => nameModels(mapping('two'), catalog, gateway)).toThrow(expect.objectContaining({ code: 'MODEL_UNKNOWN' }));
    for (const name of ['manyy', 'two:3']) expect(nameModels(mapping(name), catalog, gateway)).toEqual(mapping(name));
    expect(nameModels(mapping('two'), { ...catalog, source: 'builtin' }, gateway)).toEqual(mapping('two'));
    expect(nameModels(mapping('three'), { ...catalog, source: 'builtin' }, OPENROUTER)).toEqual(mapping('D/Three'));
    const own = createCatalog([makeModel({ id: 'x/gpt' }), makeModel({ id: 'gpt' })], { source: 'live', asOf: 0, stale: false });
    expect(nameModels(mapping('gpt'), own, gateway)).toEqual(mapping('gpt'));
  });
});

describe('a slug in the extras', () => {
  const extras = {
    fallback: ['opus', 'one', 'x/unknown'],
    pins: ['three', 'b/two'],
    autoModeModel: 'One',
    effort: { all: 'low' as const },
  };
  const named = { ...extras, fallback: ['opus', 'a/one', 'x/unknown'], pins: ['D/Three', 'b/two'], autoModeModel: 'a/one' };

  it('is named as well, those of the profile too, while an alias stays an alias', () => {
    expect(nameKept({ extras, profileExtras: { pins: ['one'] }, pinRows: [] }, catalog, OPENROUTER)).toEqual({
      extras: named,
      profileExtras: { pins: ['a/one'] },
      pinRows: [],
    });
    expect(nameKept({}, catalog, OPENROUTER)).toEqual({});
    expect(nameKept({ extras: { effort: extras.effort } }, catalog, OPENROUTER)).toEqual({ extras: { effort: extras.effort } });
  });

  it('may be a gateway’s own name', () => {
    const kept = { extras: { pins: ['none-such', 'one'] } };
    expect(nameKept(kept, catalog, 'https://llm.example')).toEqual({ extras: { pins: ['none-such', 'a/one'] } });
    expect(() => nameKept(kept, catalog, OPENROUTER)).toThrow(expect.objectContaining({ code: 'MODEL_UNKNOWN' }));
  });
});
