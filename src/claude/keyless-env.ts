import { isSecretVariable } from './variables.ts';
import type { Env } from '../core/context.ts';

/**
 * The environment for a program that needs no keys: leaves out Claude Code's secret variables (`isSecretVariable`) and any variable
 * whose value contains an OpenRouter or Anthropic key.
 */
export function keylessEnv(env: Env): Env {
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => !isSecretVariable(name) && !/\bsk-(?:or|ant)-/.test(value ?? '')),
  );
}
