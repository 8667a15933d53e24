import { isAbsolute } from 'node:path';
import type { Ask, Context, Env, Http } from '../core/context.ts';
import { Cancelled } from '../core/errors.ts';
import { createFindAttributed } from './attributes.ts';
import { createExec } from './exec.ts';
import { createFileSystem } from './files.ts';
import { homeOf } from './home.ts';
import { createProcesses } from './processes.ts';
import { createOutput, isTerminal, readInput } from './streams.ts';

declare const ORCC_VERSION: string;

/**
 * Creates the real Context. Costly parts (HTTP, prompts) load their libraries at
 * first use, and so do modules of Node itself that take milliseconds to load, so that
 * `orcc status` pays for none of them.
 */
export function createContext(signal: AbortSignal, stopKind: () => 'cancelled' | 'terminated'): Context {
  // Without a prototype: a name like `constructor` from a flag or a start-up file is a variable that is not set.
  const env: Env = Object.assign(Object.create(null) as Record<string, string>, process.env);
  const platform = process.platform;
  const home = homeOf(env, platform);
  const cwd = currentFolder(env, home);
  const exec = createExec(env, platform, { cwd, home });
  const stdout = createOutput(1, env);
  const stderr = createOutput(2, env);
  const fs = createFileSystem();
  return {
    version: typeof ORCC_VERSION === 'string' ? ORCC_VERSION : '0.0.0-dev',
    program: () => (isSingleFile() ? { entry: process.execPath } : { node: process.execPath, entry: fs.realpath(process.argv[1] ?? '') }),
    runtime: { node: process.versions.node, arch: process.arch },
    env,
    platform,
    home,
    cwd,
    uid: process.getuid?.(),
    pid: process.pid,
    stdout,
    stderr,
    // Lists and the key's stars are drawn with cursor codes, which a dumb terminal prints as text.
    interactive: stderr.isTty && isTerminal(0) && env['TERM'] !== 'dumb' && !isCi(env),
    readStdin: (maxBytes, isHandedOver = false) => readInput(maxBytes, isHandedOver),
    fs,
    http: lazyHttp(env),
    exec,
    findAttributed: createFindAttributed(exec.find, platform),
    ask: lazyAsk(signal, stopKind),
    clock: {
      now: () => Date.now(),
      monotonic: () => Number(process.hrtime.bigint()) / 1e6, // like performance.now(), which would load seven files of Node
      sleep: async (ms, also) => {
        const stop = also === undefined ? signal : AbortSignal.any([signal, also]);
        try {
          await process.getBuiltinModule('node:timers/promises').setTimeout(ms, undefined, { signal: stop });
        } catch (error) {
          if (signal.aborted) throw new Cancelled(stopKind());
          throw error;
        }
      },
    },
    listen: async (answer) => (await import('./login-server.ts')).listenLocally(answer),
    page: async (text) => (await import('./pager.ts')).showInPager(text, env, exec.find),
    processes: createProcesses(platform),
    random: (bytes) => process.getBuiltinModule('node:crypto').randomBytes(bytes),
    signal,
  };
}

/** Whether Node and orcc are one executable, as `npm run single-file` builds it; `node:sea` came with Node 20.12. */
function isSingleFile(): boolean {
  return process.getBuiltinModule('node:sea').isSea();
}

/** The current folder. If somebody has deleted it, its name from PWD, which does not exist; else the home folder. */
function currentFolder(env: Env, home: string): string {
  try {
    return process.cwd();
  } catch {
    const named = env['PWD'];
    return named !== undefined && isAbsolute(named) ? named : home;
  }
}

/** Whether nobody is watching, judged by the variable CI, which CI services set. */
export function isCi(env: Env): boolean {
  const value = env['CI'];
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

function lazyHttp(env: Env): Http {
  let made: Promise<Http> | undefined;
  const open = (): Promise<Http> => (made ??= import('./http.ts').then(({ createHttp }) => createHttp(env)));
  let ready: Http | undefined;
  return {
    request: async (request) => {
      ready = await open();
      return ready.request(request);
    },
    proxyFor: (url) => ready?.proxyFor(url),
  };
}

function lazyAsk(signal: AbortSignal, stopKind: () => 'cancelled' | 'terminated'): Ask {
  let made: Promise<Ask> | undefined;
  const open = (): Promise<Ask> => (made ??= import('./prompts.ts').then(({ createAsk }) => createAsk(signal, stopKind)));
  return {
    select: async (...args) => (await open()).select(...args),
    checkbox: async (...args) => (await open()).checkbox(...args),
    confirm: async (...args) => (await open()).confirm(...args),
    input: async (...args) => (await open()).input(...args),
    password: async (...args) => (await open()).password(...args),
    search: async (...args) => (await open()).search(...args),
  };
}
