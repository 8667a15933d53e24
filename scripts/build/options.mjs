import { lazyPackages } from './lazy-packages.mjs';
import { trimPackages } from './trim-packages.mjs';

/** esbuild options that everything bundled from the sources shares: the program, and what tests and benchmarks take of it. */
export const bundleOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  // jsonc-parser's `main` is a UMD build that esbuild cannot follow and that dies at start.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  charset: 'utf8',
  plugins: [lazyPackages, trimPackages],
  logLevel: 'warning',
};

/** CommonJS packages call `require` for Node's own modules, which an ES module does not have: this gives it to them. */
export const requireBanner = "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";
