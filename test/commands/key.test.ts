import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { createBox, type Box } from '../support/box.ts';

let simulator: Simulator;
let box: Box;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => {
  box = createBox();
});
afterEach(() => box.dispose());

const setUp = async (...more: string[]): Promise<void> => {
  const { code, stderr } = await box.orcc(['init', '--yes', '--no-test', '--key-stdin', '--base-url', simulator.baseUrl, '--preset', 'guide', ...more], { input: simulator.key });
  expect(code, stderr).toBe(0);
};

describe('smoke', () => {
  it('rotates', async () => {
    await setUp('--target', 'bash', '--target', 'user');
    console.log(box.holding(simulator.key));
    const ran = await box.orcc(['key', 'rotate', '--key-stdin', '--yes'], { input: simulator.keys.free });
    console.log(ran);
    console.log(box.holding(simulator.key), box.holding(simulator.keys.free));
    console.log((await box.orcc(['key', 'show'])).stdout);
    console.log((await box.orcc(['key', 'storage'])));
    console.log((await box.orcc(['undo', '--yes'])));
    console.log((await box.orcc(['key', 'forget', '--yes'])));
    console.log(box.tree(), box.read('.claude/settings.json'));
    console.log((await box.orcc(['key'])));
  });
});
