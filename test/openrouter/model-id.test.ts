import { describe, expect, it } from 'vitest';

import { OrccError } from '../../src/core/errors.ts';
import { baseModelId, isModelId, parseModelId, presetOf, stripDynamicVariant } from '../../src/openrouter/model-id.ts';

describe('model ids', () => {
  it('takes an id apart', () => {
    expect(parseModelId(' z-ai/glm-4.7 ')).toEqual({ id: 'z-ai/glm-4.7', preset: false });
    expect(parseModelId('nvidia/nemotron-3:free')).toMatchObject({ id: 'nvidia/nemotron-3:free', variant: 'free' });
    expect(parseModelId('~anthropic/claude-opus-latest')).toMatchObject({ preset: false });
    expect(parseModelId('@preset/my-team')).toEqual({ id: '@preset/my-team', preset: true });
  });

  it.each([
    ['nothing', ''],
    ['no author', 'glm-4.7'],
    ['two slashes', 'a/b/c'],
    ['a line break', 'a/b\nexport X=1'],
    ['an escape', 'a/b\x1b[31m'],
    ['a single quote', "a/b'"],
    ['a double quote', 'a/"b"'],
    ['a dollar', 'a/$HOME'],
    ['a backquote', 'a/`id`'],
    ['a space', 'a/b c'],
    ['10 kB', `a/${'b'.repeat(10_000)}`],
    ['a sign of the client', 'z-ai/glm-4.7[1m]'],
    ['a letter beyond ASCII', 'a/modèle'],
    ['a slash at the end', 'a/'],
    ['a semicolon', 'a/b;id'],
  ])('refuses %s with the reason, exit 2', (_name, text) => {
    expect(isModelId(text)).toBe(false);
    let error: unknown;
    try {
      parseModelId(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(OrccError);
    expect(error).toMatchObject({ exit: 'usage' });
    const message = error instanceof Error ? error.message : '';
    expect(message).not.toMatch(/[\x00-\x1f\x7f]/);
    expect(message.length).toBeLessThan(300);
  });

  it('takes a preset of the account alone and behind a model', () => {
    expect(parseModelId('a/b:free@preset/my-team')).toMatchObject({
      id: 'a/b:free@preset/my-team',
      variant: 'free',
      preset: false,
    });
    expect([baseModelId('a/b:nitro@preset/x'), baseModelId('a/b@preset/x'), baseModelId('@preset/x')]).toEqual(['a/b', 'a/b', '@preset/x']);
    expect([presetOf('a/b@preset/x'), presetOf('@preset/x'), presetOf('a/b')]).toEqual(['x', 'x', undefined]);
  });

  it.each([
    'a/b@preset/',
    '@preset/',
    '@preset',
    'a/b@preset',
    'a/b@preset/x/y',
    'a/b@preset/-x',
    'a/b@preset/x:free',
    'a/b@x',
    'a/b@preset/é',
  ])('refuses the preset of %s with the form', (id) => {
    expect(() => parseModelId(id)).toThrow(/author\/slug@preset\/name/);
  });

  it('takes off the suffixes that need no row of their own, and no others', () => {
    expect(stripDynamicVariant('a/b:nitro')).toBe('a/b');
    expect(stripDynamicVariant('a/b:exacto')).toBe('a/b');
    expect(stripDynamicVariant('a/b:free')).toBe('a/b:free');
    expect(stripDynamicVariant('a/b')).toBe('a/b');
  });
});
