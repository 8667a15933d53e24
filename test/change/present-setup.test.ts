import { describe, expect, it } from 'vitest';
import type { ExtraMember } from '../../src/config/extras-table.ts';
import type { TargetState } from '../../src/config/state.ts';
import type { Machine } from '../../src/change/machine.ts';
import { readPresentSetup } from '../../src/change/present-setup.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { desire, done, KEY, machineWith, place, setup, textAt, withFile } from '../support/machine.ts';

const EXTRAS: readonly ExtraMember[] = [
  { path: ['effortLevel'], value: 'high', places: ['user'], native: 'stays' },
  { path: ['modelSettings', 'a/one', 'effort'], value: 'low', places: ['user'], native: 'stays' },
  { path: ['fallbackModel'], value: 'a/two', element: true, places: ['user'], native: 'stays' },
];
const VARIABLES = [
  { name: 'ANTHROPIC_DEFAULT_OPUS_MODEL', value: 'z-ai/glm-4.7' },
  { name: 'ANTHROPIC_MODEL', value: 'opus' },
];
const WINDOWS = [{ id: 'a/one', autoCompactWindow: 190_000 }];

/** The machine after a setup of this target, the key in the file itself. */
function setUp(id: TargetId, settingsKey: 'token' | 'helper' = 'token'): Machine {
  const wish = desire(setup(id), { extras: EXTRAS });
  const key = settingsKey === 'token' ? { kind: 'token' as const } : { kind: 'helper' as const, command: 'cat key' };
  const shellKey = { kind: 'literal' as const };
  return done(machineWith({ targets: [id] }), {
    ...wish,
    setup: wish.setup && { ...wish.setup, shellKey, settingsKey: key, modelSettings: WINDOWS },
  });
}

function presentIn(machine: Machine, more: Partial<TargetState> = {}): ReturnType<typeof readPresentSetup> {
  const [target] = machine.state.targets;
  if (target === undefined) throw new Error('no target');
  return readPresentSetup({ ...target, ...more }, machine);
}

const changed = (machine: Machine, id: TargetId, from: string, to: string): Machine => {
  const text = textAt(machine, place(id)) ?? '';
  expect(text).toContain(from);
  return withFile(machine, place(id), { bytes: Buffer.from(text.replace(from, to)), mode: 0o600 });
};

describe('what a file carries, read back', () => {
  it.each<TargetId>(['bash', 'fish', 'powershell'])('from a start-up file: address and variables, without the key (%s)', (id) => {
    const present = presentIn(setUp(id));
    expect(present).toEqual({ baseUrl: 'https://openrouter.ai/api', variables: VARIABLES, modelSettings: [], extras: [] });
    expect(JSON.stringify(present)).not.toContain(KEY);
  });

  it('from a start-up file whose key stands in another: no variable for that', () => {
    const machine = done(machineWith({ targets: ['bash'] }), desire(setup('bash')));
    expect(presentIn(machine)?.variables).toEqual(VARIABLES);
  });

  it.each(['token', 'helper'] as const)('from settings: windows and what else orcc wrote, too, but no key (%s)', (settingsKey) => {
    const present = presentIn(setUp('user', settingsKey));
    expect(present).toMatchObject({ baseUrl: 'https://openrouter.ai/api', variables: VARIABLES, modelSettings: WINDOWS });
    expect(present?.extras.map(({ path, value, element }) => [path.join('.'), value, element])).toEqual([
      ['effortLevel', 'high', undefined],
      ['modelSettings.a/one.effort', 'low', undefined],
      ['fallbackModel', 'a/two', true],
    ]);
    for (const each of present?.extras ?? [])
      expect(each).toMatchObject({ places: ['user', 'settings-file', 'project', 'local'], native: 'stays' });
    expect(JSON.stringify(present)).not.toContain(KEY);
  });

  it('as it is now: what someone changed is taken as it is, what is gone or of another kind is left out', () => {
    const there = setUp('user');
    expect(presentIn(changed(there, 'user', '"z-ai/glm-4.7"', '"their/model"'))?.variables[0]?.value).toBe('their/model');
    expect(presentIn(changed(there, 'user', '"z-ai/glm-4.7"', '7'))?.variables).toEqual(VARIABLES.slice(1));
    expect(presentIn(changed(there, 'user', '190000', '"all"'))?.modelSettings).toEqual([]);
    expect(presentIn(changed(there, 'user', '190000', '170000'))?.modelSettings).toEqual([{ id: 'a/one', autoCompactWindow: 170_000 }]);
    expect(presentIn(changed(there, 'user', '"high"', '"max"'))?.extras[0]?.value).toBe('max');
    expect(presentIn(changed(there, 'user', '"effortLevel"', '"theirs"'))?.extras).toHaveLength(2);
    expect(presentIn(changed(there, 'user', '"a/two"', '"their/two"'))?.extras).toHaveLength(2);
  });

  it('from no file that is gone, carries no setup, or has another address than a text', () => {
    for (const id of ['user', 'bash'] as const) {
      const there = setUp(id);
      expect(presentIn(withFile(there, place(id), {}))).toBeUndefined();
      expect(presentIn({ ...there, files: new Map() })).toBeUndefined();
      expect(presentIn(there, { carries: 'extras' })).toBeUndefined();
    }
    expect(presentIn(changed(setUp('user'), 'user', '"https://openrouter.ai/api"', '7'))).toBeUndefined();
    expect(presentIn(changed(setUp('bash'), 'bash', 'ANTHROPIC_BASE_URL', 'THEIR_URL'))).toBeUndefined();
  });

  it('from members that are not in `env` alone', () => {
    const there = setUp('user');
    const members = [
      ['env'],
      ['env', 'DEEP', 'er'],
      ['other', 'ANTHROPIC_MODEL'],
      ['modelSettings', 'a/one'],
      ['x', 'y', 'autoCompactWindow'],
    ];
    const machine = changed(
      there,
      'user',
      '"env": {',
      '"other": {"ANTHROPIC_MODEL": "x"}, "x": {"y": {"autoCompactWindow": 1}}, "env": {"DEEP": {"er": "x"},',
    );
    const present = presentIn(machine, { members: members.map((path) => ({ path, sum: '', createdParents: [] })) });
    expect([present?.variables, present?.modelSettings]).toEqual([[], []]);
    expect(present?.extras.map(({ path }) => path.join('.'))).toEqual([
      'other.ANTHROPIC_MODEL',
      'modelSettings.a/one',
      'x.y.autoCompactWindow',
    ]);
  });
});
