import { describe, expect, it } from 'vitest';
import { readFolderExtras } from '../../src/change/folder-extras.ts';
import type { Machine } from '../../src/change/machine.ts';
import { extrasInput, mappingOf } from '../../src/config/config.ts';
import { changeExtras, checkExtras } from '../../src/config/extras-change.ts';
import { EXTRAS } from '../../src/config/extras-table.ts';
import { joinExtras, type Extras } from '../../src/config/extras.ts';
import { CONFIG, machineWith } from '../support/machine.ts';

type Level = NonNullable<Extras['effort']>;

const ROW = EXTRAS.find(({ id }) => id === 'effort');
const [OPUS, SONNET, HAIKU] = ['z-ai/glm-4.7', 'qwen/qwen3-coder-next', 'z-ai/glm-4.7-flash'];

/** What is written: the variable, and the level of each model. */
function written(effort: Extras['effort'], more: Partial<Extras> = {}): unknown {
  const input = extrasInput({ ...CONFIG, extras: { effort, ...more } as Extras });
  const levels = (ROW?.members?.(input) ?? []).map(({ path: [, model], value }) => [model, value]);
  return [(ROW?.variables?.(input) ?? []).map(({ value }) => value), Object.fromEntries(levels)];
}

describe('the effort that is written', () => {
  it.each<[string, Extras['effort'], string[], object]>([
    ['one for all', { all: 'high' }, ['high'], {}],
    ['none for all', { all: 'unset' }, ['unset'], {}],
    ['that of two aliases', { opus: 'low', haiku: 'xhigh' }, [''], { [OPUS]: 'low', [HAIKU]: 'xhigh' }],
    ['one for all but one', { all: 'high', opus: 'low' }, [''], { [OPUS]: 'low', [SONNET]: 'high', [HAIKU]: 'high' }],
    ['none for all, whatever an alias names', { all: 'unset', opus: 'low' }, ['unset'], {}],
    ['that of an alias without a model', { subagent: 'low' }, [''], {}],
  ])('is %s', (_what, effort, variables, levels) => {
    expect(written(effort)).toEqual([variables, levels]);
  });

  it('is also that of fallbacks and pinned models, where it is for all but one', () => {
    const effort = { all: 'high', opus: 'low' } as const;
    const levels = { [OPUS]: 'low', [SONNET]: 'high', [HAIKU]: 'high', 'a/fallback': 'high', 'a/pin': 'high' };
    expect(written(effort, { fallback: ['a/fallback'], pins: ['a/pin'] })).toEqual([[''], levels]);
  });
});

describe('a change of the effort', () => {
  const change = (before: Extras['effort'], effort: Readonly<Record<string, string>>): unknown =>
    changeExtras(before === undefined ? {} : { effort: before }, { effort });

  it.each<[Extras['effort'], Readonly<Record<string, string>>, object | undefined]>([
    [undefined, { all: 'high' }, { all: 'high' }],
    [{ all: 'high' }, { opus: 'low' }, { all: 'high', opus: 'low' }],
    [{ opus: 'low', haiku: 'xhigh' }, { opus: 'high' }, { opus: 'high', haiku: 'xhigh' }],
    [{ opus: 'low' }, { all: 'high' }, { all: 'high' }],
    [{ opus: 'low' }, { all: 'unset' }, { all: 'unset' }],
    [{ opus: 'low' }, { all: 'high', haiku: 'xhigh' }, { all: 'high', haiku: 'xhigh' }],
    [{ all: 'high', opus: 'low' }, { all: 'default' }, { opus: 'low' }],
    [{ all: 'high', opus: 'low' }, { opus: 'default' }, { all: 'high' }],
    [{ all: 'unset' }, { all: 'default', opus: 'low' }, { opus: 'low' }],
    [{ all: 'unset' }, { opus: 'default' }, { all: 'unset' }],
    [{ all: 'high' }, { all: 'default' }, undefined],
  ])('from %j by %j leaves %j', (before, effort, after) => {
    expect(change(before, effort)).toEqual(after === undefined ? {} : { effort: after });
  });

  it.each<[Level, boolean]>([
    [{ all: 'unset', opus: 'low' }, false],
    [{ all: 'unset' }, true],
    [{ all: 'high', opus: 'low' }, true],
  ])('to %j is refused where a level would have no effect', (effort, isFine) => {
    const check = (): void => checkExtras({ effort }, mappingOf(CONFIG));
    if (isFine) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ exit: 'usage', hint: expect.stringContaining('--effort default') as string }));
  });

  it.each<[Level, Level, Level]>([
    [{ opus: 'low' }, { all: 'high' }, { all: 'high' }],
    [{ opus: 'low' }, { all: 'high', haiku: 'low' }, { all: 'high', haiku: 'low' }],
    [{ all: 'high' }, { opus: 'low' }, { all: 'high', opus: 'low' }],
  ])('of %j by a profile with %j gives %j', (base, over, joined) => {
    expect(joinExtras({ effort: base }, { effort: over })).toEqual({ effort: joined });
  });
});

describe('the effort in a folder’s settings', () => {
  const PATH = '/w/.claude/settings.local.json';
  const read = (settings: object): unknown => {
    const located = new Map([['local', { files: [{ path: PATH }], notes: [], offered: true }]]);
    const files = new Map([[PATH, { bytes: Buffer.from(JSON.stringify(settings)), mode: 0o600, missingParents: [] }]]);
    return readFolderExtras({ ...machineWith(), located, files } as unknown as Machine, CONFIG).effort;
  };
  const levels = (...each: readonly (readonly [string | undefined, string])[]): object => ({
    modelSettings: Object.fromEntries(each.map(([model = '', effortLevel]) => [model, { effortLevel }])),
  });

  it.each<[object, Extras['effort']]>([
    [levels([OPUS, 'low']), { opus: 'low' }],
    [levels([OPUS, 'low'], [HAIKU, 'high']), { opus: 'low', haiku: 'high' }],
    [levels([OPUS, 'low'], [SONNET, 'high'], [HAIKU, 'high']), { opus: 'low', all: 'high' }],
    [levels([OPUS, 'low'], [SONNET, 'low'], [HAIKU, 'low']), { all: 'low' }],
    [{ ...levels([OPUS, 'low']), env: { CLAUDE_CODE_EFFORT_LEVEL: '' } }, { opus: 'low' }],
    [{ ...levels([OPUS, 'low']), env: { CLAUDE_CODE_EFFORT_LEVEL: 'high' } }, { all: 'high' }],
    [{}, undefined],
  ])('%j is %j', (settings, effort) => {
    expect(read(settings)).toEqual(effort);
  });
});
