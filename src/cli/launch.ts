import path from 'node:path';
import { codeFile } from '../text/code-files.ts';
import { orccFolder } from '../core/folder.ts';
import { codeLoader, isOwnFolder, type LoadCode } from '../system/code-cache.ts';
import { homeOf } from '../system/home.ts';

declare const ORCC_BUILD: string;

/** Those of src/cli/quick.ts, which loads less than the whole program. */
const QUICK = ['env', 'models', 'status'];

type Program = (argv: readonly string[]) => Promise<void> | undefined;

/**
 * Starts the program out of the bundle; the commands of src/cli/quick.ts have a short way of their own. For bin/orcc.js, which gives
 * its own `require` and the folder of the bundle.
 */
export function launch(argv: readonly string[], dist: string, require: (id: string) => unknown): Promise<void> | undefined {
  const load = loaderFor(argv[0], dist, require);
  const quick = QUICK.includes(argv[0] ?? '') ? (load('quick.js') as { quick: Program }).quick(argv) : undefined;
  return quick ?? (load('main.js') as { main: Program }).main(argv);
}

/** NODE_DISABLE_COMPILE_CACHE is Node's own switch for its own cache. Other runtimes have V8's interface without V8. */
function loaderFor(word: string | undefined, dist: string, require: (id: string) => unknown): LoadCode {
  const { env, platform, versions } = process;
  const name = codeFile(word);
  const plain: LoadCode = (chunk) => require(path.join(dist, chunk));
  if (name === undefined || (env['NODE_DISABLE_COMPILE_CACHE'] ?? '') !== '' || versions['bun'] !== undefined) return plain;
  const file = path.join(orccFolder({ env, home: homeOf(env, platform), platform }), name);
  // Nothing is to appear in a home that orcc has not been set up in, or has left.
  return isOwnFolder(path.dirname(file)) ? codeLoader(dist, ORCC_BUILD, file, require) : plain;
}
