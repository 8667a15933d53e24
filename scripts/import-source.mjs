import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { root, sourceOptions } from './build/options.mjs';

/**
 * Imports sources of orcc by their paths below `src/`: all that they export, in one object. Node 20 does not run TypeScript, so
 * they are bundled first.
 */
export async function importSource(...paths) {
  const folder = mkdtempSync(join(tmpdir(), 'orcc-source-'));
  // What they load later is in it too.
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const input = Object.fromEntries(paths.map((path, index) => [`source-${index}`, join(root, 'src', path)]));
  await bundleSource(input, { dir: folder });
  const modules = await Promise.all(Object.keys(input).map((name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href)));
  return Object.assign({}, ...modules);
}

/** Bundles sources into files that Node runs; `output` as rolldown has it. */
export async function bundleSource(input, output) {
  const bundle = await rolldown({ ...sourceOptions('0.0.0-source'), input });
  await bundle.write({ format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs', ...output });
}
