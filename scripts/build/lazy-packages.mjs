import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * undici's index loads everything: fetch, WebSocket, caches, mocks. orcc needs a connection pool and a proxy agent, at
 * half the size and loading time. The sources import by undici's public name; these are where the names live.
 */
const undiciFiles = {
  Agent: 'undici/lib/dispatcher/agent.js',
  buildConnector: 'undici/lib/core/connect.js',
  Client: 'undici/lib/dispatcher/client.js',
  EnvHttpProxyAgent: 'undici/lib/dispatcher/env-http-proxy-agent.js',
  errors: 'undici/lib/core/errors.js',
  Pool: 'undici/lib/dispatcher/pool.js',
  ProxyAgent: 'undici/lib/dispatcher/proxy-agent.js',
};

/** undici's index gives every dispatcher its methods. The proxy agent calls one of them. */
const undiciSetup = [
  "import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';",
  "import connect from 'undici/lib/api/api-connect.js';",
  'Dispatcher.prototype.connect = connect;',
];

/**
 * esbuild plugin: bundles only the named parts of a package that is loaded by `const { a, b } = await import('package')`.
 * By itself esbuild would take the whole package, and give no names at all where it is CommonJS. Any other form of a
 * dynamic import of a package is refused.
 */
export const lazyPackages = {
  name: 'lazy-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ kind, path, importer }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
      const names = namesTaken(importer, path);
      if (names instanceof Error) return { errors: [{ text: names.message }] };
      // The path only names the output file: `exec-execa-HASH.js` is what src/system/exec.ts takes of execa.
      return { path: `${basename(importer, '.ts')}-${path.replaceAll('/', '-')}`, namespace: 'lazy', pluginData: { path, names } };
    });
    build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ pluginData: { path, names } }) => ({
      contents: exportLines(path, names),
      resolveDir: build.initialOptions.absWorkingDir,
    }));
  },
};

/** Every name that a source file takes from a package, over all its dynamic imports of it. */
function namesTaken(file, packageName) {
  const source = readFileSync(file, 'utf8');
  const quoted = packageName.replaceAll('/', '\\/');
  const taken = [...source.matchAll(new RegExp(`const \\{([^{}]*)\\} = await import\\('${quoted}'\\)`, 'g'))];
  const all = [...source.matchAll(new RegExp(`\\bimport\\('${quoted}'\\)`, 'g'))];
  if (taken.length === 0 || taken.length !== all.length) {
    return new Error(`write \`const { name } = await import('${packageName}')\`, so that only what is named gets bundled`);
  }
  const names = taken.flatMap((match) => match[1].split(',').map((part) => part.split(':')[0].trim()));
  return [...new Set(names.filter((name) => name !== ''))].sort();
}

/** A module that exports these names of a package, and nothing else of it. */
export function exportLines(packageName, names) {
  if (packageName !== 'undici') return `export { ${names.join(', ')} } from '${packageName}';`;
  const lines = names.map((name) => {
    const file = undiciFiles[name];
    if (file === undefined) throw new Error(`say in scripts/build/lazy-packages.mjs where undici keeps ${name}`);
    return `export { default as ${name} } from '${file}';`;
  });
  return [...undiciSetup, ...lines].join('\n');
}
