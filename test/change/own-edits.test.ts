import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import type { Desired } from '../../src/change/desired.ts';
import { OrccError } from '../../src/core/errors.ts';
import type { FileNow, Machine } from '../../src/change/machine.ts';
import { planChange } from '../../src/change/plan.ts';
import type { Keys, Planned } from '../../src/change/types.ts';
import { carriedOut, CONFIG, desire, HOME, KEY, machineWith, nothing, place, setup, textAt } from '../support/machine.ts';

const keep: Pick<Desired, 'key'> = { key: { action: 'keep' } };
const GONE = { ...keep, setup: undefined, config: undefined };
const OWN = `${HOME}/.config/orcc`;

function plan(machine: Machine, desired: Desired, keys: Keys = { key: KEY }): Planned {
  return planChange(desired, machine, keys);
}
const after = (machine: Machine, desired: Desired, keys?: Keys): Machine => carriedOut(machine, plan(machine, desired, keys));
const withFile = (machine: Machine, path: string, text: string | null): Machine => {
  const file: FileNow = { bytes: text === null ? null : Buffer.from(text), mode: text === null ? null : 0o600, missingParents: [] };
  return { ...machine, files: new Map(machine.files).set(path, file) };
};
/** Name, owner, mode and what becomes of each file in orcc's own folder. */
const own = ({ plan: { edits } }: Planned) =>
  edits.flatMap(({ path, owner, mode, after: bytes }) =>
    path.startsWith(OWN) ? [[path.slice(OWN.length + 1), owner, mode, bytes === null ? 'goes' : 'written']] : [],
  );

describe('the key’s file', () => {
  const there = after(machineWith(), desire(setup('bash')));

  it('holds the key and a line end, and says so', () => {
    expect(textAt(there, `${OWN}/key`)).toBe(`${KEY}\n`);
    const [written, gone] = [
      plan(machineWith(), desire(setup('bash'))),
      plan(there, desire(nothing('bash'), { ...GONE, key: { action: 'delete' } })),
    ];
    expect([written.plan.edits[0]?.summary, gone.plan.edits.at(-1)?.summary]).toEqual([expect.stringContaining('only by you'), 'the key']);
  });

  it('is never written without one', () => {
    expect(() => planChange(desire(setup('bash')), machineWith(), {})).toThrow('no key was given');
    expect(planChange(desire(setup('bash'), keep), machineWith(), {}).problems).toEqual([]);
  });

  it('gets no mode on Windows, which has none', () => {
    const planned = plan({ ...machineWith(), platform: 'win32' }, desire(setup('user')));
    expect(planned.plan.edits.map(({ mode }) => mode)).toEqual(planned.plan.edits.map(() => null));
  });
});

describe('keys with a name', () => {
  const config: Config = {
    ...CONFIG,
    activeKey: 'used',
    keys: Object.fromEntries(['used', 'old', 'work'].map((name) => [name, { baseUrl: CONFIG.baseUrl }])),
  };
  const there = ['old', 'work'].reduce(
    (machine, name) => withFile(machine, `${OWN}/key.${name}`, `${name}s key\n`),
    after(machineWith(), desire(setup('bash'), { config })),
  );

  it('are written before every target, and those that are not meant any more go after them', () => {
    const planned = plan(there, desire(setup('bash', 'zsh'), { ...keep, config: CONFIG, namedKeys: ['work', 'new'] }), {
      named: { new: 'another' },
    });
    expect(own(planned)).toEqual([
      ['key.new', 'key', 0o600, 'written'],
      ['config.json', 'config', null, 'written'],
      ['state.json', 'state', null, 'written'],
      ['key.old', 'key', null, 'goes'],
    ]);
    expect(planned.plan.edits.map(({ owner }) => owner).indexOf('zsh')).toBe(1);
    expect(textAt(carriedOut(there, planned), `${OWN}/key.new`)).toBe('another\n');
  });

  it('stay where nothing is said of them, and where neither configuration nor state names them', () => {
    expect(own(plan(there, desire(setup('bash'), { ...keep, config })))).toEqual([]);
    const wanted = desire(setup('bash'), { ...keep, config, namedKeys: [] });
    const { keys: _keys, activeKey: _active, ...state } = there.state;
    expect(own(plan({ ...there, config: undefined, state }, wanted))).toEqual([]);
    expect(own(plan({ ...there, config: undefined }, wanted)).map(([name]) => name)).toEqual(['key.old', 'key.work']);
  });
});

describe('orcc’s records from before', () => {
  const now = after(machineWith(), desire(setup('bash')));
  const older = [`${OWN}/config.json`, `${OWN}/state.json`].reduce(
    (machine, path) =>
      withFile(
        machine,
        path,
        JSON.stringify({ ...(JSON.parse(textAt(machine, path) ?? '') as object), schemaVersion: 1, keyUrl: undefined }),
      ),
    { ...now, state: Object.fromEntries(Object.entries(now.state).filter(([name]) => name !== 'keyUrl')) as Machine['state'] },
  );

  it.each<[string, readonly string[], Desired, Keys]>([
    ['nothing else changes', [], desire(setup('bash')), {}],
    ['a target changes', ['config.json', 'state.json'], desire(setup('bash', 'zsh')), {}],
    ['the key changes', ['key', 'config.json', 'state.json'], desire(setup('bash')), { key: 'another' }],
    [
      'a key with a name comes',
      ['key.work', 'config.json', 'state.json'],
      desire(setup('bash'), { namedKeys: ['work'] }),
      { named: { work: 'x' } },
    ],
  ])('are written anew with the next change alone: %s', (_what, names, desired, keys) => {
    const planned = plan(older, desired, { key: KEY, ...keys });
    expect(own(planned).map(([name]) => name)).toEqual(names);
    const left = carriedOut(older, planned);
    expect(left.state.keyUrl).toBe(names.length === 0 ? undefined : CONFIG.baseUrl);
    if (names.length > 0)
      expect(
        [textAt(left, `${OWN}/config.json`), textAt(left, `${OWN}/state.json`)].every((each) => each?.includes('"schemaVersion": 2')),
      ).toBe(true);
  });

  it('of this schema keep their own bytes where they say the same', () => {
    const spaced = withFile(now, `${OWN}/config.json`, JSON.stringify(CONFIG));
    const left = after(spaced, desire(setup('bash', 'zsh')));
    expect(textAt(left, `${OWN}/config.json`)).toBe(JSON.stringify(CONFIG));
  });

  it('have what orcc replaced in a private file of the state’s', () => {
    const machine = machineWith({ files: { [place('user')]: '{"env": {"ANTHROPIC_MODEL": "mine"}}' } });
    expect(own(plan(machine, desire(setup('user'), { replace: true })))).toContainEqual(['replaced.json', 'state', 0o600, 'written']);
  });
});

describe('a configuration that does not parse', () => {
  const configBroken = new OrccError('refused', 'no');
  const broken = { ...withFile(machineWith(), `${OWN}/config.json`, '{ broken'), configBroken };

  it('is kept aside before another is written, and only then', () => {
    const planned = plan(broken, desire(setup('bash')));
    expect(own(planned).map(([name, owner]) => [name, owner])).toEqual([
      ['key', 'key'],
      ['config.broken.json', 'config'],
      ['config.json', 'config'],
      ['state.json', 'state'],
    ]);
    expect(textAt(carriedOut(broken, planned), `${OWN}/config.broken.json`)).toBe('{ broken');
    expect(own(plan(broken, desire([], GONE))).map(([name]) => name)).toEqual(['config.json']);
  });

  it('that is gone meanwhile leaves the one that was kept aside alone', () => {
    const gone = { ...withFile(machineWith(), `${OWN}/config.broken.json`, '{ older'), configBroken };
    expect(own(plan(gone, desire(setup('bash')))).map(([name]) => name)).not.toContain('config.broken.json');
  });
});

describe('what stays of orcc’s records', () => {
  const FOLDERS = [`${HOME}/.config`, OWN];
  const fresh = machineWith({
    files: {
      [place('fish')]: { missingParents: [`${HOME}/.config`, `${HOME}/.config/fish`] },
      [`${OWN}/config.json`]: { missingParents: FOLDERS },
    },
  });
  const there = after(fresh, desire(setup('fish')));

  it('with the key alone are its address and the folders that it needs', () => {
    const left = after(there, desire(nothing('fish'), GONE));
    expect(left.state).toMatchObject({ targets: [], folders: FOLDERS, keyUrl: CONFIG.baseUrl });
  });

  it.each<[string, Machine, Desired, boolean]>([
    ['the key goes too', there, desire(nothing('fish'), { ...GONE, key: { action: 'delete' } }), false],
    ['there is no key', withFile(there, `${OWN}/key`, null), desire(nothing('fish'), GONE), false],
    ['the key’s address and folders are not known', withFile(machineWith(), `${OWN}/key`, KEY), desire([], GONE), false],
    ['the configuration stays', there, desire(nothing('fish'), { ...keep, setup: undefined }), true],
    ['a target stays', after(there, desire(setup('bash'))), desire(nothing('fish'), GONE), true],
    [
      'a target stays without a key',
      withFile(after(there, desire(setup('bash'))), `${OWN}/key`, null),
      desire(nothing('fish'), GONE),
      true,
    ],
    ['the key is written', there, desire(nothing('fish'), { ...GONE, key: { action: 'write' } }), true],
  ])('is nothing without need: %s', (_what, machine, desired, stays) => {
    expect(textAt(after(machine, desired), `${OWN}/state.json`) !== null).toBe(stays);
  });

  it('is the key’s address, or its folders, where one of them is not known', () => {
    const folderless = { ...there, state: { ...there.state, folders: [] } };
    expect(after(folderless, desire(nothing('fish'), GONE)).state).toMatchObject({ folders: [], keyUrl: CONFIG.baseUrl });
    const { keyUrl: _none, ...state } = there.state;
    for (const folders of [FOLDERS, [OWN]]) {
      const addressless = after({ ...there, config: undefined, state: { ...state, folders } }, desire(nothing('fish'), GONE));
      expect(addressless.state).toEqual({ targets: [], adopted: [], ignores: [], folders });
    }
  });

  it.each<[string, Partial<Config> | undefined, string | undefined, Partial<Desired>, string | undefined]>([
    [
      'the new configuration',
      { keyUrl: 'https://old.example' },
      undefined,
      { config: { ...CONFIG, keyUrl: 'https://new.example' } },
      'https://new.example',
    ],
    ['the one that goes', { keyUrl: 'https://old.example' }, undefined, { config: undefined }, 'https://old.example'],
    [
      'the command',
      { keyUrl: 'https://old.example' },
      undefined,
      { config: undefined, keyUrl: 'https://said.example' },
      'https://said.example',
    ],
    ['what was recorded', undefined, 'https://kept.example', { config: undefined }, 'https://kept.example'],
    [
      'the command before what was recorded',
      undefined,
      'https://kept.example',
      { config: undefined, keyUrl: 'https://said.example' },
      'https://said.example',
    ],
  ])('tells the key’s address by %s', (_what, config, keyUrl, wish, expected) => {
    const machine: Machine = {
      ...there,
      config: config && { ...CONFIG, ...config },
      state: { ...there.state, ...(keyUrl === undefined ? {} : { keyUrl }) },
    };
    expect(after(machine, desire(nothing('fish'), { ...keep, setup: undefined, ...wish })).state.keyUrl).toBe(expected);
  });
});
