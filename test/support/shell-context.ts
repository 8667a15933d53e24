import type { Env, Exec, ExecOptions, ExecResult, FileStat } from '../../src/core/context.ts';
import type { LocateContext } from '../../src/targets/types.ts';
import { memoryFiles, type MemoryFile } from './memory-files.ts';

/** What a program answers in a test; the rest of the result is that of a success. */
export type Answer = Partial<ExecResult>;

export interface Call {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: ExecOptions;
}

/** An exec port over a table of programs on PATH. Running one that is not in it fails the test. */
export function fakeExec(programs: Readonly<Record<string, (call: Call) => Answer>>): { readonly exec: Exec; readonly calls: Call[] } {
  const calls: Call[] = [];
  const exec: Exec = {
    find: (name) => (Object.hasOwn(programs, name) ? `/bin/${name}` : undefined),
    run: async (file, args, options) => {
      const call = { file, args, options };
      calls.push(call);
      const program = programs[file.replace(/^.*[/\\]/, '').replace(/\.exe$/, '')];
      if (program === undefined) throw new Error(`unexpected call of ${file}`);
      return { code: 0, stdout: '', stderr: '', timedOut: false, notFound: false, ...program(call) };
    },
  };
  return { exec, calls };
}

interface Machine {
  readonly files?: Readonly<Record<string, string | MemoryFile>>;
  readonly env?: Env;
  readonly platform?: NodeJS.Platform;
  readonly home?: string;
  readonly programs?: Parameters<typeof fakeExec>[0];
}

/** A whole context for finding targets, over files and programs in memory. */
export function shellContext(machine: Machine = {}): LocateContext & { readonly calls: Call[] } {
  const platform = machine.platform ?? 'linux';
  const { exec, calls } = fakeExec(machine.programs ?? {});
  return {
    fs: memoryFiles(machine.files ?? {}, platform),
    env: machine.env ?? {},
    home: machine.home ?? '/home/u',
    platform,
    cwd: '/home/u/project',
    exec,
    calls,
  };
}

/** A folder's or file's stat that belongs to a user. */
export function ownedBy(uid: number): FileStat {
  return { kind: 'directory', size: 0, mode: 0o755, uid, gid: uid, ino: 1, dev: 1, nlink: 2, mtimeMs: 0 };
}
