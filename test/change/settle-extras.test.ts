import { describe, expect, it } from 'vitest';
import { changeKept, checkKept, decideExtras, pinRowsFor, type KeptChecks } from '../../src/change/settle-extras.ts';
import type { Mapping } from '../../src/claude/aliases.ts';
import type { Extras } from '../../src/config/extras.ts';
import { createCatalog, type Catalog } from '../../src/openrouter/catalog.ts';
import type { CatalogModel } from '../../src/openrouter/catalog-model.ts';
import { keyed } from '../support/keyed.ts';
import { CONFIG, KEY, machineWith, place } from '../support/machine.ts';
import { makeModel } from '../support/models.ts';

const MAPPING: Mapping = { models: { opus: 'acme/two', sonnet: 'acme/one', haiku: 'acme/one' }, defaultAlias: 'sonnet' };
const ROWS = [{ id: 'acme/one' }, { id: 'acme/two' }, { id: 'acme/odd', tools: false }];
const catalogOf = (rows: readonly Partial<CatalogModel>[] = ROWS, source: Catalog['source'] = 'live'): Catalog =>
  createCatalog(rows.map(makeModel), { source, asOf: 0, stale: false });
const ROW = (model: string) => ({ model, name: `${model} as it was`, description: 'as it was' });

describe('what stands beside the mapping', () => {
  const own: Extras = { fallback: ['acme/own'], pins: ['acme/own'] };
  const profileExtras: Extras = { fallback: ['acme/profile'], pins: ['acme/profile'], effort: { all: 'low' } };
  const pinRows = [ROW('acme/own')];

  it('stays as it is without a change, with what came with the profile in use, or with the new one', () => {
    expect(changeKept({ extras: own, profileExtras, pinRows }, undefined, undefined)).toEqual({ extras: own, profileExtras, pinRows });
    const next: Extras = { effort: { all: 'high' } };
    expect(changeKept({ extras: own, profileExtras }, undefined, next)).toEqual({ extras: own, profileExtras: next });
    expect(changeKept({ extras: own, profileExtras }, undefined, {})).toEqual({ extras: own });
    expect(changeKept({}, undefined, undefined)).toEqual({});
  });

  it('is the machine’s where a flag names it, in place of the profile’s, and the profile’s otherwise', () => {
    expect(changeKept({ extras: own, profileExtras, pinRows }, { fallback: ['acme/new'] }, undefined)).toEqual({
      extras: { fallback: ['acme/new'], pins: ['acme/own'] },
      profileExtras: { pins: ['acme/profile'], effort: { all: 'low' } },
      pinRows,
    });
  });

  it('is changed as it is in effect: a row more is one beside the profile’s', () => {
    const kept = changeKept(
      { extras: own, profileExtras: { pins: ['acme/profile'] } },
      { pins: { add: ['acme/new'], drop: [] } },
      undefined,
    );
    expect(kept).toEqual({ extras: { fallback: ['acme/own'], pins: ['acme/own', 'acme/profile', 'acme/new'] } });
  });

  it('goes with a flag, the profile’s too', () => {
    expect(
      changeKept(
        { extras: own, profileExtras },
        { fallback: null, pins: { add: [], drop: [...(own.pins ?? []), 'acme/profile'] } },
        undefined,
      ),
    ).toEqual({ profileExtras: { effort: { all: 'low' } } });
  });

  describe('of a folder', () => {
    const files = { [place('local')]: '{"fallbackModel": ["acme/folder"]}' };
    const machine = machineWith({ config: { ...CONFIG, extras: { ...own, effort: { all: 'low' } }, pinRows }, files });

    it.each<[string, Parameters<typeof decideExtras>[1], Extras | undefined, Extras]>([
      ['is its own over the machine’s', { here: true }, undefined, { fallback: ['acme/folder'] }],
      ['is the profile’s over its own', { here: true }, { fallback: ['acme/profile'] }, { fallback: ['acme/profile'] }],
      [
        'is what a flag says, over all',
        { here: true, extras: { fallback: ['acme/flag'] } },
        { fallback: ['acme/p'] },
        { fallback: ['acme/flag'] },
      ],
      ['does not count elsewhere', { here: false }, undefined, { fallback: ['acme/own'] }],
    ])('%s', (_what, intent, profile, expected) => {
      const kept = decideExtras(machine, intent, { profileExtras: profile });
      expect(kept).toEqual({ extras: { pins: ['acme/own'], effort: { all: 'low' }, ...expected }, pinRows });
    });
  });

  it('is nobody’s where nothing is configured', () => {
    expect(() => decideExtras(machineWith(), { here: false }, { profileExtras: undefined })).toThrow(
      expect.objectContaining({ exit: 'nothing' }),
    );
  });
});

describe('rows of pinned models', () => {
  it('stay as they are recorded, come for those that are new, and go with their pins', () => {
    const { pinRows = [] } = pinRowsFor(
      { extras: { pins: ['acme/one', 'acme/two'] }, pinRows: [ROW('acme/one'), ROW('acme/gone')] },
      catalogOf(),
    );
    expect(pinRows.map(({ model }) => model)).toEqual(['acme/one', 'acme/two']);
    expect(pinRows[0]).toEqual(ROW('acme/one'));
    expect(pinRowsFor({ extras: { fallback: ['acme/one'] }, pinRows: [ROW('acme/one')] }, catalogOf())).toEqual({
      extras: { fallback: ['acme/one'] },
    });
  });
});

describe('a model beside the mapping', () => {
  const ctx = { clock: { now: () => 0, sleep: () => Promise.resolve() }, version: '0' } as unknown as Parameters<typeof checkKept>[0];
  const check = async (extras: Extras, more: Partial<KeptChecks> = {}) =>
    checkKept(
      ctx,
      { extras },
      {
        ...{ mapping: MAPPING, before: {}, catalog: catalogOf(), baseUrl: 'https://openrouter.ai/api', endpoint: undefined, force: false },
        ...more,
      },
    );

  it.each<[string, Extras]>([
    ['fallback', { fallback: ['acme/gone'] }],
    ['pin', { pins: ['acme/gone'] }],
    ["auto mode's check", { autoModeModel: 'acme/gone' }],
  ])('that is not there stops the change: %s', async (what, extras) => {
    await expect(check(extras)).rejects.toMatchObject({ exit: 'usage', code: 'MODEL_UNKNOWN', data: { model: 'acme/gone' } });
    for (const more of [{ force: true }, { before: extras }, { catalog: catalogOf(ROWS, 'builtin') }]) {
      const { remarks } = await check(extras, more);
      expect([remarks.length, remarks[0]]).toEqual([1, expect.stringContaining(`${what} acme/gone`)]);
    }
  });

  it('has the nearest ones named, three at most', async () => {
    const rows = ['acme/gone-1', 'acme/gone-2', 'acme/gone-3', 'acme/gone-4'].map((id) => ({ id }));
    const missing = async (id: string, catalog: Catalog): Promise<unknown> =>
      check({ fallback: [id] }, { catalog }).catch((error: unknown) => error);
    expect(await missing('acme/gone', catalogOf(rows))).toMatchObject({
      data: { nearest: { length: 3 } },
      hint: expect.stringMatching(/^\S.*`acme\/gone-\d`.*\S$/) as string,
    });
    expect(await missing('nobody/knows-it', catalogOf([]))).toMatchObject({
      data: { nearest: [] },
      hint: expect.stringContaining('orcc models') as string,
    });
  });

  it('has rules that are held against the providers where those can be asked', async () => {
    const request = (): Promise<never> => Promise.reject(new Error('asked'));
    const asked = { ...ctx, http: { request, proxyFor: () => undefined } } as unknown as typeof ctx;
    const more = { mapping: MAPPING, before: {}, catalog: catalogOf(), baseUrl: 'x', endpoint: keyed('http://127.0.0.1:1', KEY) };
    const checked = checkKept(asked, { extras: { routing: { only: ['acme'] } } }, { ...more, force: false });
    await expect(checked).rejects.toThrow('asked');
  });

  it.each<[string, Extras]>([
    ['an alias', { fallback: ['opus'] }],
    ['a preset', { fallback: ['@preset/mine'], autoModeModel: '@preset/mine' }],
    ['a model that suits', { fallback: ['acme/two'], pins: ['acme/two'], autoModeModel: 'acme/two' }],
    ['nothing', {}],
  ])('needs no word: %s', async (_what, extras) => {
    expect((await check(extras)).remarks).toEqual([]);
  });

  it('that is odd is told of, a pin only while it is new', async () => {
    for (const [extras, again] of [
      [{ fallback: ['acme/odd'] }, 1],
      [{ pins: ['acme/odd'] }, 0],
      [{ autoModeModel: 'acme/odd' }, 1],
    ] as const) {
      const kept = extras as Extras;
      expect((await check(kept)).remarks).toHaveLength(1);
      expect((await check(kept, { before: kept })).remarks).toHaveLength(again);
    }
  });

  it('is no fallback of itself', async () => {
    await expect(check({ fallback: ['acme/one'] })).rejects.toMatchObject({ exit: 'usage' });
  });

  it('is given back with its row', async () => {
    expect((await check({ pins: ['acme/two'] })).kept.pinRows?.map(({ model }) => model)).toEqual(['acme/two']);
  });

  it('has an effort only where its alias is mapped, or had one before', async () => {
    const effort: Extras = { effort: { subagent: 'low' } };
    await expect(check(effort)).rejects.toMatchObject({ exit: 'usage' });
    expect((await check(effort, { before: effort })).remarks).toEqual([]);
    expect((await check({ effort: { opus: 'low', all: 'high' } })).remarks).toEqual([]);
  });

  it('has rules that are told of as unchecked, unless they and the mapping are as before', async () => {
    const rules: Extras = { routing: { ignore: ['acme'] } };
    const other: Mapping = { ...MAPPING, defaultAlias: 'opus' };
    const cases: readonly (readonly [Partial<KeptChecks>, number])[] = [
      [{}, 1],
      [{ before: rules }, 1],
      [{ before: rules, mappingBefore: other }, 1],
      [{ before: { routing: { ignore: ['other'] } }, mappingBefore: MAPPING }, 1],
      [{ before: rules, mappingBefore: MAPPING }, 0],
    ];
    for (const [more, told] of cases)
      expect([more, (await check({ ...rules, pins: ['acme/two'] }, more)).remarks.length]).toEqual([more, told]);
    expect((await check({ routing: {} })).remarks).toEqual([]);
  });
});
