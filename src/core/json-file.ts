import { cannotRead } from './errno.ts';
import type { Context } from './context.ts';
import { OrccError } from './errors.ts';

/** The result of parsing one of orcc's own files: the value, or where it is broken. */
type JsonRead =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly reason: string };

/** Parses strict JSON; on failure returns the line and column (from 1) of the first fault. */
export function parseJson(text: string): JsonRead {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch {
    const before = text.slice(0, faultOffset(text)).split('\n');
    return { ok: false, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, reason: 'not valid JSON' };
  }
}

/** The offset of the first fault: the end of the longest beginning that could still become JSON. V8 names it only for some faults. */
function faultOffset(text: string): number {
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (canGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** Whether a text is JSON, or is invalid only because it ends too early. */
function canGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return message.includes('end of JSON') || Number(/position (\d+)/.exec(message)?.[1]) === text.length;
  }
}

/** The text of one of orcc's own files; undefined if there is none. Throws exit 6 if it is not a file or can't be read. */
export function readOwnText(fs: Context['fs'], path: string): string | undefined {
  const stat = fs.stat(path);
  if (stat === undefined) return undefined;
  if (stat.kind !== 'file') {
    throw new OrccError('refused', `\`${path}\` is not a file`, { hint: 'Move it away; orcc keeps its own file there' });
  }
  try {
    return Buffer.from(fs.readFile(path)).toString('utf8');
  } catch (error) {
    throw cannotRead(path, error);
  }
}
