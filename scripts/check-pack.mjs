// Packs orcc as it would be published, installs the tarball into an empty folder without a network, and runs it there on
// every Node it promises to work on. Prints one line for each check; exit 1 if one failed.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_BYTES = 2_000_000;
/** The oldest supported version, the newest of the same line, and every later line that is still maintained. */
const NODES = ['20.18.1', '20', '22', '24', '26'];
const TOO_OLD = '18';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'orcc-pack-'));
const windows = process.platform === 'win32';
const counts = { passed: 0, failed: 0, skipped: 0 };

try {
  checkTarball();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} not proven here` : ''}`);
if (process.env.COUNTS_FILE) appendFileSync(process.env.COUNTS_FILE, `${JSON.stringify(counts)}\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;

function checkTarball() {
  const [pack] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder]));
  const files = pack.files.map(({ path }) => path);
  check(`unpacked it has ${pack.unpackedSize} bytes, at most ${MAX_BYTES}`, pack.unpackedSize <= MAX_BYTES);
  checkFiles(files);

  const prefix = join(folder, 'prefix');
  npm(['install', '--global', '--prefix', prefix, '--offline', join(folder, pack.filename)]);
  const modules = windows ? join(prefix, 'node_modules') : join(prefix, 'lib', 'node_modules');
  const installed = readdirSync(modules).filter((name) => !name.startsWith('.'));
  check(`installed without a network it is one package (${installed.join(', ')})`, installed.join() === pack.name);
  const manifest = JSON.parse(readFileSync(join(modules, pack.name, 'package.json'), 'utf8'));
  const scripts = Object.keys(manifest.scripts ?? {}).filter((name) => /^(pre|post)?install$|^prepare$/.test(name));
  check('it has no dependency and no install script', manifest.dependencies === undefined && scripts.length === 0);
  const command = windows ? join(prefix, 'orcc.cmd') : join(prefix, 'bin', 'orcc');
  check('its command is executable', windows || (statSync(command).mode & 0o111) !== 0);
  runAll('the installed command', command, [], manifest.version);
  checkManagers(join(folder, pack.filename), manifest.version);
  checkNodes(join(modules, pack.name, 'bin', 'orcc.js'), manifest.version);
}

/** Compares the files with the list in the repository, so that every change of them shows in a review. `--write-list` rewrites the list. */
function checkFiles(files) {
  const list = join(root, 'scripts', 'pack-files.txt');
  if (process.argv.includes('--write-list')) writeFileSync(list, `${files.toSorted().join('\n')}\n`);
  const listed = readFileSync(list, 'utf8').trim().split(/\r?\n/);
  const missing = listed.filter((file) => !files.includes(file));
  const strange = files.filter((file) => !listed.includes(file));
  check(`it holds the ${listed.length} files of scripts/pack-files.txt`, missing.length === 0, missing.join('\n'));
  const way = 'meant so? `npm run check:pack -- --write-list`';
  check('it holds nothing else', strange.length === 0, `${strange.join('\n')}\n${way}`);
}

/** The other package managers, each fetched by npm just for this; they install nothing but the tarball, so they need no network either. */
function checkManagers(tarball, version) {
  for (const [name, wanted] of [
    ['npx', undefined],
    ['pnpm', 'pnpm@10'],
    ['yarn', 'yarn@1'],
    ['bun', 'bun'],
  ]) {
    const project = mkdtempSync(join(folder, `${name}-`));
    writeFileSync(join(project, 'package.json'), '{ "name": "x", "version": "1.0.0", "private": true }\n');
    const options = { cwd: project, encoding: 'utf8', shell: windows, timeout: 300_000 };
    if (wanted === undefined) {
      const ran = spawnSync('npx', ['--yes', '--offline', `--package=${tarball}`, '--', 'orcc', '--version'], options);
      check('run by npx: --version', ran.status === 0 && ran.stdout === `${version}\n`, ran.stderr);
      continue;
    }
    if (spawnSync('npm', ['exec', '--yes', `--package=${wanted}`, '--', name, '--version'], options).status !== 0) {
      skip(`installed by ${name}`, 'npm could not fetch it');
      continue;
    }
    const added = spawnSync('npm', ['exec', '--yes', `--package=${wanted}`, '--', name, 'add', `file:${tarball}`], options);
    const ran = run(join(project, 'node_modules', '.bin', windows ? 'orcc.cmd' : 'orcc'), ['--version']);
    check(
      `installed by ${name}: --version`,
      added.status === 0 && ran.status === 0 && ran.stdout === `${version}\n`,
      added.stderr + ran.stderr,
    );
  }
}

/** Checks the versions of Node that npm can fetch: the package `node` is Node itself. */
function checkNodes(entry, version) {
  for (const wanted of NODES) {
    const node = fetchNode(wanted);
    if (node === undefined) skip(`on Node ${wanted}`, 'npm could not fetch it');
    else runAll(`on Node ${node.version}`, node.path, [entry], version);
  }
  const old = fetchNode(TOO_OLD);
  if (old === undefined) return skip(`on Node ${TOO_OLD}, which is too old`, 'npm could not fetch it');
  const { status, stderr } = run(old.path, [entry, 'status']);
  check(`on Node ${old.version} it says in one sentence that this is too old`, status === 2 && /^orcc needs Node .*\n$/.test(stderr));
}

function runAll(where, file, before, version) {
  const printed = run(file, [...before, '--version']);
  check(`${where}: --version`, printed.status === 0 && printed.stdout === `${version}\n`);
  const help = run(file, [...before, '--help']);
  check(`${where}: --help`, help.status === 0 && help.stdout.includes('Every day:'));
  const home = mkdtempSync(join(folder, 'home-'));
  const status = run(file, [...before, 'status', '--json'], home);
  check(
    `${where}: status in an empty home says that nothing is configured, and writes nothing`,
    status.status === 3 && readdirSync(home).length === 0,
  );
  const demo = run(file, [...before, 'demo'], home);
  check(`${where}: demo`, demo.status === 0, demo.stdout + demo.stderr);
}

/** Runs a program in an environment that holds only PATH and an empty home. */
function run(file, parameters, home = join(folder, 'home')) {
  mkdirSync(home, { recursive: true });
  const env = { PATH: process.env.PATH, HOME: home, USERPROFILE: home, NO_COLOR: '1' };
  return spawnSync(file, parameters, { env, cwd: home, encoding: 'utf8', timeout: 120_000, shell: windows && file.endsWith('.cmd') });
}

function fetchNode(wanted) {
  const asked = spawnSync(
    'npm',
    ['exec', '--yes', `--package=node@${wanted}`, '--', 'node', '-p', '[process.execPath, process.versions.node].join("\\n")'],
    {
      cwd: folder,
      encoding: 'utf8',
      shell: windows,
      timeout: 300_000,
    },
  );
  const [path, version] = asked.stdout.trim().split('\n').slice(-2);
  return asked.status === 0 && version?.startsWith(wanted) ? { path, version } : undefined;
}

function npm(parameters) {
  return execFileSync('npm', parameters, { cwd: root, encoding: 'utf8', shell: windows, stdio: ['ignore', 'pipe', 'inherit'] });
}

function check(what, isSo, detail = '') {
  counts[isSo ? 'passed' : 'failed'] += 1;
  console.log(`${isSo ? 'ok    ' : 'FAILED'} ${what}${isSo || detail === '' ? '' : `\n${detail}`}`);
}

function skip(what, reason) {
  counts.skipped += 1;
  console.log(`not proven here: ${what} (${reason})`);
}
