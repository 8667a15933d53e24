import type { Context } from '../core/context.ts';

const LARGEST = 256 * 1024;

/**
 * The lines of a text file that name one of these, comments left out, counted from 1. None where the file can't be read or has more
 * than 256 KiB.
 */
export function linesNaming(
  fs: Context['fs'],
  file: string,
  names: readonly string[],
): ReadonlyArray<{ readonly line: number; readonly text: string }> {
  const lines = readText(fs, file)?.split('\n') ?? [];
  return lines.flatMap((text, index) =>
    !/^\s*#/.test(text) && names.some((name) => text.includes(name)) ? [{ line: index + 1, text }] : [],
  );
}

function readText(fs: Context['fs'], file: string): string | undefined {
  try {
    const stat = fs.stat(file);
    return stat?.kind === 'file' && stat.size <= LARGEST ? Buffer.from(fs.readFile(file)).toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}
