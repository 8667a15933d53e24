import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context, Exec, Http, Output } from '../../src/core/context.ts';
import { run } from '../../src/cli/run.ts';
import { createExec } from '../../src/system/exec.ts';
import { createHttp } from '../../src/system/http.ts';
import { listenLocally } from '../../src/system/login-server.ts';
import { createProcesses } from '../../src/system/processes.ts';
import { runOrcc, type RunOptions, type RunResult } from './sandbox.ts';
import { scriptAnswers, type Answer, type Question } from './scripted-ask.ts';
import { quickFiles } from './temp-home.ts';

// All commands, before any test begins: the first test of a process would load them within its own time limit, most of which that
// takes on a busy machine.
const commands = path.resolve(import.meta.dirname, '../../src/commands');
const files = fs.readdirSync(commands, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
await Promise.all(files.map((name) => import(path.join(commands, name))));

/** What `--json` prints, as loosely as tests need it. */
export interface Printed {
  readonly schemaVersion: number;
  readonly command: string;
  readonly ok: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly cause: string;
    readonly fix: string;
    readonly evidence: readonly string[];
  }[];
}

/** A settings file of Claude Code, as loosely as tests need it. */
export interface Settings {
  readonly env: Record<string, string>;
  readonly apiKeyHelper?: string;
  readonly fallbackModel?: readonly string[];
  readonly modelSettings?: Readonly<Record<string, { readonly autoCompactWindow?: number }>>;
  readonly modelPicker?: { readonly options: readonly unknown[] };
  readonly permissions?: unknown;
  readonly [name: string]: unknown;
}

/** What one run of orcc gave. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The document that `--json` printed; throws where stdout is anything else. */
  readonly json: () => Printed;
  /** The codes of its findings. */
  readonly codes: () => readonly string[];
  readonly questions: readonly Question[];
}

export interface RunInBox {
  /** Laid over the box's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Standard input. */
  readonly input?: string;
  /** Given: there is a terminal, and these are typed. */
  readonly answers?: readonly Answer[];
  /** In place of the real network port. */
  readonly http?: (real: Http) => Http;
  /** In place of the real program port. */
  readonly exec?: (real: Exec) => Exec;
  /** Which files have an access list: none unless given. */
  readonly findAttributed?: Context['findAttributed'];
  /** In place of the real file port. */
  readonly fs?: Context['fs'];
  readonly signal?: AbortSignal;
  /** Process number, for a run that is to be taken for another process (default 1). */
  readonly pid?: number;
  readonly columns?: number;
  /** Both streams are terminals; nobody is asked anything for that. */
  readonly isTerminal?: boolean;
}

/** A home, a folder to work in and a PATH with bash and git alone; orcc runs in this process, over real files, HTTP and programs. */
export interface Box {
  readonly home: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs `orcc ARGS` in this process. Rejects for a bug in orcc, an unexpected question, and an answer that was never asked for. */
  orcc(args: readonly string[], options?: RunInBox): Promise<Ran>;
  /** Runs the built program with the same environment. */
  bin(args: readonly string[], options?: Partial<RunOptions>): Promise<RunResult>;
  /** Absolute path of a name below the home folder. */
  at(name: string): string;
  write(name: string, text: string | Uint8Array, mode?: number): string;
  /** The same below the folder that orcc is run in. */
  writeHere(name: string, text: string): string;
  /** Text of a file, null where there is none. */
  read(name: string): string | null;
  /** User settings, or another file like them, parsed; `{}` where there is none. */
  settings(name?: string): Settings;
  mode(name: string): number;
  /** Bytes and modes of everything below home and work folder. */
  tree(): Record<string, string>;
  /** The same with times: equal only where nothing was written at all, not even a temporary file. */
  traces(): Record<string, string>;
  /** Paths of all files, links not followed, that hold this text. */
  holding(text: string): string[];
  /** Notes all of it as it is now, hard links apart. Gives what puts it back, whatever was done since. */
  keep(): () => void;
  dispose(): Promise<void>;
}

export function createBox(): Box {
  const scratch = fs.existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const root = fs.realpathSync(fs.mkdtempSync(path.join(scratch, 'orcc-cli-')));
  const home = path.join(root, 'home');
  const cwd = path.join(root, 'work');
  const programs = path.join(root, 'programs');
  for (const folder of [home, cwd, programs]) fs.mkdirSync(folder);
  // Fewer shells than this machine may have: every run finds the same.
  for (const name of ['bash', 'cat', 'git', 'sh']) {
    const real = find(name);
    if (real !== undefined) fs.symlinkSync(real, path.join(programs, name));
  }
  const env = {
    PATH: programs,
    HOME: home,
    USERPROFILE: home,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    NO_COLOR: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const at = (name: string): string => path.join(home, name);
  const read = (name: string): string | null => (fs.existsSync(at(name)) ? fs.readFileSync(at(name), 'utf8') : null);
  const https: { close(): Promise<void> }[] = [];

  const orcc = async (args: readonly string[], options: RunInBox = {}): Promise<Ran> => {
    const answers = scriptAnswers(options.answers ?? []);
    const stdout = collect(options.columns, options.isTerminal === true);
    const stderr = collect(options.columns, options.answers !== undefined || options.isTerminal === true);
    const given = { ...env, ...options.env };
    const http = createHttp(given);
    https.push(http);
    const ctx: Context = {
      version: '0.0.0-test',
      runtime: { node: process.versions.node, arch: process.arch },
      env: given,
      platform: process.platform,
      home: given.HOME,
      cwd: options.cwd ?? cwd,
      uid: process.getuid?.(),
      // Without ancestors, so that SHELL tells the shell, not who started the tests.
      pid: options.pid ?? 1,
      stdout,
      stderr,
      interactive: options.answers !== undefined,
      readStdin: (most) =>
        options.input !== undefined && options.input.length > most
          ? Promise.reject(new RangeError('too long'))
          : Promise.resolve(options.input ?? ''),
      fs: options.fs ?? quickFiles(),
      http: options.http?.(http) ?? http,
      exec: options.exec?.(createExec(given, process.platform)) ?? createExec(given, process.platform),
      ask: answers.ask,
      ...(options.findAttributed === undefined ? {} : { findAttributed: options.findAttributed }),
      clock: {
        now: () => Date.now(),
        monotonic: () => performance.now(),
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      },
      listen: listenLocally,
      // The real table: sessions of this machine's own `orcc run` in /tmp are no left ones.
      processes: { ...createProcesses(process.platform), host: 'here' },
      random: (bytes) => randomBytes(bytes),
      signal: options.signal ?? new AbortController().signal,
    };
    const code = await run(args, ctx, () => 'cancelled');
    // Exit 70 is never what a test is after; an unexpected question ends so, too.
    if (code === 70) throw new Error(stderr.text());
    answers.finish();
    const json = (): Printed => JSON.parse(stdout.text()) as Printed;
    return {
      code,
      stdout: stdout.text(),
      stderr: stderr.text(),
      json,
      codes: () => json().findings.map((each) => each.code),
      questions: answers.questions,
    };
  };

  return {
    home,
    cwd,
    env,
    orcc,
    bin: (args, options = {}) => runOrcc(args, { env, cwd, ...options }),
    at,
    write: (name, text, mode = 0o644) => {
      fs.mkdirSync(path.dirname(at(name)), { recursive: true });
      fs.writeFileSync(at(name), text);
      fs.chmodSync(at(name), mode);
      return at(name);
    },
    writeHere: (name, text) => {
      const file = path.join(cwd, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
      return file;
    },
    read,
    settings: (name = '.claude/settings.json') => JSON.parse(read(name) ?? '{}') as Settings,
    mode: (name) => fs.statSync(at(name)).mode & 0o7777,
    tree: () => list(root, programs, false),
    traces: () => list(root, programs, true),
    holding: (text) =>
      walk(root, programs)
        .filter((file) => fs.lstatSync(file).isFile() && fs.readFileSync(file).includes(text))
        .map((file) => path.relative(home, file)),
    keep: () => keep(root),
    dispose: async () => {
      await Promise.all(https.map((http) => http.close()));
      fs.rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Bytes, links and modes below a folder, in memory: a set-up is made once and costs each further test no orcc. */
function keep(root: string): () => void {
  const kept = walk(root).map((file) => {
    const stat = fs.lstatSync(file);
    const link = stat.isSymbolicLink() ? fs.readlinkSync(file) : undefined;
    return { file, link, bytes: stat.isFile() ? fs.readFileSync(file) : undefined, mode: stat.mode & 0o7777 };
  });
  return () => {
    for (const name of fs.readdirSync(root)) fs.rmSync(path.join(root, name), { recursive: true, force: true });
    for (const { file, link, bytes } of kept) {
      if (link !== undefined) fs.symlinkSync(link, file);
      else if (bytes !== undefined) fs.writeFileSync(file, bytes);
      else fs.mkdirSync(file);
    }
    // Folders after what is in them, which may take no more files then.
    for (const { file, link, mode } of kept.toReversed()) if (link === undefined) fs.chmodSync(file, mode);
  };
}

/** Full path of a program of this machine. */
function find(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => fs.existsSync(file));
}

function collect(columns = 100, isTty = false): Output & { text(): string } {
  let all = '';
  return { write: (text) => (all += text), isTty, columns, colorLevel: 0, text: () => all };
}

function walk(root: string, without?: string): string[] {
  return fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(root, name))
    .filter((file) => without === undefined || (file !== without && !file.startsWith(without + path.sep)))
    .sort();
}

function list(root: string, without: string, withTimes: boolean): Record<string, string> {
  const found: Record<string, string> = {};
  for (const file of walk(root, without)) {
    const stat = fs.lstatSync(file, { bigint: true });
    const mode = (Number(stat.mode) & 0o7777).toString(8);
    const time = withTimes ? ` ${stat.mtimeNs} ${stat.ino}` : '';
    const what = stat.isSymbolicLink()
      ? `-> ${fs.readlinkSync(file)}`
      : stat.isDirectory()
        ? 'folder'
        : createHash('sha256').update(fs.readFileSync(file)).digest('hex').slice(0, 16);
    found[path.relative(root, file)] = `${mode} ${what}${time}`;
  }
  return found;
}
