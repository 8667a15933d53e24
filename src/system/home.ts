import type { Env } from '../core/context.ts';
import { pathsOf } from '../core/paths-of.ts';
import { attempt } from '../text/attempt.ts';

/**
 * The home folder: HOME, as in shells, or USERPROFILE on Windows; if that is not set, the one the system knows. Always absolute and
 * spelled one way, whatever HOME says (`/home/ann/`, `.`): orcc's records name paths below it, and are read in other folders.
 */
export function homeOf(env: Env, platform: NodeJS.Platform): string {
  const named = platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
  const home = named !== undefined && named !== '' ? named : process.getBuiltinModule('node:os').homedir();
  // Without a current folder a relative name means nothing, and an empty one never does: what writes refuses both.
  return home === '' ? '' : attempt(() => pathsOf(platform).resolve(home), home);
}
