import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
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
    build.onResolve({ filter: /^(human-signals|llhttp-packed)$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'replaced',
      pluginData: resolveDir,
    }));
    build.onLoad({ filter: /.*/, namespace: 'replaced' }, ({ path, pluginData }) => ({
      contents: path === 'human-signals' ? SIGNALS : packParser(pluginData),
    }));
  },
};

/** execa tells in words which signal ended a child. The words are 5 kB, under a licence text of 11 kB: the name will do. */
const SIGNALS = 'export const signalsByName = new Proxy({}, { get: (_, name) => ({ description: name }) });';

/**
 * undici's HTTP parser: two builds of 72 kB of base64 each that differ in little. Packed together they take 20 kB, and
 * half a millisecond to unpack.
 */
function packParser(folder) {
  const [simd, plain] = ['llhttp_simd-wasm.js', 'llhttp-wasm.js'].map((name) => {
    const path = join(folder, name);
    const base64 = /const wasmBase64 = '([A-Za-z0-9+/=]+)'/.exec(readFileSync(path, 'utf8'))?.[1];
    if (base64 === undefined) throw changed(path);
    return Buffer.from(base64, 'base64');
  });
  const packed = brotliCompressSync(Buffer.concat([simd, plain])).toString('base64');
  return `const both = require('node:zlib').brotliDecompressSync(Buffer.from('${packed}', 'base64'));
    exports.simd = both.subarray(0, ${simd.length});
    exports.plain = both.subarray(${simd.length});`;
}

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
    file: /[\\/]undici[\\/]lib[\\/]llhttp[\\/]llhttp(_simd)?-wasm\.js$/,
    trim: (_, path) => `module.exports = require('llhttp-packed').${path.includes('_simd') ? 'simd' : 'plain'};`,
  },
  {
    // Of the parser's 11 kB of tables its only reader looks at two.
    file: /[\\/]undici[\\/]lib[\\/]llhttp[\\/]constants\.js$/,
    trim: (_, path) => {
      const { ERROR, TYPE } = createRequire(path)(path);
      const reader = readFileSync(join(path, '../../dispatcher/client-h1.js'), 'utf8');
      if (/\bconstants\.(?!ERROR\b|TYPE\b|js\b)/.test(reader)) throw changed(path);
      return `exports.ERROR = ${JSON.stringify(ERROR)}; exports.TYPE = ${JSON.stringify(TYPE)};`;
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
    // SOCKS proxies, which src/system/http.ts refuses, since Claude Code does not use them.
    file: /[\\/]undici[\\/]lib[\\/]dispatcher[\\/]socks5-proxy-agent\.js$/,
    trim: () => "module.exports = class { constructor() { throw new Error('SOCKS is not spoken'); } };",
  },
  {
    // Channels that nobody listens to, and a log of them.
    file: /[\\/]undici[\\/]lib[\\/]core[\\/]diagnostics\.js$/,
    trim: (text, path) => {
      if (!/module\.exports = \{\s*channels\s*\}/.test(text)) throw changed(path);
      return 'exports.channels = new Proxy({}, { get: () => ({ hasSubscribers: false }) });';
    },
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
  // What of execa nobody here asks for: synchronous children, messages between processes, pipes and streams made of children,
  // both outputs as one, commands as templates, output through generators.
  unused('methods/main-sync', 'execaCoreSync'),
  unused('pipe/setup', 'pipeToSubprocess'),
  unused('transform/generator', 'generatorToStream', 'runGeneratorsSync'),
  exporting('methods/template', { isTemplateString: '() => false', parseTemplates: '() => []' }),
  exporting('resolve/all-async', { makeAllStream: '() => undefined', waitForAllStream: 'async () => undefined' }),
  unused('ipc/send', 'sendMessage', 'sendOneMessage'),
  unused('ipc/graceful', 'sendAbort', 'getCancelSignal', 'handleAbort', 'abortOnDisconnect'),
  exporting('convert/add', { addConvertedStreams: '() => {}' }),
  exporting('ipc/methods', { addIpcMethods: '() => {}', getIpcExport: '() => ({})' }),
  exporting('ipc/buffer-messages', {
    waitForIpcOutput: 'async ({ ipcOutput }) => ipcOutput',
    getBufferedIpcOutput: 'async (_, ipcOutput) => ipcOutput',
  }),
];

/** A file of execa whose functions are never called. */
function unused(file, ...names) {
  return exporting(file, Object.fromEntries(names.map((name) => [name, `() => { throw new Error('${name} is not part of orcc'); }`])));
}

/** A file of execa with these functions instead of its own of the same names. */
function exporting(file, bodies) {
  const names = Object.keys(bodies);
  const trim = (text, path) => {
    const exported = [...text.matchAll(/^export const (\w+) =/gm)].map((match) => match[1]);
    if (exported.join() !== names.join()) throw changed(path);
    return names.map((name) => `export const ${name} = ${bodies[name]};`).join('\n');
  };
  return { file: new RegExp(`[\\\\/]execa[\\\\/]lib[\\\\/]${file.replace('/', '[\\\\/]')}\\.js$`), trim };
}

function replaceOnce(text, from, to, path) {
  if (text.split(from).length !== 2) throw changed(path);
  return text.replace(from, () => to);
}

function changed(path) {
  return new Error(`${path} has changed: look again at its row in scripts/build/trim-packages.mjs`);
}
