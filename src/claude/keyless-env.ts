import { isSecretVariable } from './variables.ts';
import type { Env } from '../core/context.ts';

/**
 * The environment for a program that has no business with keys: variables that hold one, or are named like one that
 * does, are left out.
 */
export function keylessEnv(env: Env): Env {
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => !isSecretVariable(name) && !/\bsk-(?:or|ant)-/.test(value ?? '')),
  );
}
