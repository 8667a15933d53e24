// Writes man/orcc.1 from the tree of commands in src/cli/cli.ts. Node 20 does not run TypeScript, so it is bundled first; the
// commands themselves are not needed for it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const result = await build({
  absWorkingDir: root,
  stdin: {
    contents: `export { defineProgram } from './src/cli/cli.ts'; export { renderManPage } from './src/cli/man-page.ts';`,
    resolveDir: root,
    loader: 'ts',
  },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  mainFields: ['module', 'main'],
  write: false,
  plugins: [
    {
      name: 'no-commands',
      setup: ({ onResolve }) => void onResolve({ filter: /^\.\/commands\// }, ({ path }) => ({ path, external: true })),
    },
  ],
});
const module = { exports: {} };
const { createRequire } = await import('node:module');
new Function('module', 'exports', 'require', result.outputFiles[0].text)(module, module.exports, createRequire(import.meta.url));
const { defineProgram, renderManPage } = module.exports;
const stdout = { write: () => undefined, isTty: false, columns: 100, colorLevel: 0 };
mkdirSync(join(root, 'man'), { recursive: true });
writeFileSync(join(root, 'man', 'orcc.1'), renderManPage(defineProgram({ version: '0.0.0', stdout }, (command) => command)));
