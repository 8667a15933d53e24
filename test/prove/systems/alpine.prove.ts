import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needs } from '../../support/prove.ts';
import { initIn, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();

describe.skipIf(needs({ platform: 'linux' }) ?? needs({ fact: existsSync('/etc/alpine-release'), factName: 'Alpine Linux' }))(
  'on Alpine (musl, busybox)',
  () => {
    const box = useBox();

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
