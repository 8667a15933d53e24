import type { ShellId } from './types.ts';

/** A start-up file as text with the way back: `encode(text)` gives the file's bytes. */
interface Decoded {
  readonly text: string;
  readonly encode: (text: string) => Uint8Array;
}

type DecodeResult = ({ readonly ok: true } & Decoded) | { readonly ok: false; readonly reason: string; readonly hint: string };

const refuse = (reason: string, hint: string): DecodeResult => ({ ok: false, reason, hint });

/**
 * Bytes to text, one unit for one unit, so that nothing is lost in any encoding:
 * a byte becomes one character (latin1 view), except in UTF-16 with a byte order
 * mark, which only PowerShell can read. Blocks are ASCII, which every other
 * encoding of start-up files shares.
 */
export function decodeStartup(bytes: Uint8Array, shell: ShellId): DecodeResult {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = buffer[0] === 0xff && buffer[1] === 0xfe;
  const isBig = buffer[0] === 0xfe && buffer[1] === 0xff;
  if (isLittle || isBig) {
    if (shell !== 'powershell')
      return refuse(
        "is UTF-16, which this kind of shell can't run",
        'save it as UTF-8 without a byte order mark (`iconv -f UTF-16 -t UTF-8`), then run orcc again',
      );
    return decodeUtf16(buffer, isBig);
  }
  if (buffer.includes(0))
    return refuse(
      'contains NUL bytes and no byte order mark: it is not a text file',
      "find out what wrote it (PowerShell's `>>` writes UTF-16), convert it to UTF-8, then run orcc again",
    );
  return { ok: true, text: buffer.toString('latin1'), encode: (text) => Buffer.from(text, 'latin1') };
}

function decodeUtf16(buffer: Buffer, isBig: boolean): DecodeResult {
  if (buffer.length % 2 !== 0)
    return refuse('is UTF-16 with half a character at its end', 'open it in an editor and save it again, then run orcc again');
  const swap = (data: Buffer): Buffer => (isBig ? Buffer.from(data).swap16() : data);
  const text = swap(buffer.subarray(2)).toString('utf16le');
  if (text.includes('\0')) return refuse('contains NUL characters: it is not a text file', 'convert it to UTF-8, then run orcc again');
  const mark = buffer.subarray(0, 2);
  return { ok: true, text, encode: (changed) => Buffer.concat([mark, swap(Buffer.from(changed, 'utf16le'))]) };
}
