/**
 * Modules of Node itself that take milliseconds to load and that most runs of orcc never need, with the functions that the
 * sources import of them.
 */
const LATE = {
  'node:child_process': ['spawn', 'spawnSync'],
  'node:crypto': ['createHash', 'randomBytes'],
  'node:os': ['homedir', 'hostname'],
  'node:timers/promises': ['setTimeout'],
  'node:tty': ['isatty'],
};

/** esbuild plugin: such a module is loaded at the first call of one of its functions. A name that is missing above fails the build. */
export const lateBuiltins = {
  name: 'late-builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path, importer }) =>
      path in LATE && !/node_modules/.test(importer) ? { path, namespace: 'late' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: LATE[path]
        .map((name) => `export const ${name} = (...given) => process.getBuiltinModule('${path}').${name}(...given);`)
        .join('\n'),
    }));
  },
};
