import { sha256 } from '../core/hash.ts';
import type { Context, FileStat } from '../core/context.ts';

/** SHA-256 in hex; null for no file. */
export function sumOfBytes(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : sha256(bytes);
}

/** A file as it is right now; null bytes if nothing is there, empty ones for anything but a regular file. Does not follow links. */
export function readNow(fs: Context['fs'], real: string): { bytes: Uint8Array | null; stat: FileStat | undefined } {
  const stat = fs.lstat(real);
  if (stat === undefined) return { bytes: null, stat };
  return { bytes: stat.kind === 'file' ? fs.readFile(real) : new Uint8Array(), stat };
}
