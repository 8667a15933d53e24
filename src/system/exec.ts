import { pathsOf } from '../core/paths-of.ts';
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { defined } from '../text/defined.ts';
import type { Env, Exec, ExecOptions, ExecResult } from '../core/context.ts';
import { homeOf } from './home.ts';
import { childEnv, searchedFolders, type Place } from './search-path.ts';

/**
 * Runs other programs through execa, loaded at the first call. The child gets
 * exactly the environment it is given, no terminal, and is killed at its time limit
 * or when orcc itself is stopped. Nothing in the current folder is ever started: a name is looked up in
 * absolute folders of PATH alone, and a child without a `cwd` starts at the root of the disk.
 * A program that is not there is `notFound` in the result of `run`; `interactive` throws ENOENT.
 */
export function createExec(env: Env, platform: NodeJS.Platform, place: Place = { cwd: process.cwd(), home: homeOf(env, platform) }): Exec {
  const { isAbsolute, parse } = pathsOf(platform);
  const find = (name: string): string | undefined => findProgram(name, env, platform, place);
  const locate = (file: string): string | undefined => (isAbsolute(file) ? file : find(file));
  return {
    run: async (file, args, options) => {
      const program = locate(file);
      if (program === undefined) return NOT_FOUND;
      const safe = { ...options, env: childEnv(options.env, platform, place), cwd: options.cwd ?? parse(program).root };
      try {
        return await run(program, args, safe, options.group === true && platform !== 'win32');
      } catch {
        // execa throws if the system gives it no pipe (EMFILE): the program did not run.
        return { ...NOT_FOUND, notFound: false };
      }
    },
    interactive: async (file, args, options) => {
      const program = locate(file);
      if (program === undefined) throw Object.assign(new Error(`spawn ${file} ENOENT`), { code: 'ENOENT' });
      return (await import('./interactive.ts')).runInteractive(program, args, options);
    },
    find,
  };
}

const NOT_FOUND: ExecResult = { code: null, stdout: '', stderr: '', timedOut: false, notFound: true };

async function run(file: string, args: readonly string[], options: ExecOptions, group: boolean): Promise<ExecResult> {
  const { execa } = await import('execa');
  const { guardChild } = await import('./exec-guard.ts');
  const child = execa(file, [...args], {
    env: defined(options.env),
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    // The guard does it: execa's own time limit also counts a child that has ended, where orcc has not noticed it yet.
    forceKillAfterDelay: false,
    detached: group,
    cleanup: !group,
    maxBuffer: options.maxBytes ?? 1024 * 1024,
    windowsHide: true,
    ...defined({ cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  });
  const { onStdout } = options;
  if (onStdout !== undefined) child.stdout.on('data', (piece: Buffer) => onStdout(piece.toString('utf8')));
  const guard = guardChild(child, group, options);
  const result = await child;
  const timedOut = guard.release();
  // Ctrl-C in a terminal reaches orcc too, and its handler may run only after the child has ended.
  if (result.failed) await setImmediate();
  return {
    code: result.exitCode ?? null,
    stdout: textOf(result.stdout),
    stderr: textOf(result.stderr),
    timedOut,
    notFound: result.code === 'ENOENT',
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function findProgram(name: string, env: Env, platform: NodeJS.Platform, place: Place): string | undefined {
  // Only names are looked up: `./git` would be a program of the current folder.
  if (/[/\\]/.test(name)) return undefined;
  for (const folder of searchedFolders(env, platform, place)) {
    for (const ending of endingsOf(name, env, platform)) {
      const candidate = join(folder, name + ending.toLowerCase());
      try {
        // Checked first, since it throws no error for what is absent: creating thirty of those takes 1.5 ms.
        if (statSync(candidate, { throwIfNoEntry: false })?.isFile() !== true) continue;
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // Not executable: try the next one.
      }
    }
  }
  return undefined;
}

/** The file extensions to try after a name: only '' if it ends like a program already. */
function endingsOf(name: string, env: Env, platform: NodeJS.Platform): readonly string[] {
  if (platform !== 'win32') return [''];
  const endings = (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';');
  return endings.some((ending) => ending !== '' && name.toLowerCase().endsWith(ending.toLowerCase())) ? [''] : endings;
}
