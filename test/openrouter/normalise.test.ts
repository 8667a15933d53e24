import { describe, expect, it } from 'vitest';

import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import { readRows } from '../../src/openrouter/fetch-catalog.ts';
import { perMillion } from '../../src/openrouter/price.ts';
import { catalogRows } from '../support/shared.ts';

const row = (changes: Record<string, unknown>): unknown => ({
  id: 'acme/one',
  name: 'Acme: One',
  created: 1_780_000_000,
  context_length: 200_000,
  architecture: { input_modalities: ['text'], output_modalities: ['text'] },
  pricing: { prompt: '0.0000004', completion: '0.0000016' },
  top_provider: { context_length: 200_000, max_completion_tokens: 64_000 },
  supported_parameters: ['tools', 'tool_choice', 'reasoning'],
  expiration_date: null,
  ...changes,
});
const read = (changes: Record<string, unknown>): CatalogModel | undefined => readRows([row(changes)])[0];

describe('a row of the catalog', () => {
  it('becomes prices per million and plain limits', () => {
    expect(read({})).toEqual({
      id: 'acme/one',
      name: 'Acme: One',
      created: 1_780_000_000,
      context: 200_000,
      maxOutput: 64_000,
      inputPrice: 0.4,
      outputPrice: 1.6,
      tools: true,
      toolChoice: true,
      reasoning: true,
      textIn: true,
      textOut: true,
      textOnly: true,
      batch: false,
      free: false,
    });
  });

  it('takes images unless its kinds of input are told and hold none', () => {
    const kinds = (input: readonly string[]) => read({ architecture: { input_modalities: input, output_modalities: ['text'] } })?.textOnly;
    expect(kinds(['text', 'file'])).toBe(true);
    expect(kinds(['text', 'image'])).toBeUndefined();
    expect(kinds([])).toBeUndefined();
  });

  it("takes the top provider's window where it is the smaller one, and either where the other is missing", () => {
    expect(read({ context_length: 1_048_576, top_provider: { context_length: 524_288, max_completion_tokens: null } })).toMatchObject({
      context: 524_288,
      maxOutput: null,
    });
    expect(read({ context_length: null, top_provider: { context_length: 131_072, max_completion_tokens: null } })?.context).toBe(131_072);
    expect(read({ top_provider: { context_length: null, max_completion_tokens: null } })?.context).toBe(200_000);
    expect(read({ context_length: 0, top_provider: {} })).toMatchObject({ context: null, maxOutput: null });
  });

  it('takes "-1" for a price that is not fixed, and nought for free', () => {
    expect(read({ pricing: { prompt: '-1', completion: '-1' } })).toMatchObject({ inputPrice: null, outputPrice: null, free: false });
    expect(read({ pricing: { prompt: '0', completion: '0' } })).toMatchObject({ inputPrice: 0, free: true });
    expect(read({ pricing: {} })).toMatchObject({ inputPrice: null });
  });

  it('keeps the highest step of a price', () => {
    const overrides = [
      { min_prompt_tokens: 200_000, prompt: '0.0000008', completion: '0.0000024' },
      { utc_start: 100, prompt: '0.0000004' },
    ];
    expect(read({ pricing: { prompt: '0.0000004', completion: '0.0000016', overrides } })).toMatchObject({
      peakInput: 0.8,
      peakOutput: 2.4,
    });
  });

  const base = { prompt: '0.0000004', completion: '0.0000016' };
  const stepped = (...overrides: unknown[]) => read({ pricing: { ...base, overrides } })?.session;

  it.each([
    [32_000, { input: 0.8, output: 2.4, from: 32_000 }],
    [90_249, { input: 0.8, output: 2.4, from: 90_249 }],
    [90_250, { input: 0.8, output: 2.4, from: 90_250 }],
    [90_251, undefined],
    [200_000, undefined],
  ])('reckons with the step that a session reaches: from %i prompt tokens on', (min_prompt_tokens, expected) => {
    expect(stepped({ min_prompt_tokens, prompt: '0.0000008', completion: '0.0000024' })).toEqual(expected);
  });

  it('takes the highest step that is reached, what it leaves out from the base, and of hours the dearest', () => {
    const low = { min_prompt_tokens: 32_000, prompt: '0.0000005' };
    const high = { min_prompt_tokens: 256_000, prompt: '0.0000009' };
    expect(stepped(high, low)).toEqual({ input: 0.5, output: 1.6, from: 32_000 });
    expect(stepped(low, { min_prompt_tokens: 64_000, completion: '0.000002' })).toEqual({ input: 0.4, output: 2, from: 64_000 });
    expect(stepped({ utc_start: 100, prompt: '0.0000006' }, { utc_start: 900, prompt: '0.0000002' })).toEqual({
      input: 0.6,
      output: 1.6,
      from: 0,
    });
    expect(stepped({ utc_start: 900, prompt: '0.0000002' })).toBeUndefined();
  });

  it.each([
    [null],
    ['x'],
    [7],
    [{}],
    [{ min_prompt_tokens: null, prompt: null }],
    [{ min_prompt_tokens: 1, prompt: '-1', completion: '' }],
  ])('changes no price by a step that is none: %j', (step) => {
    expect(read({ pricing: { ...base, overrides: [step] } })).toMatchObject({ inputPrice: 0.4, outputPrice: 1.6 });
    expect(stepped(step)).toBeUndefined();
  });

  it('keeps the full name where it differs, also for a variant, and none that could be no id', () => {
    expect(read({ canonical_slug: 'acme/one-20260101' })).toMatchObject({ canonicalSlug: 'acme/one-20260101' });
    expect(read({ id: 'acme/one:free', canonical_slug: 'acme/one-20260101' })).toMatchObject({ canonicalSlug: 'acme/one-20260101' });
    for (const slug of ['acme/one', null, 7, '', "a/b'; rm", 'a/b\n'])
      expect(read({ canonical_slug: slug }), String(slug)).not.toHaveProperty('canonicalSlug');
  });

  it('takes an end in 2098 for none, and a near one as it is', () => {
    expect(read({ expiration_date: '2098-12-31' })).not.toHaveProperty('expires');
    expect(read({ expiration_date: '2026-12-31' })).toMatchObject({ expires: '2026-12-31' });
    expect(read({ expiration_date: 'soon' })).not.toHaveProperty('expires');
  });

  it('has the scores that the catalog tells, and none where it tells none', () => {
    const scores = (all: unknown): unknown => read({ benchmarks: { artificial_analysis: all } })?.scores;
    expect(scores({ coding_index: 1.5, agentic_index: 40, intelligence_index: null })).toEqual({ coding: 1.5, agentic: 40 });
    expect([scores(null), read({})?.scores]).toEqual([undefined, undefined]);
  });

  it('knows batch ids, variants and what a moving alias stands for', () => {
    expect(read({ id: 'acme/one:batch' })).toMatchObject({ batch: true, variant: 'batch' });
    expect(read({ id: 'acme/one:free' })).toMatchObject({ free: true, variant: 'free' });
    expect(read({ id: '~acme/one-latest', alias_target: { slug: 'acme/one', name: 'One' } })).toMatchObject({ aliasTarget: 'acme/one' });
  });

  it('drops control characters from a name', () => {
    expect(read({ name: 'Evil\x1b]0;title\x07 \x1b[2Jname\n' })?.name).toBe('Evil name ');
  });

  it('is left out where its id could do harm in a shell or is none', () => {
    expect(readRows([row({ id: "a/b'; rm" }), row({ id: 'a/b\n' }), row({ id: 7 }), 'text', null])).toEqual([]);
  });

  it('is read although a field is missing, odd or new', () => {
    expect(readRows([{ id: 'a/b' }])).toMatchObject([
      { id: 'a/b', name: 'a/b', context: null, inputPrice: null, tools: true, toolsUntold: true, textIn: true, textOut: true },
    ]);
    expect(read({ pricing: 'cheap', benchmarks: 7, supported_parameters: null, something_new: {} })).toMatchObject({
      inputPrice: null,
      toolsUntold: true,
    });
    expect(read({ context_length: 1e300, top_provider: { context_length: -1, max_completion_tokens: 0.5 } })).toMatchObject({
      context: null,
      maxOutput: null,
    });
    // Told is told: an empty list says that there are none.
    expect(read({ supported_parameters: [] })).toMatchObject({ tools: false });
    expect(read({ architecture: null })).not.toHaveProperty('textOnly');
  });

  it.each([
    ['0.0000012', 1.2],
    ['0.00000018', 0.18],
    ['0.000000007', 0.007],
    ['0.000075', 75],
    ['abc', null],
    ['', null],
    [undefined, null],
    ['-1', null],
  ])('turns %s per token into %s per million, without rounding noise', (given, expected) => {
    expect(perMillion(given)).toBe(expected);
  });
});

describe('a whole catalog', () => {
  it('is read row by row', () => {
    const rows = catalogRows();
    const models = readRows(rows);
    const find = (id: string): CatalogModel | undefined => models.find((model) => model.id === id);
    expect(models.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
    expect(models.filter(({ tools }) => !tools).length).toBeGreaterThan(0);
    expect(models.filter((model) => model.inputPrice === null).every((model) => model.id.startsWith('openrouter/'))).toBe(true);
    expect(models.some((model) => (model.expires ?? '') >= '2098')).toBe(false);
    expect(find('minimax/minimax-m3')).toMatchObject({ context: 524_288, inputPrice: 0.3, outputPrice: 1.2 });
    expect(find('~anthropic/claude-opus-latest')?.aliasTarget).toMatch(/^anthropic\/claude-opus-/);
  });
});
