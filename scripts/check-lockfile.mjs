// Reads package-lock.json and names every package in it that is not sure to come unchanged from the registry that npm is
// configured for: from no other address, folder, repository or link, with a SHA-512 for each, and without an install script unless
// that is known. Prints one line for each; exit 1 if there is one.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Packages that may have an install script, which `npm ci` runs: each was reviewed. */
const SCRIPTS_OF = [/^node_modules\/(?:.*\/)?fsevents$/, /^node_modules\/@openrouter\/sdk$/];
const HASH = /^sha512-[A-Za-z0-9+/]{86}==$/;
const VERSION = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;

/** What is wrong with a lockfile's packages: one sentence each. */
export function strangersIn(lock) {
  const strange = lock.lockfileVersion === 3 ? [] : [`lockfileVersion is ${lock.lockfileVersion}, not 3`];
  for (const [path, entry] of Object.entries(lock.packages ?? {})) {
    if (path === '') {
      for (const [name, range] of Object.entries({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies }))
        if (/[:/]/.test(range)) strange.push(`${name} is asked for as ${range}`);
      continue;
    }
    if (!path.startsWith('node_modules/')) strange.push(`${path} is a folder, not a package`);
    if (entry.link === true) strange.push(`${path} is a link`);
    // .npmrc leaves `resolved` out for packages from the registry, so there must be no address at all.
    if (entry.resolved !== undefined) strange.push(`${path} comes from an address of its own`);
    if (!VERSION.test(entry.version ?? '')) strange.push(`${path} has the version ${entry.version}`);
    if (entry.inBundle !== true && !HASH.test(entry.integrity ?? '')) strange.push(`${path} has no SHA-512`);
    if (entry.hasInstallScript === true && !SCRIPTS_OF.some((each) => each.test(path))) strange.push(`${path} has an install script`);
  }
  return strange;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(fileURLToPath(new URL('../package-lock.json', import.meta.url)), 'utf8'));
  const strange = strangersIn(lock);
  for (const each of strange) console.log(`FAILED ${each}`);
  console.log(`${Object.keys(lock.packages).length - 1} packages, ${strange.length} of them not from the registry or not checked`);
  process.exitCode = strange.length > 0 ? 1 : 0;
}
