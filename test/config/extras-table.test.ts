import { describe, expect, it } from 'vitest';
import { extrasOf, mappingOf, type Config } from '../../src/config/config.ts';
import { handleOfKey } from '../../src/config/storage.ts';
import { desireInit } from '../../src/commands/init/desire.ts';
import type { InitDecision } from '../../src/commands/init/decide.ts';
import type { SwitchDecision } from '../../src/commands/switch/decide.ts';
import { desireSwitch } from '../../src/commands/switch/desire.ts';
import { TABLE } from '../../src/diagnose/table.ts';
import { EXTRAS, extraMembers, type ExtraRow } from '../../src/config/extras-table.ts';
import { extrasSchema, joinExtras, makeExtras, type Extras } from '../../src/config/extras.ts';
import { extrasInput } from '../../src/config/config.ts';
import { desireSetup, recordedMachineTargets } from '../../src/change/desire.ts';
import { NO_LIMITS } from '../../src/change/build-setup.ts';
import { desireNative } from '../../src/commands/switch/native.ts';
import { desireRemove } from '../../src/commands/remove/desire.ts';
import { planChange } from '../../src/change/plan.ts';
import { sessionMembers } from '../../src/commands/profile/session-settings.ts';
import type { Machine } from '../../src/change/machine.ts';
import type { DesiredTarget } from '../../src/change/desired.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { carriedOut, CONFIG, KEY, machineWith, place } from '../support/machine.ts';

const LABELS = [{ alias: 'opus', name: 'GLM', description: 'opus' }] as const;
const SWITCHED = { profile: undefined, limits: NO_LIMITS, takesImages: false, ignore: undefined, replace: false, adopt: false } as const;

/** A second `orcc init` that changes nothing. */
function initOf({ config = CONFIG }: Machine): InitDecision {
  const { baseUrl, autoMode, blanked = [], extras, pinRows } = config;
  return {
    ...{ ...SWITCHED, adoptFiles: [], force: false, baseUrl, autoMode, blanked, labels: LABELS },
    key: handleOfKey(KEY, 'a test', config.keyStorage),
    mapping: mappingOf(config),
    limits: { ...NO_LIMITS, how: 'derived' },
    targets: ['user'],
    extras: { ...(extras === undefined ? {} : { extras }), ...(pinRows === undefined ? {} : { pinRows }) },
  };
}

/** An `orcc switch` that keeps what stands beside the mapping. */
function switchOf(
  { config = CONFIG }: Machine,
  { here = false, models = config.mapping }: { here?: boolean; models?: object },
): SwitchDecision {
  const { extras, pinRows } = config;
  return {
    ...{ ...SWITCHED, force: false, here, back: false, labels: LABELS },
    from: mappingOf(config),
    mapping: { ...mappingOf(config), models: { ...config.mapping, ...models } },
    extras: { ...(extras === undefined ? {} : { extras }), ...(pinRows === undefined ? {} : { pinRows }) },
    targets: [{ id: here ? 'local' : 'user', carries: 'setup', remember: true }],
    key: handleOfKey(KEY, 'a test', config.keyStorage),
  };
}

/** A value for each row, and what of it stands in a file: a new row needs an entry here. */
const SAMPLES: Readonly<Record<ExtraRow['id'], { readonly config: Partial<Config>; readonly text: string }>> = {
  routing: { config: { extras: { routing: { zdr: true } } }, text: String.raw`{\"provider\":{\"zdr\":true}}` },
  fallback: { config: { extras: { fallback: ['haiku'] } }, text: '"fallbackModel": ["haiku"]' },
  pins: {
    config: { extras: { pins: ['x-ai/grok-5'] }, pinRows: [{ model: 'x-ai/grok-5', name: 'Grok 5', description: '256k' }] },
    text: '"label":"Grok 5"',
  },
  effort: { config: { extras: { effort: { opus: 'xhigh' } } }, text: '"effortLevel": "xhigh"' },
  autoModeModel: { config: { extras: { autoModeModel: 'z-ai/glm-4.7' } }, text: 'CLAUDE_CODE_AUTO_MODE_MODEL' },
  autoMode: { config: { autoMode: 'off' }, text: '"disableAutoMode": "disable"' },
  images: { config: { denyImages: true }, text: '"Read(//**/*.png)"' },
  statusLine: { config: { statusLine: "'/n/node' '/o/orcc.js' statusline" }, text: '"statusLine"' },
  blanked: { config: { blanked: ['CLAUDE_CODE_USE_BEDROCK', 'apiKeyHelper'] }, text: '"apiKeyHelper": ""' },
  names: { config: {}, text: '_MODEL_NAME' },
};

const FILES = {
  user: '{\n  "theme": "dark",\n  "permissions": {"deny": ["Read(secret)"]}\n}\n',
  project: '{"a":1}',
  local: '{ }',
} as const;

function setUp(config: Partial<Config>, ids: readonly TargetId[], machine: Machine, replace = false): Machine {
  const targets = ids.map((id): DesiredTarget => ({ id, carries: 'setup', remember: true }));
  const desired = desireSetup(machine, {
    config: { ...CONFIG, ...config },
    limits: NO_LIMITS,
    labels: LABELS,
    takesImages: false,
    key: { action: 'write' },
    targets,
    ...{ ignore: undefined, replace, adopt: false, force: false },
  });
  return carriedOut(machine, planChange(desired, machine, { key: KEY }));
}

/** After `orcc remove`. */
function removed(machine: Machine, target: TargetId = 'user'): Machine {
  const nothing = {
    unreached: [],
    blocks: [],
    strays: [],
    folders: [],
    others: [],
    isWhole: true,
    isFinal: true,
    keepKey: false,
    force: false,
  };
  return carriedOut(machine, planChange(desireRemove({ ...nothing, targets: [target, 'user'] }, machine), machine));
}

const textOf = (machine: Machine, id: TargetId): string | undefined => {
  const bytes = machine.files.get(place(id))?.bytes ?? null;
  return bytes === null ? undefined : Buffer.from(bytes).toString('utf8');
};

const dense = (text = ''): string => text.replaceAll(' ', '');

const fresh = (): Machine =>
  machineWith({ files: Object.fromEntries(Object.entries(FILES).map(([id, text]) => [place(id as TargetId), text])) });

describe.each(EXTRAS.map((row) => [row.id, row] as const))('%s', (id, row) => {
  const { config, text } = SAMPLES[id];

  it('stands in the places of its row, and nowhere else, and leaves no byte behind when it is removed', () => {
    for (const target of ['user', 'project', 'local', 'bash'] as const) {
      const there = setUp(config, [target], fresh());
      if (target !== 'bash')
        expect([target, dense(textOf(there, target)).includes(dense(text))]).toEqual([target, row.places.includes(target)]);
      for (const [file, before] of Object.entries(FILES))
        expect([target, textOf(removed(there, target), file as TargetId)]).toEqual([target, before]);
    }
  });

  it('is in a session of `run` where its row says so', () => {
    const input = extrasInput({ ...CONFIG, ...config });
    const setup = {
      baseUrl: CONFIG.baseUrl,
      shellKey: { kind: 'literal' },
      settingsKey: { kind: 'token' },
      variables: [],
      modelSettings: [],
    } as const;
    const count = sessionMembers(setup, extraMembers(input), KEY).length - sessionMembers(setup, [], KEY).length;
    expect(count).toBe(row.members !== undefined && row.places.includes('session') ? row.members(input).length : 0);
  });

  it('is in user settings where shells alone carry the set-up, or in the shell itself', () => {
    const there = setUp(config, ['bash'], fresh());
    const user = textOf(there, 'user');
    if ((row.members?.(extrasInput({ ...CONFIG, ...config })).length ?? 0) > 0) {
      expect(user).toContain(text);
      expect(there.state.targets.find((target) => target.id === 'user')?.carries).toBe('extras');
    } else expect(user).toBe(FILES.user);
  });

  it('stays with a second init and with a switch, and goes along with `--here` where its row has the place', () => {
    const there = setUp(config, ['user'], fresh());
    const again = carriedOut(there, planChange(desireInit(initOf(there), there), there, { key: KEY }));
    expect(textOf(again, 'user')).toBe(textOf(there, 'user'));
    const changed = { ...there.config?.mapping, haiku: 'z-ai/glm-5.3' };
    const switched = carriedOut(there, planChange(desireSwitch(switchOf(there, { models: changed }), there), there, { key: KEY }));
    expect(textOf(switched, 'user')).toContain('z-ai/glm-5.3');
    expect(textOf(switched, 'user')).toContain(text);
    const here = carriedOut(there, planChange(desireSwitch(switchOf(there, { here: true }), there), there, { key: KEY }));
    expect(dense(textOf(here, 'local')).includes(dense(text))).toBe(row.places.includes('local'));
    expect([textOf(here, 'user'), here.config]).toEqual([textOf(there, 'user'), there.config]);
  });

  it('goes with `--native`, unless its row says that it stays, and comes back', () => {
    const there = setUp(config, ['user'], fresh());
    const native = carriedOut(
      there,
      planChange(desireNative({ targets: recordedMachineTargets(there), keyToKeep: undefined, strays: [], force: false }, there), there),
    );
    expect(textOf(native, 'user')?.includes(text)).toBe(row.native === 'stays');
    if (row.native === 'out') expect(textOf(native, 'user')).toBe(FILES.user);
    const back = textOf(setUp({ ...config, native: false }, ['user'], native), 'user') ?? '';
    if (row.native === 'out') expect(back).toBe(textOf(there, 'user'));
    // What has stayed stands before what comes back.
    else expect(JSON.parse(back)).toEqual(JSON.parse(textOf(there, 'user') ?? ''));
  });
});

it('has one row for everything that profiles and orcc.json carry, and findings that there are', () => {
  expect(EXTRAS.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(makeExtras().shape)));
  const codes = TABLE.map(({ code }) => code);
  expect(EXTRAS.flatMap(({ doctor }) => doctor).filter((code) => !codes.some((each) => each === code))).toEqual([]);
});

it('gives the first pinned model the row that older clients know, in every place', () => {
  const { config } = SAMPLES.pins;
  for (const target of ['user', 'project', 'local', 'bash'] as const)
    expect(textOf(setUp(config, [target], fresh()), target)).toMatch(
      /ANTHROPIC_CUSTOM_MODEL_OPTION\b.*x-ai\/grok-5[^]*OPTION_NAME.*Grok 5[^]*OPTION_DESCRIPTION.*256k/,
    );
});

describe('a profile in use', () => {
  it('adds to what the machine asks for, and lifts no protection', () => {
    const base: Extras = {
      routing: { zdr: true, ignore: ['a'], sort: 'price' },
      effort: { opus: 'high' },
      pins: ['a/a'],
      fallback: ['haiku'],
    };
    const over: Extras = {
      routing: { zdr: false, ignore: ['b'], sort: 'latency' },
      effort: { haiku: 'low' },
      pins: ['b/b'],
      fallback: ['x/y'],
    };
    expect(joinExtras(base, over)).toEqual({
      routing: { zdr: true, ignore: ['a', 'b'], sort: 'latency' },
      effort: { opus: 'high', haiku: 'low' },
      pins: ['a/a', 'b/b'],
      fallback: ['x/y'],
    });
    expect(extrasOf({ extras: base })).toEqual(base);
  });

  it.each([
    { fallback: ['a/b', 'b/c', 'c/d', 'd/e'] },
    { effort: { opus: 'huge' } },
    { routing: { quantizations: ['fp9'] } },
    { routing: { max_price: { prompt: 'cheap' } } },
    { routing: { only: [] } },
    { other: 1 },
  ])('is refused with %j', (extras) => {
    expect(extrasSchema.safeParse(extras).success).toBe(false);
  });
});

describe('JSON of somebody else for every request', () => {
  const ROUTING = { extras: { routing: { zdr: true } } };
  const withBody = (body: string): string => `{"env": {"CLAUDE_CODE_EXTRA_BODY": ${JSON.stringify(body)}}}`;
  const planned = (id: TargetId, text: string) => {
    const machine = machineWith({ files: { [place(id)]: text } });
    const parts = {
      limits: NO_LIMITS,
      labels: [],
      key: { action: 'write' },
      takesImages: false,
      ignore: undefined,
      replace: false,
      adopt: false,
      force: false,
    } as const;
    const desired = desireSetup(machine, {
      config: { ...CONFIG, ...ROUTING },
      ...parts,
      targets: [{ id, carries: 'setup', remember: true }],
    });
    return { machine, plan: planChange(desired, machine, { key: KEY }) };
  };

  it('keeps what it says, has the rules in it, and is back after removal', () => {
    const { machine, plan } = planned('user', withBody('{ "temperature": 0 }'));
    expect(plan.problems).toEqual([]);
    const there = carriedOut(machine, plan);
    expect(textOf(there, 'user')).toContain(String.raw`{\"temperature\":0,\"provider\":{\"zdr\":true}}`);
    // Written anew with other rules it still holds both; put aside it stays aside.
    const again = setUp({ extras: { routing: { sort: 'price' } } }, ['user'], there);
    expect(textOf(again, 'user')).toContain(String.raw`{\"temperature\":0,\"provider\":{\"sort\":\"price\"}}`);
    const alone = setUp({ extras: { routing: { sort: 'price' } } }, ['user'], again, true);
    for (const each of [alone, setUp({ extras: { routing: { zdr: true } } }, ['user'], alone)])
      expect(textOf(each, 'user')).not.toContain('temperature');
    expect(textOf(removed(again), 'user')).toBe(withBody('{ "temperature": 0 }'));
  });

  it('is as good as none where it is empty', () => {
    const { machine, plan } = planned('user', withBody(''));
    expect(textOf(carriedOut(machine, plan), 'user')).toContain(String.raw`"{\"provider\":{\"zdr\":true}}"`);
  });

  it.each(['{"provider":{"sort":"price"}}', '{"provider":null}', 'no json', '[]', '5', `{"x":"${'é'.repeat(700)}"}`])(
    'is a conflict where it is %s',
    (body) => {
      expect(planned('user', withBody(body)).plan.problems).toMatchObject([{ code: 'FOREIGN_VALUE' }]);
    },
  );

  it('in a profile goes into the block', () => {
    const { machine, plan } = planned('bash', `export CLAUDE_CODE_EXTRA_BODY='{"temperature":0}'\n`);
    expect(textOf(carriedOut(machine, plan), 'bash')).toContain('{"temperature":0,"provider":{"zdr":true}}');
  });

  it.each([`export CLAUDE_CODE_EXTRA_BODY='{"provider":{}}'\n`, 'export CLAUDE_CODE_EXTRA_BODY="$(cat body.json)"\n'])(
    'in a profile is a conflict where it is %s',
    (text) => {
      expect(planned('bash', text).plan.problems).toMatchObject([{ code: 'FOREIGN_VALUE', target: 'bash' }]);
    },
  );
});
