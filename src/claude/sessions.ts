import { pathsOf } from '../core/paths-of.ts';
import * as z from 'zod/mini';
import { later } from '../core/later.ts';
import type { Context } from '../core/context.ts';
import { listFolder } from '../core/look.ts';
import { attempt } from '../text/attempt.ts';
import { defined } from '../text/defined.ts';
import { tryJson } from '../text/json.ts';
import { claudePaths } from './paths.ts';

/** A running Claude Code, which keeps the models that it started with. */
export interface Session {
  readonly pid: number;
  /** Its folder; absent if the system does not tell. */
  readonly cwd?: string;
  /** Milliseconds since it started; absent if the system does not tell. */
  readonly ageMs?: number;
}

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd' | 'exec' | 'clock' | 'uid' | 'pid'>;

const MOST = 200;

/**
 * This user's running Claude Code sessions: from /proc on Linux, from `ps` or PowerShell
 * elsewhere (at most 5 s), with folders from the file that each session keeps about itself
 * (`~/.claude/sessions/PID.json`, seen in 2.1.330). Never throws.
 */
export async function listSessions(ctx: Slice): Promise<readonly Session[]> {
  try {
    const own = readOwnFiles(ctx);
    const running = ctx.platform === 'linux' ? scanProc(ctx) : ctx.platform === 'win32' ? await askWindows(ctx) : await askPs(ctx, own);
    return running
      .filter(({ pid }) => pid !== ctx.pid)
      .slice(0, MOST)
      .map((session) => {
        const file = own.get(session.pid);
        if (file === undefined) return session;
        return { ...session, cwd: session.cwd ?? file.cwd, ageMs: session.ageMs ?? Math.max(0, ctx.clock.now() - file.startedAt) };
      });
  } catch {
    return [];
  }
}

/**
 * The sessions that keep a file about themselves, except those that died without deleting it: all that can be known
 * without scanning every process or starting one. Never throws.
 */
export function readSessions(ctx: Omit<Slice, 'exec'> & Partial<Pick<Context, 'processes'>>): readonly Session[] {
  const uptime = ctx.platform === 'linux' ? readUptime(ctx) : NaN;
  return [...readOwnFiles(ctx).values()].flatMap(({ pid, cwd, startedAt, procStart }) => {
    if (ctx.platform === 'linux') {
      const found = readProc(ctx, pid, uptime);
      // A pid may be reused, so its start time must match as well.
      return found === undefined || (procStart !== undefined && procStart !== String(found.started)) ? [] : [{ ...found.session, cwd }];
    }
    return ctx.processes?.isRunning(pid) === true ? [{ pid, cwd, ageMs: Math.max(0, ctx.clock.now() - startedAt) }] : [];
  });
}

const ownFile = later(() => z.looseObject({ pid: z.number(), cwd: z.string(), startedAt: z.number(), procStart: z.optional(z.string()) }));

function readOwnFiles(ctx: Omit<Slice, 'exec'>): ReadonlyMap<number, z.infer<typeof ownFile>> {
  const { sessions } = claudePaths(ctx);
  const found = new Map<number, z.infer<typeof ownFile>>();
  for (const name of listFolder(ctx.fs, sessions).slice(0, MOST)) {
    if (!/^\d+\.json$/.test(name)) continue;
    const text = attempt(() => decode(ctx.fs.readFile(pathsOf(ctx.platform).join(sessions, name))), '');
    const parsed = ownFile.safeParse(tryJson(text));
    if (parsed.success) found.set(parsed.data.pid, parsed.data);
  }
  return found;
}

/** Ticks per second in /proc/PID/stat: 100 on every Linux that Node runs on. */
const TICKS = 100;

type Proc = Pick<Context, 'fs' | 'uid'>;

/** On Linux: this user's sessions from /proc, with their folders. Starts no program, never throws. */
export function scanSessions(ctx: Proc & Pick<Context, 'pid'>): readonly Session[] {
  return attempt(() => scanProc(ctx), [])
    .filter(({ pid }) => pid !== ctx.pid)
    .slice(0, MOST);
}

function scanProc(ctx: Proc): readonly Session[] {
  const uptime = readUptime(ctx);
  return ctx.fs.readdir('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProc(ctx, Number(name), uptime)?.session ?? []) : []));
}

function readUptime(ctx: Proc): number {
  return Number(attempt(() => decode(ctx.fs.readFile('/proc/uptime')), '').split(' ')[0]);
}

/** A process, if it is a Claude Code of this user; undefined otherwise. `started` is in ticks since boot. */
function readProc(ctx: Proc, pid: number, uptime: number): { readonly session: Session; readonly started: number | undefined } | undefined {
  const folder = `/proc/${pid}`;
  if (!isClaude(attempt(() => decode(ctx.fs.readFile(`${folder}/cmdline`)), '').split('\0'))) return undefined;
  if (ctx.uid !== undefined && attempt(() => ctx.fs.lstat(folder)?.uid) !== ctx.uid) return undefined;
  const cwd = attempt(() => ctx.fs.readlink(`${folder}/cwd`));
  const started = startTicks(attempt(() => decode(ctx.fs.readFile(`${folder}/stat`)), ''));
  const ageMs = started === undefined || !Number.isFinite(uptime) ? undefined : Math.max(0, uptime * 1000 - (started * 1000) / TICKS);
  return { session: { pid, ...defined({ cwd, ageMs }) }, started };
}

/** Field 22 of /proc/PID/stat. Field 2, the name, is in parentheses and may itself contain blanks and parentheses. */
function startTicks(stat: string): number | undefined {
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  return Number.isFinite(ticks) ? ticks : undefined;
}

function isClaude(args: readonly string[]): boolean {
  const program = args[0] ?? '';
  if (args.includes('--version')) return false;
  if (/(?:^|\/)claude$/.test(program)) return true;
  return /(?:^|\/)(?:node|bun)$/.test(program) && /@anthropic-ai\/claude-code\/cli\.[mc]?js$/.test(args[1] ?? '');
}

async function askPs(ctx: Slice, own: ReadonlyMap<number, unknown>): Promise<readonly Session[]> {
  const result = await ctx.exec.run('ps', ['-xo', 'pid=,etime=,comm='], { env: plainEnv(ctx), timeoutMs: 5000 });
  return result.stdout.split('\n').flatMap((line) => {
    const [, pid, age, program] = /^\s*(\d+)\s+(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
    if (pid === undefined || program === undefined) return [];
    // A native installation names its program after its version; it is recognised by the session's own file.
    if (!/(?:^|\/)claude$/.test(program) && !own.has(Number(pid))) return [];
    return [{ pid: Number(pid), ...defined({ ageMs: elapsed(age ?? '') }) }];
  });
}

/** Converts `[[days-]hours:]minutes:seconds` from ps to milliseconds; undefined for anything else. */
function elapsed(text: string): number | undefined {
  const [, days, hours, minutes, seconds] = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)$/.exec(text) ?? [];
  if (minutes === undefined || seconds === undefined) return undefined;
  return (((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

const WINDOWS_SCRIPT =
  "Get-CimInstance Win32_Process -Filter \"Name='claude.exe' or Name='node.exe'\" | " +
  "Where-Object { $_.Name -eq 'claude.exe' -or $_.CommandLine -match 'claude-code[\\\\/]cli\\.' } | " +
  "ForEach-Object { '{0} {1}' -f $_.ProcessId, [int64]((Get-Date) - $_.CreationDate).TotalMilliseconds }";

async function askWindows(ctx: Slice): Promise<readonly Session[]> {
  const result = await ctx.exec.run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', WINDOWS_SCRIPT], {
    env: plainEnv(ctx),
    timeoutMs: 5000,
  });
  return result.stdout.split(/\r?\n/).flatMap((line) => {
    const [, pid, age] = /^(\d+) (\d+)$/.exec(line.trim()) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), ageMs: Number(age) }];
  });
}

/** The variables that a system program needs, without any token. */
function plainEnv(ctx: Slice): Record<string, string | undefined> {
  return Object.fromEntries(['PATH', 'Path', 'SystemRoot', 'WINDIR', 'TEMP', 'TMP', 'HOME'].map((name) => [name, ctx.env[name]]));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
