// `npm run release:check [-- --tag v1.2.3]`: rehearses a release as far as possible without a network, and prints what is left to do
// by hand. Prints a line for each check; exit 1 if one failed. With the tag that is about to be released, nothing may be left open.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { root } from './build/options.mjs';
import { archiveOf, assetsOf, SYSTEMS } from './release/assets.mjs';
import { brokenLinks } from './release/links.mjs';
import { manifestsOf } from './release/manifests.mjs';

/** Licences that only require their text to be passed on, which THIRD_PARTY_LICENSES.txt does. */
const LICENCES = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0'];
/** The first version of npm that can publish without a token, by trusted publishing. */
const PUBLISHING_NPM = '11.5.1';

const { values } = parseArgs({ options: { tag: { type: 'string' } } });
const manifest = JSON.parse(read('package.json'));
const { version } = manifest;
let failed = 0;

checkVersion();
checkTarball();
checkLicences();
checkLinks();
checkBillOfMaterials();
checkWorkflows();
checkManifests();
printSteps();
console.log(failed === 0 ? 'Ready, but for what is marked "to do"' : `${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function checkVersion() {
  check(`version ${version} is a semantic one`, /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version));
  const heading = new RegExp(`^## ${version.replaceAll('.', '\\.')}(?: (.*))?$`, 'm').exec(read('CHANGELOG.md'));
  check(`CHANGELOG.md has a part for ${version}`, heading !== null);
  const dated = /^\(\d{4}-\d\d-\d\d\)$/.test(heading?.[1] ?? '');
  openUntilTag(`CHANGELOG.md dates ${version}: ## ${version} (YYYY-MM-DD)`, dated);
  if (values.tag !== undefined) check(`the tag ${values.tag} is v${version}`, values.tag === `v${version}`);
  const changed = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
  openUntilTag('nothing is left uncommitted', changed === '');
}

function checkTarball() {
  const [pack] = JSON.parse(npm('pack', '--dry-run', '--json'));
  const files = pack.files.map(({ path }) => path).toSorted();
  const listed = read('scripts/pack-files.txt').trim().split(/\r?\n/);
  check(`the tarball holds the ${listed.length} files of scripts/pack-files.txt and no other`, files.join() === listed.toSorted().join());
  check('the package has no dependency at run time', manifest.dependencies === undefined);
}

function checkLicences() {
  const bundled = bundledPackages();
  check(`${bundled.length} packages are bundled, and dist/THIRD_PARTY_LICENSES.txt has their licences`, bundled.length > 0);
  const strange = bundled.filter(({ licence }) => !LICENCES.includes(licence)).map(({ title }) => title);
  check(`each is under one of ${LICENCES.join(', ')}`, strange.length === 0, strange.join('\n'));
}

/** The bundled packages, from the first lines of each part of the licence file: `zod 4.6.7 (MIT)`. */
function bundledPackages() {
  const lines = read('dist/THIRD_PARTY_LICENSES.txt').matchAll(/^(\S+) (\d\S*) \(([^)]+)\)$/gm);
  return [...lines].map(([title, name, at, licence]) => ({ title, name, at, licence }));
}

function checkLinks() {
  const pages = [...readdirSync(root), ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
    name.endsWith('.md'),
  );
  const broken = pages.flatMap((page) => brokenLinks(root, page));
  check(`every link of ${pages.length} pages leads somewhere`, broken.length === 0, broken.join('\n'));
}

function checkBillOfMaterials() {
  const { components } = JSON.parse(npm('sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'));
  const listed = new Set(components.map(({ group, name, version: at }) => `${group ? `${group}/` : ''}${name} ${at}`));
  const missing = bundledPackages().filter(({ name, at }) => !listed.has(`${name} ${at}`));
  check(
    `npm's SBOM names every bundled package (${components.length} components)`,
    missing.length === 0,
    missing.map(({ title }) => title).join('\n'),
  );
}

function checkWorkflows() {
  const folder = join(root, '.github', 'workflows');
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');
    const loose = [...text.matchAll(/uses: (?!\.\/)(.*)/g)].filter(([, use]) => !/^[\w./-]+@[0-9a-f]{40} # v\d/.test(use));
    check(`${name}: every action is pinned by its commit`, loose.length === 0, loose.map(([line]) => line).join('\n'));
    const { permissions, jobs } = parse(text);
    const open = Object.entries(jobs).filter(([, job]) => (job.permissions ?? permissions) === undefined);
    check(`${name}: every job says what it may do`, open.length === 0, open.map(([job]) => job).join('\n'));
    check(`${name}: no token of npm is stored`, !/NPM_TOKEN|NODE_AUTH_TOKEN/.test(text));
  }
}

function checkManifests() {
  const sums = new Map(SYSTEMS.map(({ platform, arch }) => [archiveOf(version, platform, arch), '0'.repeat(64)]));
  const written = manifestsOf({ ...manifest, repository: 'OWNER/orcc', assets: assetsOf(version, 'OWNER/orcc', sums) });
  const strange = written.filter(([, text]) => /undefined|\[object|NaN/.test(text) || !text.includes(version));
  check(`${written.length} manifests for package managers can be written`, strange.length === 0, strange.map(([file]) => file).join('\n'));
}

function printSteps() {
  console.log(`
To do by hand, once, for the very first version (trusted publishing can only be set up for a package that exists):
  1. git tag -a v${version} -m v${version}, on a commit whose CI passed; do not push the tag yet
  2. npm login, then from that commit: npm ci && npm run check:pack && npm publish --access public
  3. on npmjs.com, Settings of the package, Trusted publisher: GitHub Actions, this repository, workflow release.yml, environment npm;
     then "Require two-factor authentication and disallow tokens"
  4. in the repository's settings: an environment "npm" with a reviewer
  5. git push origin v${version}: release.yml finds the version published, and makes the rest of the release
Every later version: change the version and CHANGELOG.md, npm run release:check -- --tag vX.Y.Z, tag, push the tag.
The publishing job needs npm ${PUBLISHING_NPM} or newer; Node 26 brings one. This is npm ${npm('--version').trim()}.
`);
}

function openUntilTag(what, isSo) {
  if (values.tag === undefined && !isSo) console.log(`to do  ${what}`);
  else check(what, isSo);
}

function check(what, isSo, detail = '') {
  if (!isSo) failed += 1;
  console.log(`${isSo ? 'ok    ' : 'FAILED'} ${what}${isSo || detail === '' ? '' : `\n${detail}`}`);
}

function npm(...parameters) {
  return execFileSync('npm', parameters, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function read(file) {
  return readFileSync(join(root, file), 'utf8');
}
