import type { Context } from '../core/context.ts';
import { readQuietly } from '../core/look.ts';

const LARGEST = 256 * 1024;

/**
 * Returns the lines of a text file that contain one of `names`, without comment lines; `line` counts from 1. Empty if the file can't be
 * read or is larger than 256 KiB.
 */
export function linesNaming(
  fs: Context['fs'],
  file: string,
  names: readonly string[],
): ReadonlyArray<{ readonly line: number; readonly text: string }> {
  const lines = Buffer.from(readQuietly(fs, file, LARGEST) ?? [])
    .toString('utf8')
    .split('\n');
  return lines.flatMap((text, index) =>
    !/^\s*#/.test(text) && names.some((name) => text.includes(name)) ? [{ line: index + 1, text }] : [],
  );
}
