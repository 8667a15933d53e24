import { describe, expect, it } from 'vitest';
import { desireSetup, limitsInPlace, recordedMachineTargets } from '../../src/change/desire.ts';
import type { DesiredTarget } from '../../src/change/desired.ts';
import type { SetupLimits } from '../../src/change/build-setup.ts';
import type { Machine } from '../../src/change/machine.ts';
import { mappingOf } from '../../src/config/config.ts';
import { EMPTY_STATE, type TargetState } from '../../src/config/state.ts';
import type { ModelFacts } from '../../src/openrouter/model-facts.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { CONFIG, HOME, machineWith, nothing, place, setup } from '../support/machine.ts';
import { makeModel } from '../support/models.ts';

const NO_LIMITS: SetupLimits = { variables: [], modelSettings: [], warnings: [] };

/** A record of a target's file. */
function recorded(id: TargetId, carries: TargetState['carries'], more: Partial<TargetState> = {}): TargetState {
  return { id, path: place(id), created: false, modeBefore: null, carries, members: [], ...more };
}

const withRecords = (...targets: readonly TargetState[]): Machine => machineWith({ state: { targets: [...targets] } });

/** What comes of these targets, with an extra that settings alone can hold, or with one that is a variable. */
function targetsOf(
  targets: readonly DesiredTarget[],
  { isWanted = true, records = [] }: { isWanted?: boolean; records?: readonly TargetState[] } = {},
): readonly DesiredTarget[] {
  const extras = isWanted ? { fallback: ['acme/one'] } : { effort: { all: 'low' as const } };
  return desire({ targets, config: { ...CONFIG, extras } }, withRecords(...records)).targets;
}

function desire(more: Partial<Parameters<typeof desireSetup>[1]>, machine = machineWith()) {
  return desireSetup(machine, {
    ...{ config: CONFIG, limits: NO_LIMITS, labels: [], takesImages: false, key: { action: 'keep' }, targets: setup('bash') },
    ...{ ignore: undefined, replace: false, adopt: false, force: false },
    ...more,
  });
}

describe('the configuration that is desired', () => {
  it('has the limits’ names and values, and the models behind presets where there are any', () => {
    const variables = [{ name: 'A', value: '1', reason: 'it is one' }];
    const limits = (more: Partial<SetupLimits>) => desire({ limits: { ...NO_LIMITS, variables, ...more } }).config?.limits;
    expect(limits({})).toStrictEqual({ how: 'derived', variables: [{ name: 'A', value: '1' }] });
    expect(limits({ bases: { '@preset/x': 'acme/one' } })).toStrictEqual({
      how: 'derived',
      variables: [{ name: 'A', value: '1' }],
      bases: { '@preset/x': 'acme/one' },
    });
  });

  it('has copies of the rows for the picker', () => {
    const labels = [{ alias: 'opus' as const, name: 'One', description: 'opus' }];
    expect(desire({ labels }).config?.labels).toEqual(labels);
  });
});

describe('an extra that only a settings file can hold', () => {
  const extras: DesiredTarget = { id: 'user', carries: 'extras', remember: false };

  it.each<[string, readonly TargetState[]]>([
    ['has', []],
    ['has, although user settings got nothing for now,', [recorded('user', 'nothing')]],
    ['has, as far as records of others tell,', [recorded('bash', 'setup'), recorded('local', 'extras')]],
  ])('%s no place but user settings where shells carry the set-up', (_what, records) => {
    expect(targetsOf(setup('bash', 'fish'), { records })).toEqual([...setup('bash', 'fish'), extras]);
    expect(targetsOf([...nothing('user'), ...setup('bash')], { records })).toEqual([...setup('bash'), extras]);
  });

  it.each<[string, readonly DesiredTarget[], readonly TargetState[]]>([
    ['user settings carry the set-up', setup('bash', 'user'), []],
    ['user settings carry extras, which stay', [...setup('bash'), { ...extras, remember: true }], []],
    ['user settings have it already', setup('bash'), [recorded('user', 'setup')]],
    ['user settings have extras already', setup('bash'), [recorded('user', 'extras')]],
    ['a folder alone changes', setup('local'), []],
    ['a folder changes, and a shell gets nothing', [...setup('project'), ...nothing('zsh')], []],
    ['everything goes', nothing('bash', 'user'), []],
  ])('needs no other place where %s', (_what, targets, records) => {
    expect(targetsOf(targets, { records })).toEqual(targets);
  });

  it('is not needed: then user settings that hold nothing else are forgotten, and no others', () => {
    const bash: DesiredTarget = { id: 'bash', carries: 'setup', remember: true };
    expect(targetsOf([bash, { ...extras, remember: true }], { isWanted: false })).toEqual([bash, extras]);
    for (const targets of [[bash], [bash, { ...bash, id: 'user' as const }], [bash, ...nothing('user')]])
      expect(targetsOf(targets, { isWanted: false })).toEqual(targets);
  });
});

describe('the limits of a mapping', () => {
  const facts = Object.values(CONFIG.mapping).map((id, index): ModelFacts => {
    const window = 150_000 + index * 10_000;
    return { id, window, maxOutput: null, known: true, source: 'catalog', row: makeModel({ id }), asOf: 0 };
  });
  const limits = (targets: readonly DesiredTarget[], ...records: readonly TargetState[]): SetupLimits =>
    limitsInPlace(withRecords(...records), 'derived', mappingOf(CONFIG), facts, targets);

  it.each<[string, readonly DesiredTarget[], readonly TargetState[], boolean]>([
    ['user settings', setup('bash', 'user'), [], true],
    ['user settings that keep what they carry', setup('bash'), [recorded('user', 'setup')], true],
    ['shells alone', setup('bash'), [recorded('bash', 'setup')], false],
    ['shells beside extras in user settings', setup('bash'), [recorded('user', 'extras')], false],
    ['shells alone from now on', [...setup('bash'), ...nothing('user')], [recorded('user', 'setup')], false],
    ['nothing', nothing('user'), [], false],
  ])('are a window for each model in %s, or one for all', (_what, targets, records, hasEach) => {
    expect(limits(targets, ...records).modelSettings.length > 0).toBe(hasEach);
  });

  it('are others in a file that others share, beside user settings', () => {
    const shared = limits(setup('bash')).variables;
    expect(limits(setup('user', 'project')).shared).toEqual(shared);
    for (const targets of [setup('user'), [...setup('user'), ...nothing('project')], setup('project'), setup('user', 'local')])
      expect(limits(targets)).not.toHaveProperty('shared');
  });
});

describe('the recorded targets of the machine', () => {
  const again = (...targets: readonly TargetState[]): readonly DesiredTarget[] =>
    recordedMachineTargets({ state: { ...EMPTY_STATE, targets: [...targets] } });

  it('get what they carry, and those without anything what they carried before', () => {
    expect(
      again(
        recorded('bash', 'nothing'),
        recorded('fish', 'nothing', { returns: 'setup' }),
        recorded('user', 'nothing', { returns: 'extras' }),
        recorded('zsh', 'extras', { returns: 'setup' }),
      ),
    ).toStrictEqual([
      { id: 'bash', carries: 'setup', remember: true },
      { id: 'fish', carries: 'setup', remember: true },
      { id: 'user', carries: 'extras', remember: true },
      { id: 'zsh', carries: 'extras', remember: true },
    ]);
  });

  it('are one for all files of a shell, as its first record says, one for each further settings file, and none of a folder', () => {
    const further = ['a', 'b', 'a'].map((name) => recorded('settings-file', 'setup', { path: `${HOME}/${name}.json` }));
    expect(
      again(recorded('bash', 'setup'), recorded('bash', 'extras', { path: `${HOME}/.profile` }), recorded('local', 'setup'), ...further),
    ).toStrictEqual([
      { id: 'bash', carries: 'setup', remember: true },
      { id: 'settings-file', carries: 'setup', remember: true, path: `${HOME}/a.json` },
      { id: 'settings-file', carries: 'setup', remember: true, path: `${HOME}/b.json` },
    ]);
  });
});
