import { expect, it } from 'vitest';
import { initWords, useBox } from '../support/use.ts';

/** Two runs of `orcc key set` at once: whichever comes last, no key of before is left anywhere. */
const box = useBox();
const ROUNDS = 20;
const keyOf = (round: number, side: string): string => `sk-or-v1-${`${side}${round.toString(16).padStart(3, '0')}`.repeat(16)}`;

it.skipIf(process.platform === 'win32')(
  'leave no old key in a file, a backup or a profile',
  async () => {
    const start = (args: readonly string[], key: string) => box.bin(args, { env: { ...box.env, MY_KEY: key } });
    const first = keyOf(0, 'c');
    const init = initWords(['--target', 'user', '--target', 'bash']);
    expect((await start(init, first)).code).toBe(0);
    const all = [first];
    for (let round = 0; round < ROUNDS; round += 1) {
      const pair = [keyOf(round, 'a'), keyOf(round, 'b')];
      const codes = await Promise.all(
        pair.map(async (key) => (await start(['key', 'set', '--key-env', 'MY_KEY', '--no-check', '--yes'], key)).code),
      );
      all.push(...pair);
      // One that had to give way says so, and has changed nothing.
      expect(codes.filter((code) => code === 0).length).toBeGreaterThan(0);
      expect([round, all.filter((key) => box.holding(key).length > 0).length]).toEqual([round, 1]);
    }
  },
  240_000,
);
