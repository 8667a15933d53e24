import { isatty } from 'node:tty';
import { defined } from '../text/defined.ts';
import type { ExecOptions, InteractiveResult } from '../core/context.ts';

/** Signals that ask orcc to end, and that the program in front of the user must receive instead. */
const FORWARDED: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGINT', 'SIGTERM', 'SIGBREAK'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** The numbers of signals that are the same on every system that has them. */
const NUMBERS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

/**
 * Milliseconds. Ctrl-C in a terminal reaches the child as well, since it is in the same process group; a `kill` of orcc alone does not.
 * orcc can't tell the two apart, so it passes the signal on only if the child is still running after this time.
 */
const PATIENCE_MS = 400;

/**
 * Runs a program with orcc's own input, output and terminal. orcc never ends before it: signals are passed on to it, so that
 * it is not left running. Throws the system's error if it can't be started. `.cmd` files work on Windows (cross-spawn, which
 * execa uses, quotes for cmd.exe).
 */
export async function runInteractive(
  file: string,
  args: readonly string[],
  options: Pick<ExecOptions, 'env' | 'cwd'>,
): Promise<InteractiveResult> {
  const { execa } = await import('execa');
  const saved = FORWARDED.map((signal) => ({ signal, listeners: process.listeners(signal) }));
  const timers: NodeJS.Timeout[] = [];
  let kill: ((signal: NodeJS.Signals) => void) | undefined;
  const waiting: NodeJS.Signals[] = [];
  const forward = (signal: NodeJS.Signals): void => {
    if (kill === undefined) waiting.push(signal);
    else kill(signal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const isByTerminal = (signal === 'SIGINT' || signal === 'SIGQUIT') && isatty(0);
    if (isByTerminal) timers.push(setTimeout(() => forward(signal), PATIENCE_MS));
    else forward(signal);
  };
  for (const signal of FORWARDED) {
    process.removeAllListeners(signal);
    process.on(signal, onSignal);
  }
  try {
    const child = execa(file, [...args], {
      env: defined(options.env),
      extendEnv: false,
      reject: false,
      stdio: 'inherit',
      buffer: false,
      forceKillAfterDelay: false,
      windowsHide: false,
      ...defined({ cwd: options.cwd }),
    });
    kill = (signal) => void child.kill(signal);
    for (const signal of waiting) kill(signal);
    const result = await child;
    if (result.exitCode === undefined && result.signal === undefined && result.cause instanceof Error) throw result.cause;
    return { code: result.exitCode ?? 128 + (result.signal === undefined ? 0 : (NUMBERS[result.signal] ?? 0)) };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    for (const { signal, listeners } of saved) {
      process.off(signal, onSignal);
      for (const listener of listeners) process.on(signal, listener);
    }
  }
}
