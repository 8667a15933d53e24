import { readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
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
   * screen after `ms` (default 25 000) or at the end of the program.
   */
  waitFor(wanted: string | RegExp, ms?: number): Promise<string>;
  /** What the terminal shows now, scrolled-away lines included. */
  screen(): string;
  /** Every byte that came, as text: to look for what must never be printed. */
  transcript(): string;
  resize(columns: number, rows: number): void;
  /** Resolves with the exit code (128 + n where signal n ended it); rejects with the screen after `ms` (default 25 000). */
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
  const terminal = spawn(program, parameters, {
    env: { TERM: 'xterm-256color', ...env },
    cwd: cwd ?? env['HOME'] ?? '/',
    cols,
    rows,
    // Bytes: a letter may be cut between two reads.
    encoding: null,
  });
  const decoder = new StringDecoder('utf8');
  const screen = new Screen(cols, rows);
  let all = '';
  let ended: number | undefined;
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  const hear = (bytes: Buffer): void => {
    const text = decoder.write(bytes);
    all += text;
    screen.write(text);
    tell();
  };
  // Typed as text, which it is with an encoding alone.
  terminal.onData((bytes) => hear(Buffer.from(bytes)));
  hearTheRest(terminal, hear);
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
    waitFor: (wanted, ms = 25_000) =>
      until(() => (matches(screen.text(), wanted) ? screen.text() : undefined), `waiting for ${String(wanted)}`, ms),
    screen: () => screen.text(),
    transcript: () => all,
    resize: (columns, lines) => terminal.resize(columns, lines),
    exit: (ms = 25_000) => until(() => ended, 'waiting for the end', ms),
    kill: (signal = 'SIGKILL') => terminal.kill(signal),
  };
}

/**
 * The library gives up a terminal whose program has ended after one read of 4 KB, and 200 ms after the end at the latest: what is still in
 * it then, which on a busy machine is a good part, goes to `hear`. Not on Windows, which has no such terminal.
 */
function hearTheRest(terminal: IPty, hear: (bytes: Buffer) => void): void {
  const { _socket: socket, _fd: fd } = terminal as IPty & { readonly _socket?: ReadStream; readonly _fd?: number };
  if (socket === undefined || fd === undefined || process.platform === 'win32') return;
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error) => {
    if (!socket.destroyed) for (let piece = readPiece(fd); piece.length > 0; piece = readPiece(fd)) hear(piece);
    return destroy(error);
  };
}

/** What can be read without waiting; empty where there is nothing (EAGAIN) or nobody is left on the other side (EIO). */
function readPiece(fd: number): Buffer {
  const piece = Buffer.alloc(64 * 1024);
  try {
    return piece.subarray(0, readSync(fd, piece));
  } catch {
    return piece.subarray(0, 0);
  }
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted.trimEnd()) : wanted.test(text);
}
