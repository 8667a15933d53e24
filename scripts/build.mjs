// Bundles src/main.ts into dist/: ES modules with splitting, so that a command loads only what it needs.
// `--readable` leaves names and line breaks as they are, for a stack trace that says something.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { collectLicenses } from './build/licenses.mjs';
import { bundleOptions, requireBanner } from './build/options.mjs';
import { quickOptions } from './build/quick.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const shared = {
  absWorkingDir: root,
  outdir: 'dist',
  minify: !process.argv.includes('--readable'),
  define: { ORCC_VERSION: JSON.stringify(version) },
  metafile: true,
  write: false,
};
const [result, quick] = await Promise.all([
  build({ ...bundleOptions, ...shared, entryPoints: { main: 'src/main.ts' }, splitting: true }),
  build({ ...quickOptions, ...shared }),
]);

// Written beside and put in place in one step: whoever runs the program meanwhile finds a whole one.
const fresh = join(root, `dist.new-${process.pid}`);
const old = join(root, `dist.old-${process.pid}`);
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh);
for (const file of [...result.outputFiles, ...quick.outputFiles]) writeFileSync(join(fresh, basename(file.path)), withRequire(file.text));
writeFileSync(join(fresh, 'THIRD_PARTY_LICENSES.txt'), collectLicenses(bundledInputs(result, quick), root));
if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
renameSync(fresh, join(root, 'dist'));
rmSync(old, { recursive: true, force: true });

/** Every file that something is left of in the bundles. */
function bundledInputs(...results) {
  const outputs = results.flatMap(({ metafile }) => Object.values(metafile.outputs));
  return outputs.flatMap(({ inputs }) => Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0));
}

/** esbuild puts its stand-in for `require` into one chunk; only that one gets the real thing, since making it costs time at start. */
function withRequire(text) {
  return text.includes('Dynamic require of') ? `${requireBanner}${text}` : text;
}
