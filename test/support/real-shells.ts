import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from './prove.ts';

/** How each shell runs a file without reading anything of the user's. */
export const RUN_FILE: Readonly<Record<string, readonly string[]>> = {
  bash: ['--norc', '--noprofile'],
  dash: [],
  zsh: ['-f'],
  ksh: [],
  mksh: [],
  fish: ['--no-config'],
  tcsh: ['-f'],
  xonsh: ['--no-rc'],
  pwsh: ['-NoLogo', '-NoProfile', '-NonInteractive', '-File'],
};

export interface Started {
  readonly status: number | null;
  readonly stderr: string;
  /** What a child of the shell has in its environment. */
  readonly env: ReadonlyMap<string, string>;
}

/** Starts a shell, which has to end with a child that prints its environment separated by NUL (`env -0`). */
export function start(program: string, args: readonly string[], env: Readonly<Record<string, string>>, cwd?: string): Started {
  // No pipe as stdin: Node makes it a socket, and bash takes itself for a child of rshd and reads .bashrc.
  const { status, stdout, stderr, error } = spawnSync(findProgram(program) ?? program, args, {
    env,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  });
  if (error !== undefined) throw error;
  // What the start-up files print comes before it.
  const entries = stdout.split('\0').flatMap((entry): (readonly [string, string])[] => {
    const equals = entry.indexOf('=');
    return equals === -1 ? [] : [[entry.slice(0, equals).replace(/^[^]*\n/, ''), entry.slice(equals + 1)]];
  });
  return { status, stderr, env: new Map(entries) };
}

/** Writes the lines to a file and runs them in a shell, then `env -0`. */
export function runLines(shell: string, lines: readonly string[], folder: string, env: Readonly<Record<string, string>>): Started {
  const file = path.join(folder, shell === 'pwsh' ? 'lines.ps1' : 'lines');
  writeFileSync(file, `${[...lines, 'env -0'].join('\n')}\n`);
  return start(shell, [...(RUN_FILE[shell] ?? []), file], env, folder);
}
