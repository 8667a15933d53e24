// `npm run single-file [-- --out FOLDER]`: builds orcc and Node into one program, for people without Node, and an archive of it with
// the licences. Uses Node's own builder (`--build-sea`, from Node 25.5 on), for the system and processor that this runs on.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { collectLicenses } from './build/licenses.mjs';
import { lateChildProcess, root, sourceOptions } from './build/options.mjs';
import { archiveOf } from './release/assets.mjs';

const NODE = 26;
const windows = process.platform === 'win32';
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { values } = parseArgs({ options: { out: { type: 'string', default: 'single-file' } } });

const out = resolve(root, values.out);
const program = join(out, windows ? 'orcc.exe' : 'orcc');
const folder = mkdtempSync(join(tmpdir(), 'orcc-single-'));
try {
  mkdirSync(out, { recursive: true });
  const node = nodeWithBuilder();
  const licenses = await bundleInto(join(folder, 'orcc.cjs'));
  const config = { main: join(folder, 'orcc.cjs'), output: program, disableExperimentalSEAWarning: true, useCodeCache: true };
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(config));
  execFileSync(node, ['--build-sea', join(folder, 'sea.json')], { stdio: ['ignore', 'ignore', 'inherit'] });
  // macOS starts no program without a signature, and the builder's change has invalidated Node's own.
  if (process.platform === 'darwin') execFileSync('codesign', ['--sign', '-', '--force', program]);
  writeFileSync(join(out, 'THIRD_PARTY_LICENSES.txt'), licenses);
  copyFileSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
  copyFileSync(licenseOf(node), join(out, 'NODE_LICENSE'));
  pack(archiveOf(version, process.platform, process.arch));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Bundles the whole program into one script, since a single file has no others beside it. Returns the licences of what is in it. */
async function bundleInto(file) {
  const input = join(root, 'scripts/release/single-file-entry.ts');
  const bundle = await rolldown({ ...sourceOptions(version), input, plugins: [lateChildProcess] });
  const { output } = await bundle.write({ format: 'cjs', file, minify: true, comments: false, codeSplitting: false });
  return collectLicenses(output.flatMap(({ modules }) => Object.keys(modules)));
}

/** This Node if it can build, else one that npm fetches, from the package with Node for this system. */
function nodeWithBuilder() {
  if (Number(process.versions.node.split('.')[0]) >= NODE) return process.execPath;
  const source = `node-${windows ? 'win' : process.platform}-${process.arch}@${NODE}`;
  const asked = spawnSync('npm', ['exec', '--yes', `--package=${source}`, '--', 'node', '-p', 'process.execPath'], {
    encoding: 'utf8',
    shell: windows,
  });
  const found = asked.stdout?.trim().split('\n').at(-1);
  if (asked.status !== 0 || !found) throw new Error(`A single file is built with Node ${NODE} or newer, and npm could not fetch it`);
  return found;
}

/** The path of Node's licence, which must be shipped with Node: beside the program on Windows, one folder above it elsewhere. */
function licenseOf(node) {
  const found = [dirname(node), dirname(dirname(node))].map((place) => join(place, 'LICENSE')).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`No licence text of Node lies beside ${node}`);
  return found;
}

/** Packs with tar, which every system has; that of Windows writes a zip if the name says so. */
function pack(archive) {
  const files = [basename(program), 'LICENSE', 'NODE_LICENSE', 'THIRD_PARTY_LICENSES.txt'];
  execFileSync('tar', [archive.endsWith('.zip') ? '-acf' : '-czf', archive, ...files], { cwd: out });
  const sum = createHash('sha256')
    .update(readFileSync(join(out, archive)))
    .digest('hex');
  writeFileSync(join(out, `${archive}.sha256`), `${sum}  ${archive}\n`);
  console.log(
    `${program}: ${statSync(program).size} bytes\n${join(out, archive)}: ${statSync(join(out, archive)).size} bytes\nsha256 ${sum}`,
  );
}
