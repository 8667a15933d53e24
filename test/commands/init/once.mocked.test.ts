import { expect, it, vi } from 'vitest';
import type * as machine from '../../../src/change/machine.ts';
import { observeMachine } from '../../../src/change/machine.ts';
import type * as plan from '../../../src/change/plan.ts';
import { planChange } from '../../../src/change/plan.ts';
import type * as limits from '../../../src/claude/limits.ts';
import { deriveLimits } from '../../../src/claude/limits.ts';
import { useBox, useSimulator } from '../../support/use.ts';

vi.mock('../../../src/change/machine.ts', async (load) => {
  const real = await load<typeof machine>();
  return { ...real, observeMachine: vi.fn(real.observeMachine) };
});
vi.mock('../../../src/change/plan.ts', async (load) => {
  const real = await load<typeof plan>();
  return { ...real, planChange: vi.fn(real.planChange) };
});
vi.mock('../../../src/claude/limits.ts', async (load) => {
  const real = await load<typeof limits>();
  return { ...real, deriveLimits: vi.fn(real.deriveLimits) };
});

const simulator = await useSimulator();
const box = useBox();

it('looks at the machine, plans and derives limits once each under --yes, in init as in switch', async () => {
  const seen = [observeMachine, planChange, deriveLimits].map((each) => vi.mocked<(...args: never[]) => unknown>(each));
  for (const words of [
    `init --base-url ${simulator.baseUrl} --preset guide --key-env GIVEN_KEY --target bash --target user --no-test --yes`,
    'switch opus=z-ai/glm-5.3 --offline --yes',
  ]) {
    for (const each of seen) each.mockClear();
    const ran = await box.orcc(words.split(' '), { env: { GIVEN_KEY: simulator.key } });
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(seen.map((each) => each.mock.calls.length)).toEqual([1, 1, 1]);
  }
});
