import type { Env } from '../core/context.ts';

/** The home folder: HOME, as in shells, or USERPROFILE on Windows; if that is not set, the one the system knows. */
export function homeOf(env: Env, platform: NodeJS.Platform): string {
  const named = platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
  return named !== undefined && named !== '' ? named : process.getBuiltinModule('node:os').homedir();
}
