import { beforeEach, describe, expect, it } from 'vitest';
import type { Ran, RunInBox } from '../support/box.ts';
import { initIn, useSetUps, useSimulator } from '../support/use.ts';

/** An orcc.json that can't be used, as a clone may bring it along, stops what depends on it and nothing else. */
const simulator = await useSimulator();
const [box, setUp] = useSetUps(async (box) => {
  await initIn(box, simulator, ['--target', 'user']);
  await box.orcc(['profile', 'save', 'mine', '--yes']);
});
beforeEach(() => setUp());
const BROKEN = { 'no JSON': '{', 'wrong members': '{"schemaVersion": 1, "mapping": 3}', 'a newer one': '{"schemaVersion": 9}' };
const run = (args: string, options: RunInBox = {}): Promise<Ran> =>
  box.orcc(args.split(' '), { env: { MY_KEY: simulator.key }, ...options });

describe.each(Object.entries(BROKEN))('%s', (_what, text) => {
  beforeEach(() => box.writeHere('orcc.json', text));

  it.each(['switch mine --yes', 'switch haiku=deepseek/deepseek-v4-flash --yes', 'switch --default opus --yes'])(
    'is not asked by `orcc %s`',
    async (args) => {
      const { code, stderr } = await run(args);
      expect([code, stderr.includes('orcc.json')]).toEqual([0, false]);
    },
  );

  it.each([
    'switch value --yes',
    'init --yes --preset value --no-test',
    'init --yes --opus z-ai/glm-4.7 --sonnet z-ai/glm-4.7 --haiku z-ai/glm-4.7 --fable z-ai/glm-4.7 --no-test',
    'export --managed --profile value',
    'profile show value',
    'profile list',
  ])('is named and left out by `orcc %s`', async (args) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/warning:.*orcc\.json/)]);
  });

  it.each(['switch theirs --yes', 'switch --yes', 'init --yes --preset theirs', 'init --yes --opus z-ai/glm-4.7', 'check'])(
    'stops `orcc %s`, which depends on it, before anything is written',
    async (args) => {
      const before = box.tree();
      const { code, stderr } = await run(args);
      expect([[2, 6].includes(code), stderr]).toEqual([true, expect.stringMatching(/^error: .*orcc\.json/)]);
      expect(box.tree()).toEqual(before);
    },
  );
});

it.each([
  ['switch --yes', 'switch value --yes'],
  ['init --yes --no-test', 'init --yes --no-test --preset value'],
])('what the error of `orcc %s` names works as it is typed', async (args, way) => {
  box.writeHere('orcc.json', '{}');
  const { stderr } = await run(args);
  expect(stderr).toContain(way.startsWith('switch') ? '`orcc switch NAME`' : '`orcc init --preset NAME`');
  expect((await run(way)).code).toBe(0);
});
