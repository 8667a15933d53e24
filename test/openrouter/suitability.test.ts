import { describe, expect, it } from 'vitest';

import { judgeModel } from '../../src/openrouter/suitability.ts';
import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import { makeModel } from '../support/models.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const judge = (changes: Partial<CatalogModel>) => judgeModel(makeModel(changes), NOW);
const rules = (changes: Partial<CatalogModel>): string[] => judge(changes).problems.map((each) => `${each.rule}:${each.severity}`);

describe('whether a model suits Claude Code', () => {
  it('finds nothing against a model that has it all', () => {
    expect(judge({})).toEqual({ suitable: true, problems: [] });
    expect(judge({ maxOutput: null })).toEqual({ suitable: true, problems: [] });
  });

  it.each<[string, Partial<CatalogModel>, string[]]>([
    ['no tools', { tools: false, toolChoice: false }, ['tools:unusable']],
    ['batch only', { batch: true }, ['batch:unusable']],
    ['pictures only', { textOut: false }, ['text:unusable']],
    ['sound in only', { textIn: false }, ['text:unusable']],
    ['a window of 58 499', { context: 58_499 }, ['window:unusable']],
    ['a window of 40 595 and an output cap of 8096', { context: 40_595, maxOutput: 8096 }, ['window:unusable', 'output:warning']],
    ['an output cap of 2048', { maxOutput: 2048 }, ['output:unusable']],
    ['gone since yesterday', { expires: '2026-11-21' }, ['expiry:unusable']],
  ])('calls it unusable with %s', (_name, changes, expected) => {
    expect(rules(changes)).toEqual(expected);
    expect(judge(changes).suitable).toBe(false);
  });

  it.each<[string, Partial<CatalogModel>, string[]]>([
    ['no tool choice', { toolChoice: false }, ['tool-choice:warning']],
    ['a window of 99 999', { context: 99_999 }, ['window:warning']],
    ['a window of 58 500', { context: 58_500 }, ['window:warning']],
    ['a window of 58 500 and no told cap', { context: 58_500, maxOutput: null }, ['window:warning']],
    ['a window of 40 596 and an output cap of 8096', { context: 40_596, maxOutput: 8096 }, ['window:warning', 'output:warning']],
    ['an untold window', { context: null }, ['window:warning']],
    ['an output cap of 16 384', { maxOutput: 16_384 }, ['output:warning']],
    ['an output cap of 4096', { maxOutput: 4096 }, ['output:warning']],
    ['three weeks left', { expires: '2026-12-12' }, ['expiry:warning']],
    ['a price that varies', { inputPrice: null }, ['price:warning']],
  ])('only warns of %s', (_name, changes, expected) => {
    expect(rules(changes)).toEqual(expected);
    expect(judge(changes).suitable).toBe(true);
  });

  it('does not mind a window of exactly 100 000, a cap of 32 000 and an end in three months', () => {
    expect(rules({ context: 100_000, maxOutput: 32_000, expires: '2027-02-22' })).toEqual([]);
  });

  it('is exact about the last moment and the thirtieth day', () => {
    const at = (now: string): unknown =>
      judgeModel(makeModel({ expires: '2026-12-22' }), Date.parse(now)).problems.map(({ severity }) => severity);
    expect(at('2026-12-22T00:00:00.000Z')).toEqual(['unusable']);
    expect(at('2026-12-21T23:59:59.999Z')).toEqual(['warning']);
    expect(at('2026-11-22T00:00:00.000Z')).toEqual(['warning']);
    expect(at('2026-11-21T23:59:59.999Z')).toEqual([]);
  });

  it('tells every problem, not the first', () => {
    expect(rules({ tools: false, context: 8192, batch: true })).toHaveLength(3);
  });
});
