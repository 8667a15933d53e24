import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, needs, type Need } from './prove.ts';
import { runProgram, type RunOptions, type RunResult, type TestEnv } from './sandbox.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The real client, where the long proofs were told of one. */
export const CLAUDE = process.env['ORCC_PROVE_CLAUDE'];

/** A folder with older ones, each in a folder named by its version, as `npm install --prefix` leaves it. */
const OLDER = process.env['ORCC_PROVE_CLAUDE_VERSIONS'];

/** The program of an older version; a path that is not there where it could not be had. */
export function olderClaude(version: string): string | undefined {
  if (OLDER === undefined) return undefined;
  const scope = path.join(OLDER, version, 'node_modules', '@anthropic-ai');
  const found = existsSync(scope) ? readdirSync(scope).map((name) => path.join(scope, name, 'claude')) : [];
  return found.find((file) => existsSync(file)) ?? path.join(scope, 'claude-code');
}

/** What keeps the real client from phoning home and from waiting: for the environment of every start of it. */
export const QUIET: TestEnv = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
  CLAUDE_CODE_MAX_RETRIES: '0',
};

/** A network that has nothing but its own loopback, with orcc and the real Claude Code in it. */
export interface Realm {
  /** Private; gone at the end. */
  readonly folder: string;
  /** PATH with `orcc`, and with `claude` where there is one. */
  readonly path: string;
  /** The built program, copied, so that a build that runs meanwhile changes nothing. */
  readonly orcc: string;
  /** `file` and its arguments as they are started from outside. */
  enter(file: string, args: readonly string[], cwd?: string): readonly [string, readonly string[]];
  run(file: string, args: readonly string[], options: RunOptions): Promise<RunResult>;
  /** A program that stays; killed with the realm. */
  start(file: string, args: readonly string[], env: TestEnv): ChildProcess;
  /** A fresh home and work folder with the environment of a new login. */
  makeHome(): RealmHome;
  close(): Promise<void>;
}

export interface RealmHome {
  readonly home: string;
  readonly cwd: string;
  /** The whole environment: PATH of the realm, HOME, no colour. */
  readonly env: TestEnv;
}

/** Why nothing can be proven in a realm here, or undefined; `needs` as in prove.ts. */
export function realmNeeds(...more: readonly Need[]): string | undefined {
  const all: Need[] = [
    { platform: 'linux' },
    { program: 'nsenter' },
    { fact: canIsolate(), factName: 'network namespaces (unshare -rn)' },
    ...more,
  ];
  return all.map((need) => needs(need)).find((reason) => reason !== undefined);
}

/** The same where the real client is needed too. */
export function claudeNeeds(...more: readonly Need[]): string | undefined {
  return realmNeeds({ file: CLAUDE, fileName: 'ORCC_PROVE_CLAUDE' }, ...more);
}

/** The same for an older version of it. */
export function olderClaudeNeeds(version: string): string | undefined {
  return realmNeeds({ file: olderClaude(version), fileName: `Claude Code ${version} below ORCC_PROVE_CLAUDE_VERSIONS` });
}

function canIsolate(): boolean {
  try {
    execFileSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Whether a private view of the file system can be had, in which /etc is another folder. */
export function canMount(): boolean {
  try {
    execFileSync('unshare', ['-rnm', 'mount', '--rbind', '/usr', '/etc'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** All of /etc stays, by links, but for `claude-code`, which is ours. */
const PRIVATE_ETC = `
  mkdir etc-real etc && mount --rbind /etc etc-real &&
  for each in etc-real/* etc-real/.[!.]*; do [ "\${each##*/}" = claude-code ] || [ ! -e "$each" ] || ln -s "$PWD/$each" "etc/\${each##*/}"; done &&
  mkdir etc/claude-code && mount --rbind etc /etc`;

/**
 * Makes the network, and with `managed` a private view of the file system, in which /etc/claude-code is the folder
 * `etc/claude-code` of the realm; `claude` is another one than the usual. Rejects where the system does not allow it.
 */
export async function openRealm({
  managed = false,
  claude = CLAUDE,
}: { readonly managed?: boolean; readonly claude?: string | undefined } = {}): Promise<Realm> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'orcc-realm-')));
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const program = path.join(folder, 'orcc');
  for (const part of ['bin', 'dist', 'package.json']) cpSync(path.join(root, part), path.join(program, part), { recursive: true });
  const orcc = path.join(program, 'bin', 'orcc.js');
  writeFileSync(path.join(bin, 'orcc'), `#!/bin/sh\nexec "${process.execPath}" "${orcc}" "$@"\n`, { mode: 0o755 });
  if (claude !== undefined && existsSync(claude)) symlinkSync(claude, path.join(bin, 'claude'));

  // It lives as long as its standard input is open, so it cannot outlive this process.
  const script = `ip link set lo up && ${managed ? `{ ${PRIVATE_ETC}\n} && ` : ''}echo ready && exec cat >/dev/null`;
  const holder = spawn('unshare', [managed ? '-rnm' : '-rn', 'sh', '-c', script], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  await ready(holder, /^ready$/m, 10_000);
  const { pid } = holder;
  if (pid === undefined) throw new Error('no process to hold the network');
  const network = readlinkSync(`/proc/${String(pid)}/ns/net`);
  const children: ChildProcess[] = [];

  const enter: Realm['enter'] = (file, args, cwd) => [
    'nsenter',
    ['-t', String(pid), '-U', '-n', ...(managed ? ['-m'] : []), '--preserve-credentials', 'env', '-C', cwd ?? folder, file, ...args],
  ];
  const search = `${bin}${path.delimiter}${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return {
    folder,
    path: search,
    orcc,
    enter,
    run: (file, args, options) =>
      runProgram(...enter(file, args, options.cwd ?? options.env['HOME']), { timeout: 60_000, ...options, cwd: folder }),
    start: (file, args, env) => {
      const child = spawn(...enter(file, args), { env, stdio: ['pipe', 'pipe', 'pipe'] });
      children.push(child);
      return child;
    },
    makeHome() {
      const home = realpathSync(mkdtempSync(path.join(folder, 'home-')));
      const cwd = realpathSync(mkdtempSync(path.join(folder, 'work-')));
      const tmp = realpathSync(mkdtempSync(path.join(folder, 'tmp-')));
      return {
        home,
        cwd,
        env: {
          PATH: search,
          HOME: home,
          TMPDIR: tmp,
          LANG: 'C.UTF-8',
          TZ: 'UTC',
          NO_COLOR: '1',
          SHELL: findProgram('bash') ?? '/bin/sh',
        },
      };
    },
    async close() {
      for (const child of children) await ended(child);
      for (const other of processesIn(network, pid)) killNow(other);
      await ended(holder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

/** Every process in this network but its holder: nobody else's can be there. */
function processesIn(network: string, holder: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === holder) return [];
    try {
      return readlinkSync(`/proc/${name}/ns/net`) === network ? [pid] : [];
    } catch {
      return [];
    }
  });
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Resolves with all of standard output so far once it matches. */
export function ready(child: ChildProcess, wanted: RegExp, ms: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    const timer = setTimeout(() => reject(new Error(`not ready in ${ms} ms: ${out}${err}`)), ms);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (!wanted.test(out)) return;
      clearTimeout(timer);
      resolve(out);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${String(code)}: ${out}${err}`));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 2000).unref();
  });
}
