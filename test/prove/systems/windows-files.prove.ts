import { execFileSync } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../../support/prove.ts';
import { initIn, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();

describe.skipIf(needs({ platform: 'win32' }))('files on Windows', () => {
  const box = useBox();

  it('a settings file that another program has open is written, or left as it was with one sentence', async () => {
    const file = box.write('.claude\\settings.json', '{}\n');
    const held = openSync(file, 'r');
    const { code, stderr } = await initIn(box, simulator, ['--target', 'user']);
    closeSync(held);
    if (code === 0) {
      expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    } else {
      expect(code).toBe(6);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    expect(box.read('.claude\\settings.json')).toBe('{}\n');
  });

  it('the key lies where Windows lets only its owner, the system and administrators read', async () => {
    expect((await initIn(box, simulator, ['--target', 'user'])).code).toBe(0);
    const key = path.join(box.env['LOCALAPPDATA'] ?? '', 'orcc', 'key');
    const granted = execFileSync('icacls', [key], { encoding: 'utf8' });
    expect(granted).not.toMatch(/(Everyone|BUILTIN\\Users|Authenticated Users):/);
  });
});
