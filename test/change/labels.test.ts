import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../src/claude/aliases.ts';
import { buildVariables } from '../../src/claude/variables.ts';
import { chooseLabels, labelPin } from '../../src/change/labels.ts';
import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import { CONFIG } from '../support/machine.ts';
import { makeModel } from '../support/models.ts';

const NOVEMBER = Date.parse('2026-11-27');
const mapping: Mapping = { models: { opus: 'a/one', sonnet: 'a/two', haiku: 'a/two' }, defaultAlias: 'opus' };

function label(changes: Partial<CatalogModel>, window: number | null = 204_800) {
  const row = makeModel({ id: 'a/one', ...changes });
  const facts = [{ id: 'a/one', window, maxOutput: null, known: true, source: 'catalog' as const, row, asOf: NOVEMBER }];
  return chooseLabels(undefined, mapping, facts)[0];
}

describe("the rows of Claude Code's picker", () => {
  it('say name, alias, window, prices and their month', () => {
    expect(label({ name: 'Z.ai: GLM 4.7', inputPrice: 0.6, outputPrice: 2.2 })).toEqual({
      alias: 'opus',
      name: 'GLM 4.7',
      description: 'opus, 200K',
      price: '$0.60 in, $2.20 out per M (Nov 2026)',
    });
    expect(label({ inputPrice: 0, outputPrice: 0 })?.price).toBe('free (Nov 2026)');
    expect(label({ inputPrice: 1, outputPrice: 2, peakInput: 3 })?.price).toBe('from $1.00 in, $2.00 out per M (Nov 2026)');
    expect(label({ inputPrice: 0, outputPrice: 2, peakOutput: 3, peakInput: 0 })?.price).toBe('$0.00 in, from $2.00 out per M (Nov 2026)');
    for (const untold of [{ inputPrice: null }, { outputPrice: null }]) expect(label(untold)).not.toHaveProperty('price');
    expect(label({}, null)?.description).toBe('opus');
  });

  it('name each month, and cut a long name where no blank is left', () => {
    const months = Array.from({ length: 12 }, (_, month) => {
      const { description } = labelPin('a/one', makeModel({ context: null, inputPrice: 0, outputPrice: 0 }), Date.UTC(2026, month, 5));
      return description.slice('free ('.length, -' 2026)'.length);
    });
    expect(months.join(' ')).toBe('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec');
    const named = (name: string, model = 'a/one'): string => labelPin(model, makeModel({ name }), NOVEMBER).name;
    expect([named(`${'x'.repeat(59)} y`), named(` ${'y'.repeat(61)}`), named('  z  ')]).toEqual(['x'.repeat(59), 'y'.repeat(60), 'z']);
    expect(named('日本', 'a/日本')).toBe('model');
  });

  it('name a model that no catalog knows by its id', () => {
    expect(chooseLabels(undefined, { ...mapping, models: { ...mapping.models, opus: '@preset/mine', subagent: 'a/sub' } }, [])).toEqual([
      { alias: 'opus', name: 'mine', description: 'opus' },
      { alias: 'sonnet', name: 'two', description: 'sonnet' },
      { alias: 'haiku', name: 'two', description: 'haiku' },
      { alias: 'fable', name: 'mine', description: 'fable' },
    ]);
  });

  it.each([
    [
      { name: 'Z.ai: GLM 4.7', context: 204_800, inputPrice: 0.6, outputPrice: 2.2 },
      'GLM 4.7',
      '200K, $0.60 in, $2.20 out per M (Nov 2026)',
    ],
    [{ name: 'One', context: null, inputPrice: 0, outputPrice: 0 }, 'One', 'free (Nov 2026)'],
    [{ name: 'One', inputPrice: null }, 'One', '200K'],
    [{ name: '日本', context: null, inputPrice: null }, 'grok-5', 'pinned by orcc'],
    [undefined, 'grok-5', 'pinned by orcc'],
  ])('say the same of a pinned model: %o', (changes, name, description) => {
    const row = changes === undefined ? undefined : makeModel({ context: 200_000, ...changes });
    expect(labelPin('x-ai/grok-5', row, NOVEMBER)).toEqual({ model: 'x-ai/grok-5', name, description });
  });

  it('stay as they were written until the mapping is another', () => {
    const labels = [{ alias: 'opus' as const, name: 'Old', description: 'opus, 1k', price: 'free (Jan 2026)' }];
    const recorded = { ...CONFIG, mapping: { opus: 'a/one', sonnet: 'a/two', haiku: 'a/two' }, defaultAlias: 'opus' as const, labels };
    expect(chooseLabels(recorded, mapping, [])).toBe(labels);
    expect(chooseLabels(recorded, { ...mapping, defaultAlias: 'haiku' }, [])).not.toBe(labels);
    const { labels: _none, ...older } = recorded;
    expect(chooseLabels(older, mapping, [])).toHaveLength(4);
  });

  it('are plain ASCII that needs no quoting, whatever the catalog calls a model', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const found = label({ name });
        expect(found?.name).toMatch(/^[A-Za-z0-9 ._+:()/,@~-]{1,60}$/);
        buildVariables({ mapping, limits: [], labels: found === undefined ? [] : [found] });
      }),
    );
  });
});
