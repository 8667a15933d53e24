import { describe, expect, it } from 'vitest';
import { buildSetup, keySources, limitsFor, NO_LIMITS } from '../../src/change/build-setup.ts';
import type { Mapping } from '../../src/claude/aliases.ts';
import { ownFiles } from '../../src/core/folder.ts';
import type { ModelFacts } from '../../src/openrouter/model-facts.ts';
import { makeModel } from '../support/models.ts';

const own = ownFiles({ env: {}, home: '/home/u', platform: 'linux' });
const baseUrl = 'https://gateway.example/api';
const mapping: Mapping = { models: { opus: 'a/one', sonnet: 'a/two', haiku: 'a/two' }, defaultAlias: 'opus' };
const factsOf = (id: string, window: number): ModelFacts => {
  return { id, window, maxOutput: 8192, known: true, source: 'catalog', row: makeModel({ id, context: window }), asOf: 0 };
};
const facts = [factsOf('a/one', 300_000), factsOf('a/two', 200_000)];

describe('how the key gets to a shell and to a settings file', () => {
  const file = { kind: 'file', path: own.key } as const;
  it.each([
    [{ kind: 'file' }, file, { kind: 'token' }],
    [{ kind: 'profile' }, { kind: 'literal' }, { kind: 'token' }],
    [{ kind: 'env', ref: 'MY_KEY' }, { kind: 'env', name: 'MY_KEY' }, { kind: 'token' }],
    [{ kind: 'helper' }, file, { kind: 'helper', command: `cat ${own.key}` }],
    [
      { kind: 'command', ref: 'pass show or' },
      { kind: 'command', command: 'pass show or' },
      { kind: 'helper', command: 'pass show or' },
    ],
  ] as const)('is by its storage: %o', (keyStorage, shellKey, settingsKey) => {
    const found = keySources({ keyStorage, own, platform: 'linux', baseUrl });
    const command =
      found.settingsKey.kind === 'helper' ? { ...found.settingsKey, command: found.settingsKey.command.replaceAll("'", '') } : {};
    expect({ ...found, settingsKey: { ...found.settingsKey, ...command } }).toEqual({ shellKey, settingsKey });
  });

  it.each([
    [undefined, 'gateway.example'],
    ['another', 'another'],
  ])('is in a keychain by its account, %s, or the base URL’s host', (ref, account) => {
    const keyStorage = { kind: 'keychain' as const, ...(ref === undefined ? {} : { ref }) };
    const { settingsKey } = keySources({ keyStorage, own, platform: 'linux', baseUrl });
    expect(settingsKey).toEqual({ kind: 'helper', command: expect.stringContaining(account) as string });
  });
});

describe('what a set-up writes', () => {
  const names = (variables: readonly { readonly name: string }[] = []): readonly string[] => variables.map(({ name }) => name);
  const input = {
    ...{ mapping, baseUrl, keyStorage: { kind: 'file' as const }, own, platform: 'linux' as const },
    labels: [{ alias: 'opus' as const, name: 'One', description: 'opus', price: '$1 in' }],
  };

  it('leaves out of a committed file what was in the way on this machine alone, prices, and windows that others do not have', () => {
    const extras = [
      { name: 'CLAUDE_CODE_USE_BEDROCK', value: '' },
      { name: 'CLAUDE_CODE_EFFORT_LEVEL', value: 'low' },
    ];
    const limits = {
      ...NO_LIMITS,
      variables: [{ name: 'MINE', value: '1', reason: '' }],
      shared: [{ name: 'SHARED', value: '2', reason: '' }],
    };
    const found = buildSetup({ ...input, extras, limits });
    expect(names(found.variables)).toEqual(expect.arrayContaining(['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_EFFORT_LEVEL', 'MINE']));
    expect(names(found.variables)).not.toContain('SHARED');
    expect(names(found.sharedVariables)).toEqual(expect.arrayContaining(['CLAUDE_CODE_EFFORT_LEVEL', 'SHARED']));
    for (const name of ['CLAUDE_CODE_USE_BEDROCK', 'MINE']) expect(names(found.sharedVariables)).not.toContain(name);
    expect([found.variables, found.sharedVariables].map((each) => JSON.stringify(each).includes('$1 in'))).toEqual([true, false]);
    expect(names(buildSetup({ ...input, limits: { ...NO_LIMITS, variables: limits.variables } }).sharedVariables)).toContain('MINE');
  });

  it('has a window for each model where there are user settings, and one for all in a committed file and without them', () => {
    const both = limitsFor('derived', mapping, facts, { hasUser: true, hasProject: true });
    const folder = limitsFor('derived', mapping, facts, { hasUser: false, hasProject: true });
    expect(both.modelSettings.map(({ id }) => id)).toEqual(['a/two']);
    expect([both.shared, folder.modelSettings, folder.shared]).toEqual([folder.variables, [], undefined]);
    expect(limitsFor('derived', mapping, facts, { hasUser: true, hasProject: false }).shared).toBeUndefined();
    expect(buildSetup({ ...input, limits: both }).modelSettings).toBe(both.modelSettings);
    expect(limitsFor('none', mapping, facts, { hasUser: true, hasProject: true })).toEqual(NO_LIMITS);
    const based = facts.map((each) => ({ ...each, id: '@preset/mine', row: makeModel({ id: '@preset/mine', base: 'a/one' }) }));
    for (const how of ['none', 'derived'] as const)
      expect(limitsFor(how, mapping, based, { hasUser: true, hasProject: true }).bases).toEqual({ '@preset/mine': 'a/one' });
  });
});
