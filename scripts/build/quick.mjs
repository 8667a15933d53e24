import { bundleOptions } from './options.mjs';

/** Parts that the quick commands never reach: they ask nobody, call nobody and start nothing. */
const UNREACHED = /^(\.\/http\.ts|\.\/prompts\.ts|execa|undici|@inquirer\/prompts)$/;

const leaveOut = {
  name: 'leave-out',
  setup(build) {
    build.onResolve({ filter: UNREACHED }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, namespace: 'left-out' } : undefined));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of the quick way (scripts/build/quick.mjs)`)})`,
    }));
  },
};

/** node:crypto and node:tty take milliseconds to load, and the quick commands rarely need them: they are loaded at the first call. */
const lateBuiltins = {
  name: 'late-builtins',
  setup(build) {
    build.onResolve({ filter: /^node:(crypto|tty|timers\/promises|os)$/ }, ({ path, importer, namespace }) =>
      // What stands in for a module must get the real one.
      namespace === 'late' || /node_modules/.test(importer) ? undefined : { path, namespace: 'late' },
    );
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({ contents: LATE[path], loader: 'js' }));
  },
};

const late = (path, names) =>
  names.map((name) => `export const ${name} = (...given) => require(${JSON.stringify(path)}).${name}(...given);`).join('\n');
const LATE = {
  'node:crypto': late('node:crypto', ['createHash', 'randomBytes']),
  'node:tty': late('node:tty', ['isatty']),
  'node:os': late('node:os', ['homedir', 'hostname']),
  'node:timers/promises': late('node:timers/promises', ['setTimeout']),
};

/** The bundle behind bin/start.js for `status` and `env`: one CommonJS file, which Node loads twice as fast as modules. */
export const quickOptions = {
  ...bundleOptions,
  format: 'cjs',
  entryPoints: { quick: 'src/quick.ts' },
  outExtension: { '.js': '.cjs' },
  plugins: [leaveOut, lateBuiltins, ...bundleOptions.plugins],
};
