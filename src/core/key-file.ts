import type { Context } from './context.ts';

/** The key file's text without its line end; undefined where it is missing, empty or no file. */
export function readKeyFile(fs: Context['fs'], path: string): string | undefined {
  const stat = fs.stat(path);
  if (stat?.kind !== 'file' || stat.size > 4096) return undefined;
  try {
    const text = Buffer.from(fs.readFile(path)).toString('utf8').trim();
    return text === '' ? undefined : text;
  } catch {
    // Unreadable counts as missing: the commands that need the key say so.
    return undefined;
  }
}
