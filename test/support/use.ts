import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { createBox, type Box, type Ran, type RunInBox } from './box.ts';
import { serve } from './http-servers.ts';
import { makeTempHome, type TempHome } from './temp-home.ts';

// What a test file uses, made before its tests and taken away after them. Each is called at the top of the file, or of a `describe`,
// before the hooks that put something into it.

/** Whether each test has one of its own, or all tests of the file share one. */
export type Lasting = 'test' | 'file';

/** A box: home, work folder, and orcc in this process. */
export function useBox(lasting: Lasting = 'test'): Box {
  return use(lasting, createBox, (box) => box.dispose());
}

/** A box in which `setUp` has run: once for the file, and each test finds it as it was then. */
export function useSetUp(setUp: (box: Box) => Promise<unknown>): Box {
  const [box, again] = useSetUps(setUp);
  beforeEach(() => again());
  return box;
}

/** A box that is empty before each test, and `setUp` for it: what it makes of the same arguments is made once, then put back. */
export function useSetUps<Args extends readonly unknown[]>(
  setUp: (box: Box, ...args: Args) => Promise<unknown>,
): readonly [Box, (...args: Args) => Promise<void>] {
  const box = useBox('file');
  const made = new Map<string, () => void>();
  let empty: (() => void) | undefined;
  beforeEach(() => {
    empty?.();
    empty ??= box.keep();
  });
  const again = async (...args: Args): Promise<void> => {
    const name = JSON.stringify(args);
    const putBack = made.get(name);
    if (putBack !== undefined) return putBack();
    await setUp(box, ...args);
    made.set(name, box.keep());
  };
  return [box, again];
}

/** A home for what writes files without a whole orcc. */
export function useTempHome(): TempHome {
  return use('test', makeTempHome, (home) => home.remove());
}

/** A simulator for all tests of a file, each of which starts with the faults of `options` alone. */
export async function useSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  beforeEach(() => simulator.setFaults(options.faults ?? []));
  afterAll(() => simulator.close());
  return simulator;
}

/**
 * The words of an `orcc init` that asks nothing: the key of MY_KEY, the guide's mapping, no live test, and without `baseUrl` no check of
 * the key either. Key, mapping and test are left to `args` where those name them.
 */
export function initWords(args: readonly string[] = [], baseUrl?: string): readonly string[] {
  const unless = (named: RegExp, ...words: readonly string[]) => (args.some((word) => named.test(word)) ? [] : words);
  const isMapped = ['--opus', '--sonnet', '--haiku'].every((flag) => args.includes(flag));
  return [
    ...['init', '--yes'],
    ...unless(/^(?:--key-env|--key-stdin|env:.*|command:.*)$/, '--key-env', 'MY_KEY'),
    ...(isMapped ? [] : unless(/^--preset$/, '--preset', 'guide')),
    ...unless(/^--(?:no-test|quick)$/, '--no-test'),
    ...(baseUrl === undefined ? unless(/^--(?:no-check|base-url)$/, '--no-check') : ['--base-url', baseUrl]),
    ...args,
  ];
}

/** Runs them in the box, with the key of the simulator, or of nobody's where there is no address to ask. */
export function initIn(
  box: Box,
  simulator: Pick<Simulator, 'key'> & Partial<Pick<Simulator, 'baseUrl'>>,
  args: readonly string[] = [],
  options: RunInBox = {},
): Promise<Ran> {
  return box.orcc(initWords(args, simulator.baseUrl), { ...options, env: { MY_KEY: simulator.key, ...options.env } });
}

/** One object that stays, over what is made anew. Its members can be read, and only one by one. */
export function use<T extends object>(lasting: Lasting, make: () => T | Promise<T>, end: (made: T) => unknown): T {
  const [before, after] = lasting === 'test' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  let now: T | undefined;
  before(async () => {
    now = await make();
  });
  after(async () => {
    if (now !== undefined) await end(now);
    now = undefined;
  });
  return new Proxy({} as T, {
    get: (_target, name): unknown => {
      if (now === undefined) throw new Error('it is there only while a test or a hook of a test runs');
      return Reflect.get(now, name);
    },
  });
}

/** A server that is not the one a key was stored for, and that a key's requests must not reach: `expectRefused` holds a run to that. */
export async function useStranger(): Promise<{
  readonly url: string;
  /** What came to it in this test. */
  readonly requests: readonly unknown[];
  readonly expectRefused: (ran: Ran) => void;
}> {
  const stranger = await serve((_request, response) => response.writeHead(500).end());
  afterAll(() => stranger.close());
  beforeEach(() => {
    (stranger.requests as unknown[]).length = 0;
  });
  return {
    url: `http://127.0.0.1:${stranger.port}/api`,
    requests: stranger.requests,
    expectRefused: (ran) => {
      expect([ran.code, ran.codes()]).toEqual([6, ['KEY_OTHER_ADDRESS']]);
      expect(stranger.requests).toEqual([]);
    },
  };
}
