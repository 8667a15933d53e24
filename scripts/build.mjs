// Bundles src/main.ts into dist/: ES modules with splitting, so that a command loads only what it needs.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { lazyChildProcess, lazyPackages } from './lazy-packages.mjs';
import { collectLicenses } from './licenses.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const result = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  // jsonc-parser's `main` is a UMD build that esbuild cannot follow and that dies at start.
  mainFields: ['module', 'main'],
  // Our own names stay as they are: a stack trace in a bug report must be readable.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  charset: 'utf8',
  plugins: [lazyPackages, lazyChildProcess],
  define: { ORCC_VERSION: JSON.stringify(version) },
  metafile: true,
  write: false,
  logLevel: 'warning',
});

// Written beside and put in place in one step: whoever runs the program meanwhile finds a whole one.
const fresh = join(root, `dist.new-${process.pid}`);
const old = join(root, `dist.old-${process.pid}`);
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh);
for (const file of result.outputFiles) {
  const { inputs } = result.metafile.outputs[relative(root, file.path).replaceAll('\\', '/')];
  const isForeign = Object.keys(inputs).every((input) => /(^|\/)node_modules\/|^lazy:/.test(input));
  // A chunk that holds nothing of ours is made as small as it gets.
  const text = isForeign ? (await transform(file.text, { minify: true, format: 'esm' })).code : file.text;
  writeFileSync(join(fresh, basename(file.path)), withRequire(text));
}
writeFileSync(join(fresh, 'THIRD_PARTY_LICENSES.txt'), collectLicenses(Object.keys(result.metafile.inputs), root));
if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
renameSync(fresh, join(root, 'dist'));
rmSync(old, { recursive: true, force: true });

/**
 * CommonJS packages call `require` for Node's own modules, which an ES module does not have. esbuild puts its
 * stand-in into one chunk; only that one gets the real thing, since making it costs time at start.
 */
function withRequire(text) {
  if (!text.includes('Dynamic require of')) return text;
  return `import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);${text}`;
}
