import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBox, type Box } from '../../support/box.ts';
import { needs } from '../../support/prove.ts';
import { initIn, useSimulator } from '../../support/use-simulator.ts';

const simulator = await useSimulator();

describe.skipIf(needs({ platform: 'linux' }) ?? needs({ fact: existsSync('/etc/alpine-release'), factName: 'Alpine Linux' }))(
  'on Alpine (musl, busybox)',
  () => {
    let box: Box;
    beforeEach(() => (box = createBox()));
    afterEach(() => box.dispose());

    it('the built program sets up, tests, tells and removes', async () => {
      const { code, stderr } = await initIn(box, simulator, ['--target', 'user']);
      expect(code, stderr).toBe(0);
      expect((await box.bin(['test'])).code).toBe(0);
      expect((await box.bin(['status', '--all'])).code).toBe(0);
      expect((await box.bin(['doctor', '--offline'])).code).toBeLessThan(2);
      expect((await box.bin(['remove', '--yes'])).code).toBe(0);
      expect(box.holding(simulator.key)).toEqual([]);
    });
  },
);
