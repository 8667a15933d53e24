// Tests the contract against the real OpenRouter, beside the simulator: `ORCC_LIVE_KEY=… npm run live`. See CONTRIBUTING.md.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './build/options.mjs';
import { bundleSource } from './import-source.mjs';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'orcc-live-'));
try {
  await bundleSource({ main: join(root, 'test', 'live', 'main.ts') }, { dir: folder });
  // Parts of it are loaded while it runs, so the folder stays until the end.
  const { main } = await import(pathToFileURL(join(folder, 'main.mjs')).href);
  process.exitCode = await main(process.env, version);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
