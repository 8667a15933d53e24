import { Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import { NetworkError } from '../core/network-error.ts';

/** The unpacking streams for a Content-Encoding header, outermost first. */
function createDecoders(encoding: string | undefined, host: string): Transform[] {
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  // More than two layers is nothing a real server sends, and each multiplies what a bomb can do.
  if (names.length > 2) throw new NetworkError('encoding', { host, reason: `${names.length} layers of compression` });
  return names.reverse().map((name) => {
    if (name === 'gzip' || name === 'x-gzip') return createGunzip();
    if (name === 'deflate') return createInflate();
    if (name === 'br') return createBrotliDecompress();
    throw new NetworkError('encoding', { host, reason: `content-encoding ${name}` });
  });
}

/**
 * The raw bytes unpacked, as a stream that keeps back pressure: however small
 * a bomb is packed, only a few chunks of it exist at a time.
 */
export function decodeBody(raw: Readable, encoding: string | undefined, host: string): Readable {
  let stream: Readable = raw;
  for (const decoder of createDecoders(encoding, host)) {
    const source = stream;
    source.on('error', (error) => decoder.destroy(error));
    // A decoder that ends early (an error, a cancelled reader) must end the connection too.
    decoder.on('close', () => source.destroy());
    stream = source.pipe(decoder);
  }
  return stream;
}

/** A stream that undici's callbacks fill: `resume` is called when the reader wants more. */
export class IncomingBody extends Readable {
  readonly #resume: () => void;
  readonly #stop: (error: Error | null) => void;

  constructor(resume: () => void, stop: (error: Error | null) => void) {
    super({ highWaterMark: 64 * 1024 });
    this.#resume = resume;
    this.#stop = stop;
  }

  override _read(): void {
    this.#resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#stop(error);
    callback(error);
  }
}
