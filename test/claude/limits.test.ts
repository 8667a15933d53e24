import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../src/claude/aliases.ts';
import { compactsAt, FIRST_REQUEST_TOKENS, smallestWindow, usableWindow } from '../../src/claude/compaction.ts';
import { deriveLimits } from '../../src/claude/limits.ts';

type Facts = Record<string, readonly [window: number | null, maxOutput: number | null]>;

const GUIDE: Mapping = {
  models: { opus: 'z-ai/glm-4.7', sonnet: 'qwen/qwen3-coder-next', haiku: 'z-ai/glm-4.7-flash' },
  defaultAlias: 'sonnet',
};
const GUIDE_FACTS: Facts = {
  'z-ai/glm-4.7': [204_800, 131_072],
  'qwen/qwen3-coder-next': [262_144, 65_536],
  'z-ai/glm-4.7-flash': [202_752, 32_768],
};

function derive(mapping: Mapping, facts: Facts, userTarget: boolean) {
  const found = deriveLimits({
    mapping,
    userTarget,
    facts: (id) => {
      const row = facts[id];
      return row && { window: row[0], maxOutput: row[1] };
    },
  });
  const variables = Object.fromEntries(found.variables.map(({ name, value }) => [name.replace('CLAUDE_CODE_', ''), value]));
  return {
    ...found,
    env: variables,
    settings: Object.fromEntries(found.modelSettings.map(({ id, autoCompactWindow }) => [id, autoCompactWindow])),
  };
}

const one = (model: string, defaultAlias: Mapping['defaultAlias'] = 'sonnet'): Mapping => ({
  models: { opus: model, sonnet: model, haiku: model },
  defaultAlias,
});

describe('limits derived from the models (design D7)', () => {
  it('gives a shell the smallest window of the guide’s models, and asks for 32000 tokens of output', () => {
    const { env, settings, warnings } = derive(GUIDE, GUIDE_FACTS, false);
    expect(env).toEqual({ MAX_OUTPUT_TOKENS: '32000', MAX_CONTEXT_TOKENS: '198800' });
    expect(settings).toEqual({});
    expect(warnings).toEqual([]);
  });

  it('gives each smaller model a window of its own where user settings are a target', () => {
    const { env, settings } = derive(GUIDE, GUIDE_FACTS, true);
    expect(env['MAX_CONTEXT_TOKENS']).toBe('256144');
    expect(settings).toEqual({ 'z-ai/glm-4.7': 198_800, 'z-ai/glm-4.7-flash': 196_752 });
  });

  it.each([
    [131_072, 16_384, 131_072],
    [131_072, 32_000, 125_072],
    [202_752, 32_000, 196_752],
    [65_536, 16_384, 65_536],
    [131_072, 64_000, 93_072],
    [200_000, 20_000, 200_000],
  ])('takes window %i with %i output tokens as %i', (window, output, usable) => {
    expect(usableWindow(window, output)).toBe(usable);
  });

  it.each([
    [64_000, 32_000, 31_000],
    [128_000, 32_000, 95_000],
    [262_144, 32_000, 229_144],
    [128_000, 8192, 106_808],
    [128_000, 4096, 110_904],
  ])('knows that a window of %i with %i output tokens compacts at %i', (window, output, at) => {
    expect(compactsAt(window, output)).toBe(at);
  });

  it('lowers the output limit to the smallest cap of all models, haiku included, and names its alias', () => {
    const found = derive(GUIDE, { ...GUIDE_FACTS, 'z-ai/glm-4.7-flash': [202_752, 16_384] }, false);
    expect(found.env['MAX_OUTPUT_TOKENS']).toBe('16384');
    expect(found.env['MAX_CONTEXT_TOKENS']).toBe('204800');
    expect(found.variables[0]?.reason).toContain('haiku (z-ai/glm-4.7-flash)');
  });

  it('does not let a known model with a small cap limit the others, since Claude Code lowers it there by itself', () => {
    const mapping: Mapping = { models: { opus: 'a/b', sonnet: 'a/b', haiku: 'anthropic/claude-3-haiku' }, defaultAlias: 'sonnet' };
    expect(derive(mapping, { 'a/b': [300_000, 64_000], 'anthropic/claude-3-haiku': [200_000, 4096] }, false).env['MAX_OUTPUT_TOKENS']).toBe(
      '32000',
    );
  });

  it('does not count haiku in a shell unless it is the default', () => {
    const facts: Facts = { ...GUIDE_FACTS, 'z-ai/glm-4.7-flash': [131_072, 32_768] };
    const everyday = derive(GUIDE, facts, false);
    expect(everyday.env['MAX_CONTEXT_TOKENS']).toBe('198800');
    expect(everyday.warnings).toMatchObject([{ kind: 'late', alias: 'haiku' }]);
    expect(derive({ ...GUIDE, defaultAlias: 'haiku' }, facts, false).env['MAX_CONTEXT_TOKENS']).toBe('125072');
  });

  it('shrinks every unknown model where one that counts lies below what a setting can say', () => {
    const mapping: Mapping = { models: { opus: 'a/big', sonnet: 'a/small', haiku: 'a/big' }, defaultAlias: 'opus' };
    const { env, settings } = derive(mapping, { 'a/big': [400_000, null], 'a/small': [65_536, null] }, true);
    expect(env['MAX_CONTEXT_TOKENS']).toBe('59536');
    expect(settings).toEqual({});
  });

  it('names no window for a known model that has the one Claude Code believes in', () => {
    const mapping: Mapping = { models: { opus: 'anthropic/claude-opus-5.5', sonnet: 'a/b', haiku: 'a/b' }, defaultAlias: 'sonnet' };
    const { env, warnings } = derive(mapping, { 'anthropic/claude-opus-5.5': [1_000_000, 128_000], 'a/b': [131_072, 40_000] }, false);
    expect(env).toEqual({ MAX_OUTPUT_TOKENS: '32000', MAX_CONTEXT_TOKENS: '125072' });
    expect(warnings).toEqual([]);
  });

  it('leaves known Claude models their million beside an unknown one in the opus slot', () => {
    const mapping: Mapping = { models: { opus: 'a/b', sonnet: 'anthropic/claude-sonnet-5', haiku: 'a/b' }, defaultAlias: 'sonnet' };
    const found = derive(mapping, { 'a/b': [131_072, null], 'anthropic/claude-sonnet-5': [1_000_000, 128_000] }, true);
    expect(found.env).toEqual({ MAX_OUTPUT_TOKENS: '32000', MAX_CONTEXT_TOKENS: '125072' });
    expect(found.settings).toEqual({});
    expect(found.warnings).toEqual([]);
  });

  it('names the window of a known model that is smaller here than Claude Code believes, or never compacts', () => {
    const mapping: Mapping = {
      models: { opus: 'anthropic/claude-opus-5', sonnet: 'anthropic/claude-sonnet-4.5', haiku: 'anthropic/claude-haiku-5.5' },
      defaultAlias: 'sonnet',
    };
    const facts: Facts = {
      'anthropic/claude-opus-5': [500_000, 128_000],
      'anthropic/claude-sonnet-4.5': [1_000_000, 64_000],
      'anthropic/claude-haiku-5.5': [1_000_000, 128_000],
    };
    expect(derive(mapping, facts, true).settings).toEqual({ 'anthropic/claude-opus-5': 494_000, 'anthropic/claude-sonnet-4.5': 200_000 });
    const shell = derive(mapping, facts, false);
    expect(shell.env).toEqual({ MAX_OUTPUT_TOKENS: '32000' });
    expect(shell.warnings.map(({ kind, alias }) => `${kind} ${alias}`)).toEqual(['late opus', 'late sonnet']);
  });

  it.each([32_000, 26_001, 26_000, 20_001, 20_000, 16_384, 4096])(
    'calls a window unusable where compaction would start below the first request, with %i output tokens',
    (maxOutput) => {
      const smallest = smallestWindow(maxOutput);
      expect(compactsAt(usableWindow(smallest, maxOutput), maxOutput)).toBe(FIRST_REQUEST_TOKENS);
      const kinds = (window: number): string[] =>
        derive(one('a/small'), { 'a/small': [window, maxOutput] }, false).warnings.map(({ kind }) => kind);
      expect(kinds(smallest)).toEqual([]);
      expect(kinds(smallest - 1)).toEqual(['unusable']);
    },
  );

  it.each([
    [4095, '4095', ['short-answers']],
    [4096, '4096', []],
    [31_999, '31999', []],
    [32_000, '32000', []],
    [32_001, '32000', []],
    [1, '1', ['short-answers']],
    [0, '32000', []],
    [-1, '32000', []],
    [null, '32000', []],
  ])('asks for what a cap of %j leaves: %s', (cap, value, kinds) => {
    const found = derive(one('a/b'), { 'a/b': [400_000, cap] }, false);
    expect(found.env['MAX_OUTPUT_TOKENS']).toBe(value);
    expect(found.warnings.map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each([
    [4095, '4095'],
    [4096, '32000'],
    [4097, '32000'],
  ])('leaves a known model with a cap of its own alone from that cap on: %i', (cap, value) => {
    const mapping: Mapping = { models: { opus: 'a/b', sonnet: 'a/b', haiku: 'anthropic/claude-3-haiku' }, defaultAlias: 'sonnet' };
    expect(derive(mapping, { 'a/b': [300_000, null], 'anthropic/claude-3-haiku': [200_000, cap] }, false).env['MAX_OUTPUT_TOKENS']).toBe(
      value,
    );
  });

  it.each([
    // The usable window is the real one less 6000.
    [105_999, '99999', {}],
    [106_000, '394000', { 'a/small': 100_000 }],
    [399_999, '394000', { 'a/small': 393_999 }],
    [400_000, '394000', {}],
  ])('names a smaller window in a setting from 100000 on, below the largest: %i', (window, context, settings) => {
    const mapping: Mapping = { models: { opus: 'a/big', sonnet: 'a/small', haiku: 'a/big' }, defaultAlias: 'opus' };
    const found = derive(mapping, { 'a/big': [400_000, null], 'a/small': [window, null] }, true);
    expect(found.env['MAX_CONTEXT_TOKENS']).toBe(context);
    expect(found.settings).toEqual(settings);
    expect(derive(mapping, { 'a/big': [400_000, null], 'a/small': [window, null] }, false).settings).toEqual({});
  });

  it.each([
    [207_000, []],
    [207_001, ['late haiku']],
  ])('warns of a helper model of 200000 tokens where Claude Code compacts past its end: beside %i', (window, expected) => {
    const mapping: Mapping = { models: { opus: 'a/big', sonnet: 'a/big', haiku: 'a/small' }, defaultAlias: 'opus' };
    const { warnings } = derive(mapping, { 'a/big': [window, null], 'a/small': [200_000, null] }, false);
    expect(warnings.map(({ kind, alias }) => `${kind} ${alias}`)).toEqual(expected);
  });

  it.each([
    [1_000_001, {}, []],
    [1_000_000, {}, []],
    [999_999, { 'anthropic/claude-opus-5': 993_999 }, []],
    [106_000, { 'anthropic/claude-opus-5': 100_000 }, []],
    [105_999, {}, ['late']],
  ])('names the window of a known model below what Claude Code believes, as far as a setting can: %i', (window, settings, kinds) => {
    const found = derive(one('anthropic/claude-opus-5'), { 'anthropic/claude-opus-5': [window, null] }, true);
    expect(found.settings).toEqual(settings);
    expect(found.warnings.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('takes a window of nought, below it and a part of a token for what they are', () => {
    for (const window of [0, -1, Number.NaN])
      expect(derive(one('a/b'), { 'a/b': [window, null] }, false).warnings[0]?.kind).toBe('unknown');
    expect(derive(one('a/b'), { 'a/b': [1, null] }, false).warnings[0]?.kind).toBe('unusable');
    expect(derive(one('a/b'), { 'a/b': [200_000.9, 16_384.9] }, false).env).toEqual({
      MAX_OUTPUT_TOKENS: '16384',
      MAX_CONTEXT_TOKENS: '200000',
    });
  });

  it('calls an unknown window unknown', () => {
    expect(derive(one('a/what'), {}, false)).toMatchObject({ env: { MAX_OUTPUT_TOKENS: '32000' }, warnings: [{ kind: 'unknown' }] });
  });

  it('keeps prompt and answer inside every counted window, whatever the mapping, in digits only', () => {
    const size = fc.integer({ min: 50_000, max: 2_000_000 });
    const cap = fc.option(fc.integer({ min: 4096, max: 200_000 }));
    fc.assert(
      fc.property(fc.tuple(size, cap), fc.tuple(size, cap), fc.tuple(size, cap), fc.boolean(), (opus, sonnet, haiku, userTarget) => {
        const mapping: Mapping = { models: { opus: 'a/o', sonnet: 'a/s', haiku: 'a/h' }, defaultAlias: 'sonnet' };
        const { env, settings } = derive(mapping, { 'a/o': opus, 'a/s': sonnet, 'a/h': haiku }, userTarget);
        const output = Number(env['MAX_OUTPUT_TOKENS']);
        for (const value of Object.values(env)) expect(value).toMatch(/^\d+$/);
        for (const [id, [window]] of [
          ['a/o', opus],
          ['a/s', sonnet],
        ] as const) {
          const believed = Math.min(Number(env['MAX_CONTEXT_TOKENS']), settings[id] ?? Infinity);
          expect(compactsAt(believed, output) + output).toBeLessThanOrEqual(window);
        }
        for (const value of Object.values(settings)) expect(value).toBeGreaterThanOrEqual(100_000);
      }),
      { numRuns: 300 },
    );
  });
});

describe('each side of every bound of the limits', () => {
  const mapped = (opus: string, sonnet: string, haiku: string, defaultAlias: Mapping['defaultAlias'] = 'sonnet'): Mapping => ({
    models: { opus, sonnet, haiku },
    defaultAlias,
  });
  const kinds = (found: ReturnType<typeof derive>): readonly string[] => found.warnings.map(({ kind, alias }) => `${kind} ${alias}`);

  it.each([
    [31_999, '31999', true],
    [32_000, '32000', false],
    [1, '1', true],
    [0.5, '32000', false],
    [4095, '4095', true],
  ])('an answer of at most %d tokens makes the output limit %s', (cap, value, isNamed) => {
    const found = derive(one('a/b'), { 'a/b': [300_000, cap] }, false);
    expect(found.env['MAX_OUTPUT_TOKENS']).toBe(value);
    expect(found.variables[0]?.reason.includes('a/b')).toBe(isNamed);
  });

  it.each([
    [9000, 8000, 7000],
    [7000, 8000, 9000],
    [8000, 7000, 9000],
  ])('the smallest of the caps %i, %i and %i is the output limit', (...caps) => {
    const [opus, sonnet, haiku] = caps;
    const facts: Facts = { 'a/o': [300_000, opus], 'a/s': [300_000, sonnet], 'a/h': [300_000, haiku] };
    expect(derive(mapped('a/o', 'a/s', 'a/h'), facts, false).env['MAX_OUTPUT_TOKENS']).toBe('7000');
  });

  it.each([
    [4096, '32000'],
    [4097, '32000'],
    [4095, '4095'],
  ])('a known model of 4096 tokens that gives %i here makes the output limit %s', (cap, value) => {
    const facts: Facts = { 'a/b': [300_000, null], 'anthropic/claude-3-haiku': [200_000, cap] };
    expect(derive(mapped('a/b', 'a/b', 'anthropic/claude-3-haiku'), facts, false).env['MAX_OUTPUT_TOKENS']).toBe(value);
  });

  it.each([
    [4096, []],
    [4095, ['short-answers opus']],
  ])('an answer of at most %i tokens warns of %j', (cap, expected) => {
    expect(kinds(derive(one('a/b'), { 'a/b': [300_000, cap] }, false))).toEqual(expected);
  });

  // 32000 tokens of output leave 6000 less than the window to name.
  it.each([
    [106_000, '394000', { 'a/s': 100_000 }],
    [105_999, '99999', {}],
  ])('beside a larger model, one with a window of %i makes the context %s and the settings %j', (window, context, settings) => {
    const found = derive(mapped('a/o', 'a/s', 'a/o'), { 'a/o': [400_000, null], 'a/s': [window, null] }, true);
    expect(found.env['MAX_CONTEXT_TOKENS']).toBe(context);
    expect(found.settings).toEqual(settings);
    expect(kinds(found)).toEqual([]);
  });

  it.each([
    [106_000, { 'a/h': 100_000 }, []],
    [105_999, {}, ['late haiku']],
  ])('a haiku that does not count, with a window of %i, gets the settings %j and the warnings %j', (window, settings, warnings) => {
    const found = derive(mapped('a/o', 'a/o', 'a/h'), { 'a/o': [400_000, null], 'a/h': [window, null] }, true);
    expect(found.env['MAX_CONTEXT_TOKENS']).toBe('394000');
    expect(found.settings).toEqual(settings);
    expect(kinds(found)).toEqual(warnings);
  });

  it('a model whose window is not known leaves the limits to the others', () => {
    const found = derive(mapped('a/o', 'a/what', 'a/o'), { 'a/o': [300_000, null], 'a/what': [null, null] }, false);
    expect(found.env['MAX_CONTEXT_TOKENS']).toBe('294000');
    expect(kinds(found)).toEqual(['unknown sonnet']);
  });

  it('a haiku that does not count makes the context where it alone is unknown to Claude Code', () => {
    const known = 'anthropic/claude-opus-5.5';
    const facts: Facts = { [known]: [1_000_000, 128_000], 'a/h': [131_072, null] };
    expect(derive(mapped(known, known, 'a/h'), facts, false).env['MAX_CONTEXT_TOKENS']).toBe('125072');
  });

  it('models of the same window need no setting of their own', () => {
    const found = derive(mapped('a/o', 'a/s', 'a/s'), { 'a/o': [300_000, null], 'a/s': [300_000, null] }, true);
    expect(found.env['MAX_CONTEXT_TOKENS']).toBe('294000');
    expect(found.settings).toEqual({});
  });

  it.each([
    [200_000, {}, []],
    [199_999, { 'anthropic/claude-opus-4.6': 193_999 }, []],
    [106_000, { 'anthropic/claude-opus-4.6': 100_000 }, []],
    [105_999, {}, ['late opus']],
    [null, {}, []],
  ])('a known model of 200000 with a window of %j here gets the settings %j and the warnings %j', (window, settings, warnings) => {
    const model = 'anthropic/claude-opus-4.6';
    const found = derive(mapped(model, model, model, 'opus'), { [model]: [window, 128_000] }, true);
    expect(found.env['MAX_CONTEXT_TOKENS']).toBeUndefined();
    expect(found.settings).toEqual(settings);
    expect(kinds(found)).toEqual(warnings);
  });

  it.each([
    [200_000, 200_000],
    [199_999, 193_999],
  ])('a known model that never compacts, with a window of %i here, is given %i', (window, setting) => {
    const model = 'anthropic/claude-sonnet-4.5';
    const found = derive(one(model), { [model]: [window, 64_000] }, true);
    expect(found.settings).toEqual({ [model]: setting });
    // The reason names the smaller window, where that is one.
    expect(found.modelSettings[0]?.reason.includes(String(window))).toBe(window < 200_000);
  });

  // In a shell the context is 6000 less than the window of sonnet, and Claude Code compacts at 33000 less than the context.
  it.each([
    [206_999, []],
    [207_000, []],
    [207_001, ['late haiku']],
  ])('a haiku with a window of 200000 beside one of %i warns of %j in a shell', (window, warnings) => {
    const found = derive(mapped('a/s', 'a/s', 'a/h'), { 'a/s': [window, null], 'a/h': [200_000, null] }, false);
    expect(kinds(found)).toEqual(warnings);
  });
});

it.each([
  [26_000, false],
  [26_001, true],
])('tells of a window whose answers have %i tokens that room is taken off: %s', (maxOutput, isLess) => {
  const { variables } = derive(one('a/b'), { 'a/b': [200_000, maxOutput] }, true);
  const reason = variables.find(({ name }) => name === 'CLAUDE_CODE_MAX_CONTEXT_TOKENS')?.reason ?? '';
  expect([reason.includes('200000 tokens'), reason.includes('200000 tokens, less')]).toEqual([true, isLess]);
});
