import { afterAll, beforeEach } from 'vitest';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.ts';
import type { Box, Ran, RunInBox } from './box.ts';

/** A simulator for all tests of a file, each of which starts with the faults of `options` alone. Call it at the top of the file. */
export async function useSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  beforeEach(() => simulator.setFaults(options.faults ?? []));
  afterAll(() => simulator.close());
  return simulator;
}

/** `orcc init ARGS` against the simulator: no question, its key, the guide's mapping, no live test. */
export function initIn(
  box: Box,
  simulator: Pick<Simulator, 'baseUrl' | 'key'>,
  args: readonly string[] = [],
  options: RunInBox = {},
): Promise<Ran> {
  return box.orcc(['init', '--yes', '--key-env', 'MY_KEY', '--base-url', simulator.baseUrl, '--preset', 'guide', '--no-test', ...args], {
    ...options,
    env: { MY_KEY: simulator.key, ...options.env },
  });
}
