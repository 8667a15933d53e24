import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licence texts of every package whose code is in the bundle.
 *
 * @param {Iterable<string>} inputs Paths of bundled files, relative to `root`, as esbuild's metafile names them.
 * @param {string} root Absolute folder that the paths are relative to.
 * @returns {string} One section for each text, with the packages that it covers. Throws where a package ships no licence text.
 */
export function collectLicenses(inputs, root) {
  const folders = new Set();
  for (const input of inputs) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (folder !== undefined) folders.add(folder);
  }
  const packagesByText = new Map();
  for (const folder of [...folders].sort()) {
    const { title, text } = readLicense(join(root, folder));
    packagesByText.set(text, [...(packagesByText.get(text) ?? []), title]);
  }
  const sections = [...packagesByText].map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`);
  return [INTRODUCTION, ...sections].join(`\n${'-'.repeat(78)}\n\n`);
}

const INTRODUCTION = 'orcc itself is under the MIT licence (see LICENSE). Its program files contain code of the packages below.\n';

function readLicense(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0) throw new Error(`${name} is bundled but ships no licence text`);
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { title: `${name} ${version} (${license ?? 'see text'})`, text: texts.join('\n\n') };
}
