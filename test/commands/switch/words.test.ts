import { describe, expect, it } from 'vitest';
import { nameModels } from '../../../src/change/name-models.ts';
import { readWords } from '../../../src/commands/switch/words.ts';
import { createCatalog } from '../../../src/openrouter/catalog.ts';
import { parseModelId } from '../../../src/openrouter/model-id.ts';
import { makeModel } from '../../support/models.ts';

const NOTHING = { models: {}, open: undefined, names: [] };

describe('the words of orcc switch', () => {
  it.each<[string[], object]>([
    [['haiku=a/b'], { models: { haiku: 'a/b' } }],
    [['HAIKU=a/b', 'Opus=c/d'], { models: { haiku: 'a/b', opus: 'c/d' } }],
    [['haiku=deepseek-v4-flash'], { models: { haiku: 'deepseek-v4-flash' } }],
    [['haiku=https://openrouter.ai/deepseek/deepseek-v4-flash'], { models: { haiku: 'deepseek/deepseek-v4-flash' } }],
    [['haiku=https://openrouter.ai/a/b:free/providers?x=1'], { models: { haiku: 'a/b:free' } }],
    [['fable='], { models: { fable: undefined } }],
    [['value'], { names: ['value'] }],
    [['value', 'haiku=a/b'], { names: ['value'], models: { haiku: 'a/b' } }],
    [['haiku', 'a/b'], { models: { haiku: 'a/b' } }],
    [['haiku'], { open: 'haiku' }],
    [['haiku='], { open: 'haiku' }],
    [['haiku=www.openrouter.ai/models/a/b/'], { models: { haiku: 'a/b' } }],
    [['haiku', 'opus=a/b'], { open: 'haiku', models: { opus: 'a/b' } }],
  ])('%j on a terminal', (words, said) => {
    expect(readWords(words, true)).toEqual({ ...NOTHING, ...said });
  });

  it.each([
    [['haiku'], 'orcc switch haiku=MODEL'],
    [['a/b'], 'orcc switch haiku=a/b'],
    [['haiku', 'a/b'], 'orcc switch haiku=a/b'],
  ])('%j where nobody is asked is told as alias=model', (words, said) => {
    expect(() => readWords(words, false)).toThrow(
      expect.objectContaining({ exit: 'usage', hint: expect.stringContaining(said) as string }),
    );
  });

  it.each([
    'a/b',
    'haiku= opus=',
    'hiku=a/b',
    'haiku=a\tb',
    'haiku=https://example.com/a/b',
    'haiku=https://openrouter.ai/docs/quickstart',
  ])('can not mean %s', (word) => {
    expect(() => readWords(word.split(' '), true)).toThrow(expect.objectContaining({ exit: 'usage' }));
  });

  it('the address of a page is an id wherever one is taken', () => {
    expect(parseModelId('https://openrouter.ai/z-ai/glm-4.7').id).toBe('z-ai/glm-4.7');
  });
});

describe('a slug without its author', () => {
  const catalog = createCatalog(
    ['a/one', 'b/two', 'c/two', 'b/one-more'].map((id) => makeModel({ id })),
    { source: 'live', asOf: 0, stale: false },
  );
  const mapping = (haiku: string) => ({ models: { opus: 'a/one', sonnet: 'a/one', haiku }, defaultAlias: 'sonnet' as const });

  const OPENROUTER = 'https://openrouter.ai/api';

  it('is taken as it stands at a gateway of another kind, whose own list is asked first', () => {
    const own = createCatalog([makeModel({ id: 'x/gpt' }), makeModel({ id: 'gpt' })], { source: 'live', asOf: 0, stale: false });
    const gateway = 'https://llm.example';
    expect(nameModels(mapping('gpt'), own, gateway).models.haiku).toBe('gpt');
    expect(nameModels(mapping('two'), { ...catalog, source: 'builtin' }, gateway).models.haiku).toBe('two');
    expect(nameModels(mapping('one'), catalog, gateway).models.haiku).toBe('a/one');
    expect(nameModels(mapping('none-such'), catalog, gateway).models.haiku).toBe('none-such');
  });

  it('is the model of that name where one author alone has it', () => {
    expect(nameModels(mapping('One'), catalog, OPENROUTER).models.haiku).toBe('a/one');
    expect(nameModels(mapping('x/unknown'), catalog, OPENROUTER).models.haiku).toBe('x/unknown');
  });

  it.each([
    ['two', '`b/two`, `c/two`'],
    ['oen', '`a/one`'],
  ])('is bad usage where %s names none or several, with the nearest ones', (slug, near) => {
    expect(() => nameModels(mapping(slug), catalog, OPENROUTER)).toThrow(
      expect.objectContaining({ exit: 'usage', code: 'MODEL_UNKNOWN', hint: expect.stringContaining(near) as string }),
    );
  });
});
