import { afterAll, describe, expect, it } from 'vitest';
import { claudeNeeds, olderClaudeNeeds } from '../support/realm.ts';
import { doctor, initScene, openScene, see, type Scene, type Seen, type SetUp, type Where } from '../support/set-ups/scene.ts';
import { useRealm, useSimulation } from '../support/stage.ts';
import { AROUND_SET_UPS } from '../support/set-ups/rows-around.ts';
import { CREDENTIAL_SET_UPS } from '../support/set-ups/rows-credentials.ts';
import { FILE_SET_UPS } from '../support/set-ups/rows-files.ts';
import { LAYER_SET_UPS } from '../support/set-ups/rows-layers.ts';
import { MODEL_SET_UPS } from '../support/set-ups/rows-models.ts';

const missing = claudeNeeds();
const SET_UPS: readonly SetUp[] = [...LAYER_SET_UPS, ...AROUND_SET_UPS, ...CREDENTIAL_SET_UPS, ...FILE_SET_UPS, ...MODEL_SET_UPS];

describe.skipIf(missing).concurrent('a broken set-up: the real Claude Code fails as the finding says, and works once it is fixed', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  let proven = 0;
  afterAll(async () => {
    console.log(`${proven} of ${SET_UPS.length} broken set-ups: the finding holds, and its fix`);
  });

  const canBeTried = ({ needsOlder }: SetUp): boolean => needsOlder === undefined || olderClaudeNeeds(needsOlder) === undefined;
  const named = SET_UPS.filter(canBeTried).map((each) => [each.code, each.name, each] as const);
  it.each(named)('%s: %s', { timeout: 120_000 }, async (_code, _name, each) => {
    const scene = await openScene(realm, simulation);
    if (each.init !== undefined) await initScene(scene, each.init.join(' '));
    await each.breaks(scene);
    const { env = {}, isLeft, ...rest } = each;
    const before = { ...rest, env: typeof env === 'function' ? env(scene) : env };
    await expectSeen(scene, before, each.wrong);

    const finding = (await doctor(scene, before)).find(({ code }) => code === each.code);
    const evidence = typeof each.evidence === 'function' ? each.evidence(scene) : each.evidence;
    expect(finding === undefined ? 'no finding' : [finding.cause, ...finding.evidence].join('\n')).toEqual(
      typeof evidence === 'string' ? expect.stringContaining(evidence) : expect.stringMatching(evidence),
    );
    expect(finding?.fix).toContain(each.byHand?.fix ?? `orcc doctor --fix ${each.code}`);

    const fixed = await (each.byHand === undefined
      ? scene.type(`orcc doctor --fix ${each.fixAll === true ? '' : each.code} --yes`, before)
      : each.byHand.act(scene));
    const told = typeof fixed === 'object' ? fixed.stdout + fixed.stderr : '';
    const after = { ...before, ...(isLeft === true ? { env: {} } : {}), isOld: false };
    const left = await doctor(scene, after);
    expect(
      left.filter(
        ({ code, severity }) => code === each.code || (severity === 'error' && each.leaves?.some((other) => other === code) !== true),
      ),
      told,
    ).toEqual([]);
    await expectSeen(scene, after, each.right);
    proven += 1;
  });
});

async function expectSeen(scene: Scene, setUp: Where & Pick<SetUp, 'ask'>, { says, ...wanted }: Seen): Promise<void> {
  const { said, ...seen } = await see(scene, setUp);
  expect(seen, said).toMatchObject(wanted);
  if (says !== undefined) expect(said).toMatch(says);
}
