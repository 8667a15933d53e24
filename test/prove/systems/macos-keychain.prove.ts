import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { throwawayNeeds } from '../../support/throwaway.ts';
import { initIn, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();

// A keychain of its own would still have to become the default one of whoever runs this.
describe.skipIf(throwawayNeeds({ platform: 'darwin' }))("the key in macOS's keychain", () => {
  const box = useBox();
  let keychain: string;
  const security = (...args: string[]): string => execFileSync('/usr/bin/security', args, { encoding: 'utf8', env: { HOME: box.home } });
  beforeEach(() => {
    const folder = path.join(box.home, 'Library', 'Keychains');
    mkdirSync(folder, { recursive: true });
    keychain = path.join(folder, 'proof.keychain-db');
    security('create-keychain', '-p', '', keychain);
    security('list-keychains', '-d', 'user', '-s', keychain);
    security('default-keychain', '-d', 'user', '-s', keychain);
    security('unlock-keychain', '-p', '', keychain);
  });
  afterEach(async () => {
    security('delete-keychain', keychain);
  });

  it('is stored, given back by the helper in settings, and gone after remove; no file holds it', async () => {
    const { code, stderr } = await initIn(box, simulator, ['--target', 'user', '--key-storage', 'keychain']);
    expect(code, stderr).toBe(0);
    expect(box.holding(simulator.key)).toEqual([]);
    const { apiKeyHelper } = JSON.parse(box.read('.claude/settings.json') ?? '{}') as { apiKeyHelper?: string };
    const given = execFileSync('/bin/sh', ['-c', apiKeyHelper ?? ''], { encoding: 'utf8', env: { HOME: box.home, PATH: '/usr/bin:/bin' } });
    expect(given.trim()).toBe(simulator.key);
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(() => security('find-generic-password', '-s', 'orcc', '-w')).toThrow();
  });
});
