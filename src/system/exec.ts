import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import type { Env, Exec, ExecOptions, ExecResult } from '../core/context.ts';

/**
 * Runs other programs through execa, loaded at the first call. The child gets
 * exactly the environment it is given, no terminal, and is killed at its time limit
 * or when orcc itself is stopped.
 */
export function createExec(env: Env, platform: NodeJS.Platform): Exec {
  return {
    run: (file, args, options) => run(file, args, options, options.group === true && platform !== 'win32'),
    interactive: async (...given) => (await import('./interactive.ts')).runInteractive(...given),
    find: (name) => findProgram(name, env, platform),
  };
}

async function run(file: string, args: readonly string[], options: ExecOptions, group: boolean): Promise<ExecResult> {
  const { execa } = await import('execa');
  const guardGroup = group ? (await import('./exec-group.ts')).guardGroup : undefined;
  const child = execa(file, [...args], {
    env: Object.fromEntries(Object.entries(options.env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    ...(group
      ? { detached: true, cleanup: false }
      : {
          timeout: options.timeoutMs,
          killSignal: 'SIGTERM' as const,
          forceKillAfterDelay: 1000,
          ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
        }),
    maxBuffer: options.maxBytes ?? 1024 * 1024,
    windowsHide: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  });
  const { onStdout } = options;
  if (onStdout !== undefined) child.stdout.on('data', (piece: Buffer) => onStdout(piece.toString('utf8')));
  const guard = guardGroup?.(child, options);
  const result = await child;
  const isLate = guard?.release() ?? result.timedOut;
  return {
    code: result.exitCode ?? null,
    stdout: textOf(result.stdout),
    stderr: textOf(result.stderr),
    timedOut: isLate,
    notFound: result.code === 'ENOENT',
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function findProgram(name: string, env: Env, platform: NodeJS.Platform): string | undefined {
  const windows = platform === 'win32';
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(windows ? ';' : ':').filter((folder) => folder !== '');
  const endings = windows ? (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';') : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const candidate = path.join(folder, name + ending.toLowerCase());
      try {
        // Asked first, without an error for what is absent: making thirty of those takes a millisecond and a half.
        if (statSync(candidate, { throwIfNoEntry: false })?.isFile() !== true) continue;
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // Not here: the next folder of PATH is asked.
      }
    }
  }
  return undefined;
}
