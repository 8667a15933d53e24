import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { ALIAS_IDS, resolveAliases } from '../../src/claude/aliases.ts';
import { judgeModel } from '../../src/openrouter/suitability.ts';
import { BUILTIN_MODELS } from '../../src/openrouter/builtin.ts';
import { createCatalog } from '../../src/openrouter/catalog.ts';
import { readRows } from '../../src/openrouter/fetch-catalog.ts';
import { isModelId } from '../../src/openrouter/model-id.ts';
import { findPreset, PRESET_NAMES, PRESETS, RECOMMENDED } from '../../src/claude/presets.ts';
import { costOf } from '../../src/openrouter/sort.ts';
import { makeModel } from '../support/models.ts';
import { besideTitle, sharedFile } from '../support/shared.ts';

const every = PRESETS.flatMap((preset) =>
  resolveAliases(preset.mapping.models).map(({ alias, model }) => ({ preset: preset.name, alias, model })),
);
const file = sharedFile('openrouter/models.json');

describe('presets', () => {
  it('are the four that the guide and the docs name, each found by its name', () => {
    expect([...PRESET_NAMES].sort()).toEqual(['anthropic', 'free', 'guide', 'value']);
    for (const name of PRESET_NAMES) expect(findPreset(name)?.name).toBe(name);
    expect(findPreset('nope')).toBeUndefined();
  });

  it('take no name of an alias', () => {
    for (const name of PRESET_NAMES) expect(ALIAS_IDS).not.toContain(name);
  });

  it("hold the guide's mapping to the letter", () => {
    expect(findPreset('guide')?.mapping).toEqual({
      models: { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash' },
      defaultAlias: 'sonnet',
    });
  });

  it.each(every)('$preset gives $alias a well-formed id that the built-in list knows', ({ model }) => {
    expect(isModelId(model)).toBe(true);
    expect(BUILTIN_MODELS.map((row) => row.id)).toContain(model);
  });

  it('recommend one, which is not the guide', () => {
    expect(PRESETS.filter((preset) => preset.recommended === true).map(({ name }) => name)).toEqual(['value']);
    expect(RECOMMENDED).toBe(findPreset('value'));
  });

  it.skipIf(file === undefined)(besideTitle('start with a model that no other of theirs beats', 1), () => {
    const { data } = JSON.parse(readFileSync(file ?? '', 'utf8')) as { data: unknown[] };
    const catalog = createCatalog(readRows(data), { source: 'live', asOf: 0, stale: false });
    // The guide is as its author wrote it.
    for (const { name, mapping } of PRESETS.filter((preset) => preset.name !== 'guide')) {
      const models = resolveAliases(mapping.models).map(({ model }) => model);
      const day = (id: string): number => costOf(catalog.find(id) ?? makeModel(), 5_000_000, 100_000) ?? Infinity;
      const score = (id: string): number => {
        const row = catalog.find(id);
        return (row?.scores ?? catalog.find(row?.aliasTarget ?? '')?.scores)?.agentic ?? 0;
      };
      const started = mapping.models[mapping.defaultAlias] ?? mapping.models.opus;
      expect(score(started), name).toBeGreaterThan(0);
      const better = models.filter((id) => day(id) <= day(started) && score(id) > score(started));
      expect(better, name).toEqual([]);
    }
  });

  it.each(every)('$preset gives $alias a model that suits Claude Code, by the built-in list', ({ model }) => {
    const row = BUILTIN_MODELS.find(({ id }) => id === model);
    expect(row).toBeDefined();
    if (row === undefined) return;
    const facts = makeModel({ ...row, toolChoice: row.tools, inputPrice: row.input, outputPrice: row.output });
    expect(judgeModel(facts, Date.parse('2026-11-27'))).toMatchObject({ suitable: true });
  });
});
