import { describe, expect, it } from 'vitest';
import { createCatalog, withBases } from '../../src/openrouter/catalog.ts';
import { readRows } from '../../src/openrouter/fetch-catalog.ts';
import { findHiddenName } from '../../src/openrouter/hidden-name.ts';

const ids: readonly (readonly [string, string])[] = [
  ['anthropic/claude-haiku-4.5', 'anthropic/claude-4.5-haiku-20251001'],
  ['anthropic/claude-sonnet-4.5', 'anthropic/claude-4.5-sonnet-20250929'],
  ['anthropic/claude-opus-4.5', 'anthropic/claude-4.5-opus-20251124'],
  ['anthropic/claude-opus-4.6', 'anthropic/claude-4.6-opus-20260205'],
  ['anthropic/claude-3-haiku', 'anthropic/claude-3-haiku'],
  ['z-ai/glm-4.7', 'z-ai/glm-4.7-20251222'],
];
const all = readRows([
  ...ids.map(([id, canonical_slug]) => ({ id, canonical_slug })),
  { id: '~anthropic/claude-haiku-latest', alias_target: { slug: 'anthropic/claude-haiku-4.5' } },
]);
const catalog = withBases(createCatalog(all, { source: 'live', asOf: 0, stale: false }), {
  '@preset/fast': 'anthropic/claude-haiku-4.5',
  '@preset/claude-haiku-4.5': 'anthropic/claude-haiku-4.5',
  '@preset/glm': 'z-ai/glm-4.7',
  '@preset/new': 'anthropic/claude-opus-4.6',
});
const find = (id: string) => {
  const row = catalog.find(id);
  return row === undefined ? 'no row' : findHiddenName(id, row);
};

describe('a name that hides a Claude from Claude Code', () => {
  it.each([
    ['anthropic/claude-4.5-haiku-20251001', ['adaptive thinking', 'effort'], 'anthropic/claude-haiku-4.5'],
    ['anthropic/claude-4.5-sonnet-20250929', ['adaptive thinking', 'effort'], 'anthropic/claude-sonnet-4.5'],
    ['anthropic/claude-4.5-opus-20251124', ['adaptive thinking'], 'anthropic/claude-opus-4.5'],
    ['@preset/fast', ['adaptive thinking', 'effort'], 'anthropic/claude-haiku-4.5@preset/fast'],
    ['anthropic/claude-haiku-4.5@preset/claude-opus-5', ['adaptive thinking', 'effort'], undefined],
  ])('%s: %j, and %s is better', (id, refused, better) => {
    expect(find(id)).toEqual({ refused, better });
  });

  it.each([
    'anthropic/claude-haiku-4.5',
    'anthropic/claude-haiku-4.5:nitro',
    'anthropic/claude-haiku-4.5@preset/fast',
    'anthropic/claude-3-haiku',
    // It takes what an unknown model gets.
    'anthropic/claude-4.6-opus-20260205',
    '@preset/new',
    '@preset/glm',
    '@preset/claude-haiku-4.5',
    'z-ai/glm-4.7-20251222',
    // OpenRouter maps the parameters of its own aliases.
    '~anthropic/claude-haiku-latest',
  ])('is none of %s', (id) => {
    expect(find(id)).toBeUndefined();
  });

  it('is none where nobody knows the preset', () => {
    expect(find('@preset/other')).toBe('no row');
  });
});
