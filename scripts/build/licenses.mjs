import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const INTRODUCTION = 'orcc itself is under the MIT licence (see LICENSE). Its program files contain code of the packages below.\n';

/**
 * The licence texts of every package that the bundled files (absolute paths) come from. Most differ only in their copyright
 * line: such a text is included once, below the copyright lines of all its packages. Throws if a package ships none.
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
    const compared = terms.replace(/\s+/g, ' ').toLowerCase();
    const known = packagesByTerms.get(compared) ?? { terms, packages: [] };
    known.packages.push(`${title}\n${copyright}`.trim());
    packagesByTerms.set(compared, known);
  }
  const sections = [...packagesByTerms.values()].map(({ terms, packages }) => `${packages.join('\n\n')}\n\n${terms}\n`);
  return [INTRODUCTION, ...sections].join(`\n${'-'.repeat(78)}\n\n`);
}

const MIT = /^(?:#+ )?(?:\(?(?:The )?MIT(?: License)?\)?(?: \(MIT\))?\s+)?((?:Copyright.*\n+)+)(Permission is hereby granted[^]*)$/i;

/** A package's licence, with its copyright lines separated from the terms if it is an MIT licence. */
function readLicense(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort();
  if (files.length === 0) throw new Error(`${name} is bundled but ships no licence text`);
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()).join('\n\n');
  const title = `${name} ${version} (${license ?? 'see text'})`;
  const mit = MIT.exec(text);
  return mit === null ? { title, copyright: '', terms: text } : { title, copyright: mit[1].trim(), terms: mit[2] };
}
