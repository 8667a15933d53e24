// Bundles src/cli/main.ts into dist/, split, so that a command loads only what it needs.
// `--readable` leaves names and line breaks as they are, for a stack trace that says something.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { lateBuiltins } from './build/late-builtins.mjs';
import { collectLicenses } from './build/licenses.mjs';
import { bundleOptions } from './build/options.mjs';
import { packChunks } from './build/pack-chunks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const minify = !process.argv.includes('--readable');

/** What is loaded together: first what every command needs, then the quick commands, since every other group leans on theirs. */
const GROUPS = [
  { file: 'core.js', roots: ['quick', 'src/core/unknown-word.ts'] },
  { file: 'base.js', roots: ['env'] },
  { file: 'cli.js', roots: ['main'] },
  { file: 'status-group.js', roots: ['status'] },
  { file: 'write-group.js', roots: ['switch', 'src/commands/init/gather-next-steps.ts'] },
  { file: 'init-group.js', roots: ['init', 'undo', 'remove'] },
];

const { outputFiles, metafile } = await build({
  ...bundleOptions,
  absWorkingDir: root,
  plugins: [lateBuiltins, ...bundleOptions.plugins],
  entryPoints: { main: 'src/cli/main.ts', quick: 'src/cli/quick.ts' },
  outdir: 'dist',
  splitting: true,
  minify,
  define: { ORCC_VERSION: JSON.stringify(version) },
  metafile: true,
  write: false,
});
const packed = await packChunks(outputFiles, metafile.outputs, GROUPS, { minify, target: bundleOptions.target });
packed.set('launch.js', await buildLaunch());

// Written beside and put in place in one step: whoever runs the program meanwhile finds a whole one.
const fresh = join(root, `dist.new-${process.pid}`);
const old = join(root, `dist.old-${process.pid}`);
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh);
for (const [name, text] of packed) writeFileSync(join(fresh, name), text);
// Packed as manual pages usually are: the package is 10 kB smaller.
writeFileSync(join(fresh, 'orcc.1.gz'), gzipSync(readFileSync(join(root, 'man', 'orcc.1')), { level: 9 }));
writeFileSync(join(fresh, 'package.json'), '{ "type": "commonjs" }\n');
writeFileSync(join(fresh, 'THIRD_PARTY_LICENSES.txt'), collectLicenses(bundledInputs(), root));
if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
renameSync(fresh, join(root, 'dist'));
rmSync(old, { recursive: true, force: true });

/** What finds and loads all the others, by itself: it is loaded without the help it gives them. */
async function buildLaunch() {
  const bundle = createHash('sha256');
  for (const [name, text] of packed) bundle.update(name).update(text);
  const { outputFiles: made } = await build({
    ...bundleOptions,
    absWorkingDir: root,
    entryPoints: ['src/cli/launch.ts'],
    format: 'cjs',
    minify,
    define: { ORCC_BUILD: JSON.stringify(bundle.digest('hex').slice(0, 16)) },
    write: false,
  });
  return made[0].text;
}

/** Every file that something is left of in the bundle. */
function bundledInputs() {
  return Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0));
}
