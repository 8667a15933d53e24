import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { needs } from '../support/prove.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it.skipIf(needs({ program: 'ruby' }))('the Homebrew formula is Ruby', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'orcc-formula-'));
  try {
    const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;
    const archives = ['linux-x64.tar.gz', 'linux-arm64.tar.gz', 'darwin-arm64.tar.gz', 'darwin-x64.tar.gz', 'windows-x64.zip'];
    const sums = path.join(folder, 'SHA256SUMS');
    writeFileSync(sums, archives.map((name) => `${'a1'.repeat(32)}  orcc-${version}-${name}\n`).join(''));
    const script = path.join(root, 'scripts', 'release-manifests.mjs');
    const written = spawnSync(process.execPath, [script, '--repository', 'someone/orcc', '--sums', sums, '--out', folder], {
      encoding: 'utf8',
    });
    expect(written.status, written.stderr).toBe(0);
    const { stdout, stderr } = spawnSync('ruby', ['-wc', path.join(folder, 'homebrew', 'orcc.rb')], { encoding: 'utf8' });
    expect(stdout + stderr).toBe('Syntax OK\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
