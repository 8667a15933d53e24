import { createExec } from '../../src/system/exec.ts';
import { createFileSystem } from '../../src/system/files.ts';
import type { Context, Exec, ExecOptions, ExecResult, Output } from '../../src/core/context.ts';
import { makeDeps, type ProbeDeps } from './support.ts';

export interface TestContext extends ProbeDeps, Pick<Context, 'signal' | 'stderr' | 'exec' | 'fs' | 'env' | 'platform' | 'home'> {
  /** What went to stderr. */
  readonly written: () => string;
  /** What the line at the foot of the terminal said, in order; undefined where it was taken away. */
  readonly shown: () => readonly (string | undefined)[];
}

/** What `runTest` needs, over real HTTP and files; `tty` gives stderr a terminal's status line. */
export function makeTestContext(
  more: {
    readonly signal?: AbortSignal;
    readonly tty?: boolean;
    readonly exec?: Exec;
    readonly env?: Context['env'];
    readonly home?: string;
  } = {},
): TestContext {
  let text = '';
  const env = more.env ?? { PATH: '' };
  const shown: (string | undefined)[] = [];
  const stderr: Output = {
    write: (piece) => (text += piece),
    isTty: more.tty ?? false,
    columns: 100,
    colorLevel: 0,
    ...(more.tty === true ? { progress: (line) => void shown.push(line) } : {}),
  };
  return {
    ...makeDeps(),
    signal: more.signal ?? new AbortController().signal,
    stderr,
    exec: more.exec ?? createExec(env, 'linux'),
    fs: createFileSystem(),
    env,
    platform: 'linux',
    home: more.home ?? '/nonexistent',
    written: () => text,
    shown: () => shown,
  };
}

/** A program that is not started: `answer` gives what it prints. */
export function fakeExec(
  answer: (args: readonly string[], options: ExecOptions) => Partial<ExecResult>,
): Exec & { readonly calls: { args: readonly string[]; options: ExecOptions }[] } {
  const calls: { args: readonly string[]; options: ExecOptions }[] = [];
  return {
    calls,
    find: () => '/usr/bin/claude',
    run: (_file, args, options) => {
      calls.push({ args, options });
      return Promise.resolve({ code: 0, stdout: '', stderr: '', timedOut: false, notFound: false, ...answer(args, options) });
    },
  };
}
