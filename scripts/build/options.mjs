import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)); // the repository, with a trailing slash

/** How rolldown reads the sources, for the program as for the scripts that run a part of it. */
export function sourceOptions(version) {
  return {
    cwd: root,
    platform: 'node',
    // jsonc-parser's `main` loads its parts by a `require` that no bundler can follow.
    resolve: { mainFields: ['module', 'main'], alias: { undici$: `${root}scripts/build/undici.cjs` } },
    transform: { target: 'node20.18', define: { ORCC_VERSION: JSON.stringify(version) } },
    treeshake: { moduleSideEffects: false },
  };
}

/**
 * commander loads node:child_process at once, for subcommands that are separate programs. orcc has none, and loading it
 * takes four milliseconds, a sixth of Node's own start-up time, so here commander loads it only when it starts something.
 */
export const lateChildProcess = {
  name: 'late-child-process',
  resolveId: (source, importer = '') =>
    source === 'node:child_process' && /[\\/]commander[\\/]/.test(importer) ? `${root}scripts/build/late-child-process.cjs` : undefined,
};
