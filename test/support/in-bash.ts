import { execFileSync } from 'node:child_process';

/**
 * The variables of Claude Code (and of orcc's own block, should one be left over) after `script` in a bash
 * that stops at the first error and at unset variables. No start-up file but those that the script names.
 */
export function variablesAfter(script: string, env: Readonly<Record<string, string>>): Record<string, string> {
  // Standard input must be no pipe: bash takes itself for a remote shell then, and reads /etc/bash.bashrc.
  const out = execFileSync('bash', ['--norc', '--noprofile', '-euc', `${script}\nenv -0`], {
    env: { ...env, PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  const lines = out.split('\0').filter((line) => /^(ANTHROPIC|CLAUDE|ENABLE_TOOL_SEARCH|orcc)/.test(line));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
