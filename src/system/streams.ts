import { errnoOf, meaningOf } from '../core/errno.ts';
import { fstatSync, readSync, statSync, writeSync } from 'node:fs';
import type { Env, Output } from '../core/context.ts';
import { EXIT, OrccError } from '../core/errors.ts';
import { colorLevelOf } from '../text/color-level.ts';

/**
 * Whether a file descriptor is a terminal. Only a character device can be one, and /dev/null is none: asking that first
 * saves loading node:tty, with all of node:stream, wherever output goes to a pipe, a file or nowhere.
 */
export function isTerminal(fd: 0 | 1 | 2): boolean {
  try {
    const stat = fstatSync(fd);
    const isNowhere = process.platform !== 'win32' && stat.rdev === statSync('/dev/null').rdev;
    return stat.isCharacterDevice() && !isNowhere && process.getBuiltinModule('node:tty').isatty(fd);
  } catch {
    // A closed descriptor is no terminal.
    return false;
  }
}

/**
 * An Output over one of the process's streams. Pipes and files are written to directly; the stream itself,
 * which takes milliseconds to create, is opened only for a terminal or a pipe that is full.
 */
export function createOutput(fd: 1 | 2, env: Env): Output {
  const isTty = isTerminal(fd);
  let stream: NodeJS.WriteStream | undefined;
  const open = (): NodeJS.WriteStream => {
    if (stream !== undefined) return stream;
    stream = fd === 1 ? process.stdout : process.stderr;
    // `orcc models | head` closes the pipe early: that is no error.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && fd === 1) {
        createOutput(2, env).write(`error: ${cannotWrite(error).message}\n`);
        process.exit(EXIT.refused.code);
      }
      process.exit(process.exitCode ?? 0);
    });
    return stream;
  };
  return {
    write: (text) => {
      const rest = isTty || stream !== undefined ? Buffer.from(text) : writeDirectly(fd, Buffer.from(text));
      if (rest.length > 0) open().write(rest);
    },
    isTty,
    get columns() {
      const { columns } = isTty ? open() : { columns: 0 };
      return columns > 0 ? columns : 80;
    },
    get rows() {
      return isTty ? open().rows : undefined;
    },
    colorLevel: colorLevelOf(env, isTty),
  };
}

/** Writes what the descriptor accepts at once and returns the rest (a full pipe), which the stream then waits to write. */
function writeDirectly(fd: 1 | 2, bytes: Buffer): Buffer {
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EPIPE') process.exit(process.exitCode ?? 0);
    if (code === 'EAGAIN') return bytes.subarray(done);
    if (fd === 1) throw cannotWrite(error);
    // stderr itself fails: there is nowhere to report it.
    return Buffer.alloc(0);
  }
  return bytes.subarray(done);
}

/** The error for output that could not be written: a full disk, a device that is gone. */
function cannotWrite(error: unknown): OrccError {
  const code = errnoOf(error) ?? 'unknown';
  const reason = meaningOf(code)?.reason ?? 'the system reported an error';
  return new OrccError('refused', `The output could not be written: ${reason} (${code})`, { hint: 'Send it elsewhere', cause: error });
}

/**
 * Reads all of standard input as UTF-8; throws a RangeError past `maxBytes`. `isHandedOver` reads it synchronously, without the stream,
 * which takes a tenth of Node's start-up time to create; nothing else happens until the writer has ended, not even signal handling.
 */
export async function readInput(maxBytes: number, isHandedOver: boolean): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  const take = (bytes: Buffer): void => {
    size += bytes.length;
    if (size > maxBytes) throw new RangeError(`standard input is larger than ${maxBytes} bytes`);
    pieces.push(bytes);
  };
  if (!isHandedOver || !readDirectly(take)) {
    for await (const piece of process.stdin) take(Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece)));
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Reads to the end. Returns false if the descriptor is non-blocking and has no data yet: the stream has to read the rest. */
function readDirectly(take: (bytes: Buffer) => void): boolean {
  for (;;) {
    const piece = Buffer.allocUnsafe(65_536);
    try {
      const read = readSync(0, piece);
      if (read === 0) return true;
      take(piece.subarray(0, read));
    } catch (error) {
      const code = errnoOf(error);
      if (code === 'EAGAIN') return false;
      // This is how Windows reports the end of a pipe.
      if (code === 'EOF') return true;
      throw error;
    }
  }
}
