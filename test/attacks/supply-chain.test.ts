import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { strangersIn } from '../../scripts/check-lockfile.mjs';

/** Someone slips another package in: through the lockfile, an action of CI, or a file of the tarball. */
interface Lock {
  packages: Record<string, Record<string, unknown>>;
}
const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const lock = (): Lock => JSON.parse(read('package-lock.json')) as Lock;

describe('the lockfile', () => {
  it('has nothing but packages of the registry', () => {
    expect(Object.keys(lock().packages).length).toBeGreaterThan(50);
    expect(strangersIn(lock())).toEqual([]);
  });

  it.each<readonly [string, (lock: Lock) => void]>([
    ['an address of its own', ({ packages }) => void ((packages['node_modules/zod'] ?? {})['resolved'] = 'https://evil.invalid/zod.tgz')],
    ['a repository', ({ packages }) => void ((packages['node_modules/zod'] ?? {})['version'] = 'git+ssh://git@evil.invalid/zod.git')],
    ['no hash', ({ packages }) => void delete packages['node_modules/zod']?.['integrity']],
    ['a weaker hash', ({ packages }) => void ((packages['node_modules/zod'] ?? {})['integrity'] = 'sha1-AAAA')],
    ['a link', ({ packages }) => void (packages['node_modules/zod'] = { link: true, resolved: '../zod' })],
    ['a folder', ({ packages }) => void (packages['vendor/zod'] = { version: '4.0.0' })],
    ['an install script', ({ packages }) => void ((packages['node_modules/zod'] ?? {})['hasInstallScript'] = true)],
    [
      'a wish for another source',
      ({ packages }) => void ((packages['']?.['devDependencies'] as Record<string, string>)['zod'] = 'github:evil/zod'),
    ],
  ])('is refused with %s', (_, spoil) => {
    const spoiled = lock();
    spoil(spoiled);
    expect(strangersIn(spoiled).length).toBeGreaterThan(0);
  });
});

describe('CI', () => {
  it('runs actions of one commit alone', () => {
    const used = [...read('.github/workflows/ci.yml').matchAll(/uses: (.*)/g)].map(([, what = '']) => what);
    expect(used.length).toBeGreaterThan(0);
    for (const each of used) expect(each).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('keeps no credentials in the checkout and may only read', () => {
    const text = read('.github/workflows/ci.yml');
    expect(text.match(/persist-credentials: false/g)?.length).toBe(text.match(/actions\/checkout@/g)?.length);
    expect(text).toContain('permissions:\n  contents: read\n');
  });
});
