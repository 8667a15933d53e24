import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program's entry, as `npm test` leaves it. */
export const ORCC_BIN = fileURLToPath(new URL('../../bin/orcc.js', import.meta.url));

export type TestEnv = Record<string, string>;

/** A home and a work folder that belong to one test. */
export interface Sandbox {
  /** Absolute, links resolved, empty. */
  readonly home: string;
  /** A folder beside the home, outside any git work tree. */
  readonly cwd: string;
  /** Everything the program gets: PATH, the home in every spelling, no colour. Add to a copy of it. */
  readonly env: TestEnv;
  /** Removes both folders. */
  dispose(): void;
}

/** The variables that lead a program to its home, on every system. */
export function sandboxVariables(home: string): TestEnv {
  return {
    HOME: home,
    USERPROFILE: home,
    APPDATA: path.join(home, 'AppData', 'Roaming'),
    LOCALAPPDATA: path.join(home, 'AppData', 'Local'),
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_STATE_HOME: path.join(home, '.local', 'state'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_RUNTIME_DIR: path.join(home, '.run'),
    CLAUDE_CONFIG_DIR: path.join(home, '.claude'),
  };
}

/**
 * A fresh home. Unlike in the test process itself, XDG_* and CLAUDE_CONFIG_DIR are not set: the program finds its
 * folders as it does for most users.
 */
export function createSandbox(): Sandbox {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'orcc-box-')));
  const home = path.join(folder, 'home');
  const cwd = path.join(folder, 'work');
  mkdirSync(home);
  mkdirSync(cwd);
  const { HOME, USERPROFILE, APPDATA, LOCALAPPDATA } = sandboxVariables(home);
  const env = present({
    PATH: process.env['PATH'],
    SystemRoot: process.env['SystemRoot'],
    PATHEXT: process.env['PATHEXT'],
    HOME,
    USERPROFILE,
    APPDATA,
    LOCALAPPDATA,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    NO_COLOR: '1',
  });
  return { home, cwd, env, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface RunOptions {
  /** The whole environment of the child. */
  readonly env: TestEnv;
  readonly cwd?: string;
  /** Standard input, which ends after it; without it standard input is empty. */
  readonly input?: string;
  /** Milliseconds (default 28 000): then the child is killed and the promise rejects. */
  readonly timeout?: number;
  /** Called with the child as soon as it runs, to send it a signal. */
  readonly onStart?: (child: { readonly pid: number; kill(signal: NodeJS.Signals): void }) => void;
}

export interface RunResult {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built orcc without a terminal. Rejects only where it does not end in time or cannot start. */
export function runOrcc(args: readonly string[], options: RunOptions): Promise<RunResult> {
  return runProgram(process.execPath, [ORCC_BIN, ...args], options);
}

/** Runs any program like `runOrcc`. */
export function runProgram(file: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { env, cwd, input = '', timeout = 28_000, onStart } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, cwd: cwd ?? env['HOME'], stdio: 'pipe', windowsHide: true });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // A program that ends without reading its input closes the pipe: that is its right.
    child.stdin.on('error', () => undefined).end(input);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${path.basename(file)} ${args.join(' ')} did not end in ${timeout} ms\n${stdout}${stderr}`));
    }, timeout);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
    const { pid } = child;
    if (pid !== undefined) onStart?.({ pid, kill: (signal) => child.kill(signal) });
  });
}

function present(values: Record<string, string | undefined>): TestEnv {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
