import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { root, sourceOptions } from './build/options.mjs';

/** The bundles, kept until the end, since they load parts of themselves later. */
const folders = [];
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/**
 * Imports sources of orcc by their paths below `src/` and returns all their exports in one object. Node 20 does not run TypeScript,
 * so they are bundled first.
 */
export async function importSource(...paths) {
  const folder = mkdtempSync(join(tmpdir(), 'orcc-source-'));
  folders.push(folder);
  const input = Object.fromEntries(paths.map((path, index) => [`source-${index}`, join(root, 'src', path)]));
  await bundleSource(input, { dir: folder });
  const modules = await Promise.all(Object.keys(input).map((name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href)));
  return Object.assign({}, ...modules);
}

/** Bundles sources into files that Node runs; `output` takes rolldown's output options. */
export async function bundleSource(input, output) {
  // Late imports may end up in the same file here, so rolldown need not warn of that.
  const bundle = await rolldown({ ...sourceOptions('0.0.0-source'), input, checks: { ineffectiveDynamicImport: false } });
  await bundle.write({ format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs', ...output });
}
