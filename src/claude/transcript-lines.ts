import type { Context } from '../core/context.ts';
import { readAnswer, type Answer } from './transcript-answer.ts';

/** Bytes that are read at a time where there is much to read. */
const PIECE = 1 << 20;
/** Bytes of the longest line that is held in memory: images stand in them, answers of this length don't. */
const LONGEST = 1 << 25;
const NEWLINE = 10;
const [OPENING, CLOSING, RETURN] = [123, 125, 13];
/** Every answer has it, and no text can: a quote within a text has a backslash before it. */
const MARK = Buffer.from('"usage":');

/** What was found in a part of a file. */
interface LinesRead {
  /** Behind the last whole line; where to go on. */
  readonly offset: number;
  readonly broken: number;
}

/** What all files share: one piece of memory, and one copy of each name. */
export interface Scratch {
  buffer: Buffer;
  readonly share: (name: string) => string;
}

/** Memory for `readLines`: `bytes` are read at a time. */
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
 * Hands over the answers in a file from `offset` on, in their order, several lines of one answer one after the other. Lines
 * without an answer are never decoded. A last line without its newline is taken where it is whole; `isGrowing` leaves it for the next time.
 * `maxBytes` ends it after about so many, at the end of a line.
 *
 * @param fd opened for reading
 * @throws Node's ErrnoException
 */
export function* readLines(
  { fs }: Pick<Context, 'fs'>,
  fd: number,
  options: { readonly offset?: number; readonly isGrowing?: boolean; readonly maxBytes?: number; readonly scratch: Scratch },
): Generator<Answer, LinesRead, void> {
  const { scratch } = options;
  const { offset = 0, maxBytes = Infinity, isGrowing = maxBytes < Infinity } = options;
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
  if (have === 0 || isSkipping || isGrowing) return { offset: position, broken };
  const last = judgeLine(scratch, 0, have, scratch.buffer.subarray(0, have).includes(MARK));
  if (last === undefined) return { offset: position, broken: broken + 1 };
  if (last !== null) yield last;
  return { offset: position + have, broken };
}

/** As `readAnswer`; a line that is not even an object from end to end is broken. */
function judgeLine({ buffer, share }: Scratch, from: number, to: number, isMarked: boolean): Answer | null | undefined {
  const end = buffer[to - 1] === RETURN ? to - 1 : to;
  if (end <= from) return null;
  if (buffer[from] !== OPENING || buffer[end - 1] !== CLOSING) return undefined;
  return isMarked ? readAnswer(buffer.toString('utf8', from, end), share) : null;
}
