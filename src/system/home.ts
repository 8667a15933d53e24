import type { Env } from '../core/context.ts';

/** HOME as shells see it; Windows has USERPROFILE. */
export function homeOf(env: Env, platform: NodeJS.Platform): string {
  const named = platform === 'win32' ? env['USERPROFILE'] : env['HOME'];
  return named !== undefined && named !== '' ? named : process.getBuiltinModule('node:os').homedir();
}
