import type { Context } from '../core/context.ts';
import { readAnswer, type Answer } from './transcript-answer.ts';

/** The number of bytes read at a time, by default. */
const PIECE = 1 << 20;
/** The longest line, in bytes, that is kept in memory: longer ones contain images, not answers. */
const LONGEST = 1 << 25;
const NEWLINE = 10;
const [OPENING, CLOSING, RETURN] = [123, 125, 13];
/** Occurs in every answer, but never inside a string, where quotes are escaped. */
const MARK = Buffer.from('"usage":');

/** The result of reading a part of a file. */
interface LinesRead {
  /** The offset after the last whole line, where reading can continue. */
  readonly offset: number;
  readonly broken: number;
}

/** Shared between all files: the read buffer, and one copy of each name. */
export interface Scratch {
  buffer: Buffer;
  readonly share: (name: string) => string;
}

/** Creates the buffer for `readLines`, which reads `bytes` at a time. */
export function makeScratch(bytes = PIECE): Scratch {
  const names = new Map<string, string>();
  return {
    buffer: Buffer.allocUnsafe(bytes),
    share: (name) => {
      const known = names.get(name);
      if (known === undefined) names.set(name, name);
      return known ?? name;
    },
  };
}

/**
 * Yields the answers in a file from `offset` on, in order; an answer that has several lines is yielded once for each. Lines without an
 * answer are never decoded. `maxBytes` stops after about that many bytes, at the end of a line. A last line without a newline is read
 * too if it is complete, unless `maxBytes` is given, which leaves it for the next time.
 *
 * @param fd opened for reading
 * @throws Node's ErrnoException
 */
export function* readLines(
  { fs }: Pick<Context, 'fs'>,
  fd: number,
  options: { readonly offset?: number; readonly maxBytes?: number; readonly scratch: Scratch },
): Generator<Answer, LinesRead, void> {
  const { scratch, offset = 0, maxBytes = Infinity } = options;
  let position = offset;
  let have = 0;
  let broken = 0;
  let isSkipping = false;
  for (;;) {
    const read = fs.read(fd, scratch.buffer.subarray(have), position + have);
    const end = have + read;
    let at = 0;
    let mark = -2;
    for (;;) {
      const newline = scratch.buffer.indexOf(NEWLINE, at);
      if (newline < 0 || newline >= end) break;
      if (isSkipping) isSkipping = false;
      else if (newline > at) {
        if (mark !== -1 && mark < at) mark = scratch.buffer.indexOf(MARK, at);
        const answer = judgeLine(scratch, at, newline, mark >= 0 && mark < newline);
        if (answer === undefined) broken += 1;
        else if (answer !== null) yield answer;
      }
      at = newline + 1;
    }
    position += at;
    have = end - at;
    if (read === 0 || position - offset >= maxBytes) break;
    if (isSkipping || have >= LONGEST) {
      broken += isSkipping ? 0 : 1;
      isSkipping = true;
      position += have;
      have = 0;
    } else if (at > 0) scratch.buffer.copyWithin(0, at, end);
    if (have === scratch.buffer.length) scratch.buffer = Buffer.concat([scratch.buffer, Buffer.allocUnsafe(have)]);
  }
  if (have === 0 || isSkipping || maxBytes < Infinity) return { offset: position, broken };
  const last = judgeLine(scratch, 0, have, scratch.buffer.subarray(0, have).includes(MARK));
  if (last === undefined) return { offset: position, broken: broken + 1 };
  if (last !== null) yield last;
  return { offset: position + have, broken };
}

/** `readAnswer` for the bytes of a line; one that does not start with `{` and end with `}` is broken. */
function judgeLine({ buffer, share }: Scratch, from: number, to: number, isMarked: boolean): Answer | null | undefined {
  const end = buffer[to - 1] === RETURN ? to - 1 : to;
  if (end <= from) return null;
  if (buffer[from] !== OPENING || buffer[end - 1] !== CLOSING) return undefined;
  return isMarked ? readAnswer(buffer.toString('utf8', from, end), share) : null;
}
