// Writes the manifests of Homebrew, Scoop, winget and the AUR for a release:
// node scripts/release-manifests.mjs --repository OWNER/NAME --sums SHA256SUMS --out FOLDER
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './build/options.mjs';
import { assetsOf, readSums } from './release/assets.mjs';
import { manifestsOf } from './release/manifests.mjs';

const { values } = parseArgs({ options: { repository: { type: 'string' }, sums: { type: 'string' }, out: { type: 'string' } } });
const { repository, sums, out } = values;
if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? '') || !sums || !out)
  throw new Error('Wanted: --repository OWNER/NAME --sums FILE --out FOLDER');
const { version, description, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const assets = assetsOf(version, repository, readSums(readFileSync(sums, 'utf8')));
for (const [file, text] of manifestsOf({ version, description, license, repository, assets })) {
  mkdirSync(dirname(join(out, file)), { recursive: true });
  writeFileSync(join(out, file), text);
  console.log(join(out, file));
}
