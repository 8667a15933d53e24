import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { exportLines } from './lazy-packages.mjs';
import { bundleOptions, requireBanner } from './options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const taken = { undici: ['Agent', 'buildConnector', 'EnvHttpProxyAgent'], execa: ['execa'] };

/** Where `buildTrimmed` puts a package. */
export function trimmedFile(packageName) {
  return `${root}node_modules/.orcc-trimmed/${packageName}.mjs`;
}

/** Bundles the packages that trim-packages.mjs cuts, each alone, so that the tests of what uses them can run on the cut ones. */
export async function buildTrimmed() {
  for (const [name, names] of Object.entries(taken)) {
    const stdin = { contents: exportLines(name, names), resolveDir: root };
    await build({ ...bundleOptions, absWorkingDir: root, stdin, outfile: trimmedFile(name), minify: true, banner: { js: requireBanner } });
  }
}
