import type { ShellTargetId } from './types.ts';
import { WATCHED_VARIABLES } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';

/** Milliseconds. Start-up files that take longer are not waited for. */
const LIMIT = 5000;

interface ShellAnswer {
  /** The watched variables that are set. The token is among them: never print them. */
  readonly variables: ReadonlyMap<string, string>;
  /** What `type claude` prints; undefined if nothing. May hold a key. */
  readonly claude: string | undefined;
}

/**
 * Asks a shell what a new terminal really has: starts it interactively, lets it print its
 * environment between two marks, and keeps the watched names. Its start-up files run, without
 * a terminal and with empty input. Returns undefined if the shell is missing, fails, or takes longer than 5 s.
 * The answer holds the token: never print it.
 */
export async function askShell(
  ctx: Pick<Context, 'exec' | 'env' | 'random' | 'platform' | 'home'> & Partial<Pick<Context, 'signal'>>,
  shell: ShellTargetId,
): Promise<ShellAnswer | undefined> {
  const path = shell === 'powershell' ? (ctx.exec.find('pwsh') ?? ctx.exec.find('powershell')) : ctx.exec.find(shell);
  if (path === undefined) return undefined;
  const mark = `orcc-${Buffer.from(ctx.random(9)).toString('hex')}`;
  // This process may have variables that the start-up files no longer set.
  const kept = Object.entries(ctx.env).filter(([name]) => !WATCHED_VARIABLES.includes(name) && !/^(?:VSCODE_|BASH_ENV$|ENV$)/.test(name));
  const result = await ctx.exec.run(path, argumentsOf(shell, mark), {
    env: { ...Object.fromEntries(kept), TERM: 'dumb' },
    cwd: ctx.home,
    input: '',
    timeoutMs: LIMIT,
    group: true,
    ...(ctx.signal === undefined ? {} : { signal: ctx.signal }),
  });
  const [, between, what] = result.stdout.split(mark);
  // Without this line `env` itself was not found, and nothing is known.
  if (result.timedOut || between === undefined || what === undefined || !/^TERM=/m.test(between)) return undefined;
  const watched = new Set(WATCHED_VARIABLES);
  const variables = new Map(
    between.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf('=');
      const name = line.slice(0, at);
      return at > 0 && watched.has(name) ? [[name, line.slice(at + 1)] as const] : [];
    }),
  );
  return { variables, claude: what.trim() === '' ? undefined : what.trim() };
}

function argumentsOf(shell: ShellTargetId, mark: string): readonly string[] {
  if (shell === 'powershell') {
    const script = `'${mark}'; Get-ChildItem Env: | ForEach-Object { '{0}={1}' -f $_.Name, $_.Value }; '${mark}'`;
    return ['-NoLogo', '-NonInteractive', '-Command', script];
  }
  return ['-i', '-c', `echo ${mark}; command env; echo ${mark}; type claude 2>/dev/null; echo ${mark}`];
}
