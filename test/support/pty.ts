import type { ReadStream } from 'node:tty';
import { spawn, type IPty } from '@lydell/node-pty';
import { ORCC_BIN, type TestEnv } from './sandbox.ts';
import { Screen } from './screen.ts';

/** A program in a terminal of its own. */
export interface Pty {
  readonly pid: number;
  /** Types: `\r` is Enter, `\x03` Ctrl-C, `\x1b[B` arrow down. */
  write(keys: string): void;
  /**
   * Resolves with the screen as soon as it shows `wanted` (blanks at the ends of lines do not count); rejects with the
   * screen after `ms` (default 10 000) or at the end of the program.
   */
  waitFor(wanted: string | RegExp, ms?: number): Promise<string>;
  /** What the terminal shows now, scrolled-away lines included. */
  screen(): string;
  /** Every byte that came, as text: to look for what must never be printed. */
  transcript(): string;
  resize(columns: number, rows: number): void;
  /** Resolves with the exit code (128 + n where signal n ended it); rejects with the screen after `ms` (default 10 000). */
  exit(ms?: number): Promise<number>;
  kill(signal?: NodeJS.Signals): void;
}

export interface PtyOptions {
  /** The whole environment; TERM is added. */
  readonly env: TestEnv;
  readonly cwd?: string;
  readonly cols?: number;
  readonly rows?: number;
  /** Another program than orcc. */
  readonly file?: string;
}

/** Starts the built orcc (or `file`) in a pseudo terminal, 100 x 40 unless told. */
export function startPty(args: readonly string[], { env, cwd, cols = 100, rows = 40, file }: PtyOptions): Pty {
  const [program, parameters] = file === undefined ? [process.execPath, [ORCC_BIN, ...args]] : [file, [...args]];
  const terminal = spawn(program, parameters, { env: { TERM: 'xterm-256color', ...env }, cwd: cwd ?? env['HOME'] ?? '/', cols, rows });
  const heard = keepToTheEnd(terminal);
  const screen = new Screen(cols, rows);
  let all = '';
  let ended: number | undefined;
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  terminal.onData((text) => {
    heard();
    all += text;
    screen.write(text);
    tell();
  });
  terminal.onExit(({ exitCode, signal }) => {
    ended = signal ? 128 + signal : exitCode;
    tell();
  });

  /** Waits until `look` gives something, asked again after each piece of output. */
  function until<T>(look: () => T | undefined, what: string, ms: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => settle(() => reject(new Error(`${what}: ${why}. The screen:\n${screen.text()}`)));
      const timer = setTimeout(() => fail(`not within ${ms} ms`), ms);
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        listeners.delete(check);
        act();
      };
      const check = (): void => {
        const found = look();
        if (found !== undefined) settle(() => resolve(found));
        else if (ended !== undefined) fail(`the program ended with ${ended}`);
      };
      listeners.add(check);
      check();
    });
  }

  return {
    pid: terminal.pid,
    write: (keys) => terminal.write(keys),
    waitFor: (wanted, ms = 10_000) =>
      until(() => (matches(screen.text(), wanted) ? screen.text() : undefined), `waiting for ${String(wanted)}`, ms),
    screen: () => screen.text(),
    transcript: () => all,
    resize: (columns, lines) => terminal.resize(columns, lines),
    exit: (ms = 10_000) => until(() => ended, 'waiting for the end', ms),
    kill: (signal = 'SIGKILL') => terminal.kill(signal),
  };
}

/**
 * The library closes the terminal 200 ms after the program's end, read to the end or not, which loses output where the machine is busy:
 * now it does once half a second brought nothing more. Gives what to call for each piece of output.
 */
function keepToTheEnd(terminal: IPty): () => void {
  let pieces = 0;
  // Not on Windows, whose agent has no such limit.
  const { _socket: socket } = terminal as IPty & { readonly _socket?: ReadStream };
  if (socket !== undefined && process.platform !== 'win32') {
    const destroy = socket.destroy.bind(socket);
    socket.destroy = (error) => {
      if (error !== undefined || socket.readableEnded) return destroy(error);
      const before = pieces;
      // What has come is read between two timers, however late they are.
      setTimeout(() => (pieces === before ? destroy() : socket.destroy()), 500);
      return socket;
    };
  }
  return () => {
    pieces += 1;
  };
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted.trimEnd()) : wanted.test(text);
}
