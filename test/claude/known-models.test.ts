import { describe, expect, it } from 'vitest';
import { knowsModel } from '../../src/claude/known-models.ts';

describe('what Claude Code knows of a model id (each row measured on 2.1.330 with /context)', () => {
  it.each([
    ['anthropic/claude-sonnet-4.6', 200_000],
    ['anthropic/claude-sonnet-4-6', 200_000],
    ['anthropic/claude-opus-4', 200_000],
    ['anthropic/claude-opus-4-20250514', 200_000],
    ['anthropic/Claude-Opus-4.1', 200_000],
    ['anthropic/claude-opus-4.6:thinking', 200_000],
    ['anthropic/claude-opus-4.6-fast', 200_000],
    ['anthropic/claude-3-haiku', 200_000],
    ['anthropic/claude-3.5-haiku', 200_000],
    ['anthropic/claude-3.5-sonnet-20240620', 200_000],
    ['anthropic/claude-3.7-sonnet:thinking', 200_000],
    ['anthropic/claude-opus-5.5', 1_000_000],
    ['anthropic/claude-opus-5.5:batch', 1_000_000],
    ['anthropic/claude-opus-5-latest', 1_000_000],
    ['anthropic/claude-fable-5.2', 1_000_000],
    ['vend/claude-opus-5', 1_000_000],
    ['foo/not-claude-opus-5-thing', 1_000_000],
    ['claude-opus-5-5[1m]', 1_000_000],
  ])('knows %s, window %i', (id, window) => {
    expect(knowsModel(id)?.window).toBe(window);
  });

  it.each([
    'z-ai/glm-4.7',
    'openrouter/auto',
    'vend/claude-opus-x',
    '~anthropic/claude-opus-latest',
    'anthropic/claude-opus-6',
    'anthropic/claude-opus-5.7',
    'anthropic/claude-opus-4.9',
    'anthropic/claude-opus-4.9:thinking',
    'anthropic/claude-opus-4.10',
    'anthropic/claude-mythos-preview',
    'anthropic/claude-instant-1',
    '',
  ])('does not know %s', (id) => {
    expect(knowsModel(id)).toBeUndefined();
  });

  it('tells the models that never compact by themselves from the rest', () => {
    expect(knowsModel('anthropic/claude-sonnet-4.5')?.compacts).toBe(false);
    expect(knowsModel('anthropic/claude-sonnet-4.6')?.compacts).toBe(true);
  });
});
