import type { Env, Output } from '../context.ts';

/**
 * Colour by the conventions: FORCE_COLOR first (0 or false is off, 1 to 3 the level), then NO_COLOR (any
 * non-empty value), then TERM=dumb and whether the stream is a terminal.
 */
export function colorLevelOf(env: Env, isTty: boolean): 0 | 1 | 2 | 3 {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) {
    if (force === '0' || force === 'false') return 0;
    return force === '2' ? 2 : force === '3' ? 3 : 1;
  }
  if ((env['NO_COLOR'] ?? '') !== '') return 0;
  if (!isTty || env['TERM'] === 'dumb') return 0;
  if (env['COLORTERM'] === 'truecolor' || env['COLORTERM'] === '24bit') return 3;
  return (env['TERM'] ?? '').includes('256') ? 2 : 1;
}

/** An Output over one of the process's streams. */
export function createOutput(stream: NodeJS.WriteStream, env: Env): Output {
  const isTty = stream.isTTY;
  return {
    write: (text) => void stream.write(text),
    isTty,
    get columns() {
      return isTty && stream.columns > 0 ? stream.columns : 80;
    },
    colorLevel: colorLevelOf(env, isTty),
  };
}

/** All of a stream as UTF-8; throws a RangeError past `maxBytes`. */
export async function readAll(stream: NodeJS.ReadStream, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    size += bytes.length;
    if (size > maxBytes) throw new RangeError(`standard input is larger than ${maxBytes} bytes`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces).toString('utf8');
}
