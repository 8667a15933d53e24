import type { Env } from './context.ts';

/** Whether this environment comes from WSL, Linux under Windows, which sets these variables. */
export function isWsl(env: Env): boolean {
  return (env['WSL_DISTRO_NAME'] ?? '') !== '' || (env['WSL_INTEROP'] ?? '') !== '';
}
