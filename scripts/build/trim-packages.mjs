import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

/**
 * esbuild plugin: leaves out of the bundled packages what orcc never reaches and what costs much, in bytes or at each
 * start. Every row fails the build where a new version of the package no longer looks as it did when the row was written.
 */
export const trimPackages = {
  name: 'trim-packages',
  setup(build) {
    for (const { file, trim } of ROWS) {
      build.onLoad({ filter: file }, ({ path }) => ({ contents: trim(readFileSync(path, 'utf8'), path), loader: 'js' }));
    }
    build.onResolve({ filter: /^human-signals$/ }, ({ path }) => ({ path, namespace: 'replaced' }));
    build.onLoad({ filter: /.*/, namespace: 'replaced' }, () => ({ contents: SIGNALS }));
  },
};

/** execa tells in words which signal ended a child. The words are 5 kB, under a licence text of 11 kB: the name will do. */
const SIGNALS = 'export const signalsByName = new Proxy({}, { get: (_, name) => ({ description: name }) });';

const ROWS = [
  {
    // commander loads it for subcommands that are programs of their own. orcc has none, and the module costs a third of the
    // time in which `orcc status` answers.
    file: /[\\/]commander[\\/]lib[\\/]command\.js$/,
    trim: (text, path) =>
      replaceOnce(
        text,
        "const childProcess = require('node:child_process');",
        "const childProcess = { get spawn() { return require('node:child_process').spawn; } };",
        path,
      ),
  },
  {
    // The HTTP parser, 72 kB of base64 in each of two builds, shrinks to a quarter and unpacks in half a millisecond.
    file: /[\\/]undici[\\/]lib[\\/]llhttp[\\/]llhttp(_simd)?-wasm\.js$/,
    trim: (text, path) => {
      const base64 = /const wasmBase64 = '([A-Za-z0-9+/=]+)'/.exec(text)?.[1];
      if (base64 === undefined) throw changed(path);
      const packed = brotliCompressSync(Buffer.from(base64, 'base64')).toString('base64');
      return `module.exports = require('node:zlib').brotliDecompressSync(Buffer.from('${packed}', 'base64'));`;
    },
  },
  {
    // Form data and streams as request bodies: orcc sends strings.
    file: /[\\/]undici[\\/]lib[\\/]web[\\/]fetch[\\/]body\.js$/,
    trim: () => "exports.extractBody = () => { throw new Error('only strings are sent'); };",
  },
  {
    // HTTP/2, which undici 7 offers to no server unless it is told to. Loading node:http2 alone takes milliseconds.
    file: /[\\/]undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/,
    trim: () => "module.exports = () => { throw new Error('HTTP/2 is not spoken'); };",
  },
  {
    // The marks and times of execa's own log, which nobody turns on.
    file: /[\\/]execa[\\/]lib[\\/]verbose[\\/](default|complete)\.js$/,
    trim: (text, path) => {
      const imports = /^import (figures|prettyMs) from '(figures|pretty-ms)';$/m;
      if (!imports.test(text)) throw changed(path);
      return text.replace(imports, (_, name) => `const ${name} = ${name === 'figures' ? '{}' : 'String'};`);
    },
  },
];

function replaceOnce(text, from, to, path) {
  if (text.split(from).length !== 2) throw changed(path);
  return text.replace(from, () => to);
}

function changed(path) {
  return new Error(`${path} has changed: look again at its row in scripts/build/trim-packages.mjs`);
}
