import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const INTRODUCTION = 'orcc itself is under the MIT licence (see LICENSE). Its program files contain code of the packages below.\n';
const RULE = `\n${'-'.repeat(78)}\n\n`;

/**
 * The licence texts of every package whose code is in the bundle. Most are the same text below another copyright line:
 * such a text stands once, below the copyright lines of all its packages.
 *
 * @param {Iterable<string>} inputs Absolute paths of bundled files.
 * @returns {string} The whole file. Throws where a package ships no licence text.
 */
export function collectLicenses(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'))?.[1];
    if (folder !== undefined) folders.add(folder);
  }
  const packagesByTerms = new Map();
  for (const folder of [...folders].sort()) {
    const { title, copyright, terms } = readLicense(folder);
    const known = packagesByTerms.get(comparable(terms)) ?? { terms, packages: [] };
    known.packages.push(`${title}\n${copyright}`.trim());
    packagesByTerms.set(comparable(terms), known);
  }
  const sections = [...packagesByTerms.values()].map(({ terms, packages }) => `${packages.join('\n\n')}\n\n${terms}\n`);
  return [INTRODUCTION, ...sections].join(RULE);
}

/** A package's licence, its copyright lines apart from the terms below them where the text begins with such lines. */
function readLicense(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0) throw new Error(`${name} is bundled but ships no licence text`);
  const text = files
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim())
    .join('\n\n');
  const title = `${name} ${version} (${license ?? 'see text'})`;
  const mit = /^(?:#+ )?(?:\(?(?:The )?MIT(?: License)?\)?(?: \(MIT\))?\s+)?((?:Copyright.*\n+)+)(Permission is hereby granted[^]*)$/i.exec(
    text,
  );
  return mit === null ? { title, copyright: '', terms: text } : { title, copyright: mit[1].trim(), terms: mit[2] };
}

function comparable(text) {
  return text.replace(/\s+/g, ' ').toLowerCase();
}
